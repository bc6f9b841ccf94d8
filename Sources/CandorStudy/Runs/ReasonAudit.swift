import CandorData
public import CandorExplanation
import CandorScoring

/// The reasons of many refusals, looked at as a population.
public struct ReasonAudit: Sendable {
  /// How many refusals were explained.
  public let refusals: Int
  /// How many of them turned out bad.
  public let bads: Int
  /// How many could be given no reason and go to a person.
  public let referred: Int
  /// How often each player was a printed reason, most frequent first.
  public let frequencies: [(subject: String, count: Int)]
  /// Players of the model without an entry in the catalogue.
  public let unmapped: [String]
  /// The share of refusals that turn when the printed factors move to the reference.
  public let flipRate: Double?
  /// The share of refusals with a tie at the last printed place.
  public let tieRate: Double?
  /// The mean number of reasons.
  public let meanCount: Double?
  /// How many explanations have no fidelity warning.
  public let withinLimits: Int
  /// The largest standard error as a share of the total attribution; nil for exact methods.
  public let largestRelativeError: Double?
  /// The Shapley method.
  public let method: ExplanationMethod?

  /// At most so many refusals are explained, spread evenly over the refused test rows.
  static let mostRefusals = 30

  static func run(
    _ test: TestEvaluation, model: RiskModel, study: Study, data: StudyData, options: RunOptions
  ) throws -> ReasonAudit {
    let refused = test.scored.indices.filter { test.scored[$0].decision == .refuse }
    let count = min(refused.count, mostRefusals)
    let chosen = (0..<count).map { data.split.test[refused[$0 * refused.count / count]] }
    let explainer = try ApplicantExplainer(
      model, permutations: study.explain.permutations,
      reasonsAtMost: study.decisionReasons.atMost, threads: options.threads)
    let explanations = try explainer.explain(
      data.table.selecting(rows: chosen), withEvidence: false)
    let given = explanations.compactMap { $0.reasons?.reasons }
    var counts: [String: Int] = [:]
    for reasons in given {
      for reason in reasons.reasons { counts[reason.subject, default: 0] += 1 }
    }
    let players = explainer.players.names
    let verified = explanations.compactMap(\.sufficiency)
    func share(_ part: Int) -> Double? {
      given.isEmpty ? nil : Double(part) / Double(given.count)
    }
    return ReasonAudit(
      refusals: explanations.count, bads: chosen.count { data.labels[$0] == 1 },
      referred: explanations.count - given.count,
      frequencies: players.map { ($0, counts[$0] ?? 0) }
        .enumerated().sorted { ($1.element.1, $0.offset) < ($0.element.1, $1.offset) }
        .map { (subject: $0.element.0, count: $0.element.1) },
      unmapped: players.filter { model.catalogue.entry(for: $0) == nil },
      flipRate: ReasonVerification.flipRate(verified),
      tieRate: share(given.count(where: \.tieStraddlesLimit)),
      meanCount: given.isEmpty
        ? nil : Double(given.reduce(0) { $0 + $1.reasons.count }) / Double(given.count),
      withinLimits: explanations.count { $0.shapley.fidelity.warnings.isEmpty },
      largestRelativeError: FidelityNumbers.largestRelativeError(explanations.map(\.shapley)),
      method: explanations.first?.shapley.method)
  }
}
