import CandorData
import CandorDocument
public import CandorExplanation
public import CandorScoring

/// The reasons of many refusals, looked at as a population.
public struct ReasonAudit: Sendable {
  /// One list of reasons.
  public struct List: Sendable {
    /// The applicant's row in the table, from zero.
    public let row: Int
    /// The reasons, with all contributions that they were chosen from.
    public let reasons: PrincipalReasons
    /// What a person should know of the list before a notice is sent.
    public let review: [ReasonReview]
    /// Whether nobody needs to look at it first.
    public var isSettled: Bool { !review.contains(where: \.holdsNotice) }
    /// What each printed factor does alone, moved to the reference.
    public let directions: [ReasonDirection]
    /// Whether the applicant lies outside what the model was trained on.
    public let isOutsideDomain: Bool
    /// The strong proxies among the printed factors.
    public let proxies: [ProxyMark]
  }

  /// How many test rows the champion refuses.
  public let refused: Int
  /// How many of them were explained.
  public let refusals: Int
  /// The lists of those that could be given reasons.
  public let lists: [List]
  /// How many of the applicants with a list turned out bad.
  public let bads: Int
  /// How often each player was a printed reason, most frequent first.
  public let frequencies: [(subject: String, count: Int)]
  /// Players of the model, in its order.
  public let players: [String]
  /// Players that have no wording in some language of the report.
  public let unmapped: [String]
  /// The share of lists whose refusal turns when the printed factors move to the reference.
  public let flipRate: Double?
  /// The share of lists with a tie at the last printed place.
  public let tieRate: Double?
  /// The mean number of reasons in a list.
  public let meanCount: Double?
  /// How many of the explanations have no fidelity warning.
  public let withinLimits: Int
  /// The largest standard error as a share of the total attribution; nil for exact methods.
  public let largestRelativeError: Double?
  /// The Shapley method.
  public let method: ExplanationMethod?
  /// What was measured of the lists beyond their own evidence.
  public let proof: ReasonProof

  /// How many refusals could be given reasons.
  public var withReasons: Int { lists.count }
  /// How many refusals could be given no reason and go to a person.
  public var referred: Int { refusals - lists.count }
  /// How many lists are not settled, so that a person looks at them first.
  public var unsettled: Int { lists.count { !$0.isSettled } }

  /// All refusals are explained, or so many as take this many evaluations of the model, spread evenly
  /// over the refused test rows: sampling costs thousands of evaluations each.
  private static let mostEvaluations = 1_000_000
  private static let fewestRefusals = 5
  /// Refusals that are explained together.
  private static let batch = 2048

  static func run(
    _ test: TestEvaluation, family: FamilyRun, model: RiskModel, study: Study, data: StudyData,
    options: RunOptions
  ) throws -> ReasonAudit {
    let refused = test.scored.indices.filter { test.scored[$0].decision == .refuse }
    // The audit looks at many refusals once; the decisions that are shown are sampled further.
    let explainer = try ApplicantExplainer(model, settles: false, threads: options.threads)
    let affordable =
      explainer.isCheap
      ? refused.count : max(mostEvaluations / explainer.evaluationsOfOne, fewestRefusals)
    let count = min(refused.count, affordable)
    let chosen = (0..<count).map { data.split.test[refused[$0 * refused.count / count]] }
    var explanations: [ApplicantExplanation] = []
    for start in stride(from: 0, to: count, by: batch) {
      let rows = Array(chosen[start..<min(start + batch, count)])
      explanations += try explainer.explain(data.table.selecting(rows: rows), withEvidence: false)
      options.report("auditing reasons", Double(start + rows.count) / Double(count))
    }
    var lists: [List] = []
    var bads = 0
    for (row, explanation) in zip(chosen, explanations) {
      guard case .reasons(let reasons, let review)? = explanation.reasons else { continue }
      lists.append(
        List(
          row: row, reasons: reasons, review: review, directions: explanation.directions,
          isOutsideDomain: !explanation.notices.isEmpty, proxies: explanation.proxies))
      if data.labels[row] == 1 { bads += 1 }
    }
    var counts: [String: Int] = [:]
    for list in lists {
      for reason in list.reasons.reasons { counts[reason.subject, default: 0] += 1 }
    }
    let players = explainer.players.names
    let languages = languageTags(of: study)
    func share(_ part: Int) -> Double? {
      lists.isEmpty ? nil : Double(part) / Double(lists.count)
    }
    return ReasonAudit(
      refused: refused.count, refusals: explanations.count, lists: lists, bads: bads,
      frequencies: players.map { ($0, counts[$0] ?? 0) }
        .enumerated().sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }
        .map { (subject: $0.element.0, count: $0.element.1) },
      players: players,
      unmapped: players.filter { player in
        let wording = model.catalogue.entry(for: player)?.wording ?? [:]
        return !languages.allSatisfy { wording[$0]?.isEmpty == false }
      },
      flipRate: ReasonVerification.flipRate(explanations.compactMap(\.sufficiency)),
      tieRate: share(lists.count { $0.reasons.tieStraddlesLimit }),
      meanCount: lists.isEmpty
        ? nil : Double(lists.reduce(0) { $0 + $1.reasons.reasons.count }) / Double(lists.count),
      withinLimits: explanations.count { $0.shapley.fidelity.warnings.isEmpty },
      largestRelativeError: FidelityNumbers.largestRelativeError(explanations.map(\.shapley)),
      method: explanations.first?.shapley.method,
      proof: try ReasonProof.run(
        lists, explainer: explainer, family: family, study: study, data: data))
  }

  /// The tags of the report's languages, as the catalogue's wordings go by.
  static func languageTags(of study: Study) -> [String] {
    study.languages.compactMap { Language(code: $0)?.rawValue }
  }
}
