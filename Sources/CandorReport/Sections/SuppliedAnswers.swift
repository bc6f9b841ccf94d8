import CandorDocument

/// What the institution says of itself and of the model, by the names of the study's `governance`
/// block; what is absent is printed as "Not supplied".
public struct SuppliedAnswers: Sendable, Equatable, Codable {
  /// The answers by name.
  public let answers: [String: String]

  /// Joins answers to their names.
  public init(_ answers: [String: String] = [:]) { self.answers = answers }

  /// All names, each in the section that asks for it.
  public static let names: [String] = Outline.allCases.flatMap { fields[$0] ?? [] }

  private static let fields: [Outline: [String]] = [
    .cover: ["institution", "status"],
    .summary: ["decision_asked", "validator_conclusion"],
    .purpose: [
      "purpose", "decision_role", "products", "regions", "affected_persons", "users",
      "prohibited_uses", "tier", "tier_reason", "legal_basis", "high_risk_classification",
      "dpia_ref", "fria_ref", "pipia_ref",
    ],
    .governance: [
      "owner", "developer", "validator", "validator_independence", "approver", "vendors",
      "approvals",
    ],
    .data: [
      "default_definition", "observation_point", "performance_window", "exclusions",
      "reject_inference",
    ],
    .cutOff: ["policy_rules", "cost_basis"],
    .reasons: ["catalogue_approval", "notice_templates"],
    .fairness: ["protected_source", "fairness_justification"],
    .robustness: ["scenarios"],
    .reproducibility: ["production_environment"],
    .oversight: [
      "oversight_procedure", "appeal_route", "consumer_information", "override_log",
    ],
    .monitoring: [
      "monitoring_frequency", "monitoring_owner", "monitoring_escalation", "retention",
    ],
    .risks: ["risk_register"],
  ]

  /// The answer under a name, nil where there is none.
  public func answer(_ name: String) -> String? {
    guard let answer = answers[name], !answer.isEmpty else { return nil }
    return answer
  }

  /// The questions of a section with their answers; nothing for a section that asks none.
  func items(for outline: Outline) -> [ReportItem] {
    guard let names = Self.fields[outline] else { return [] }
    let fields = names.map { SuppliedField(label: .key("supplied.\($0)"), answer: answer($0)) }
    guard fields.contains(where: { $0.answer != nil }) else { return [.supplied(fields)] }
    return [.supplied(fields), .paragraph(key("supplied.verbatim"))]
  }
}
