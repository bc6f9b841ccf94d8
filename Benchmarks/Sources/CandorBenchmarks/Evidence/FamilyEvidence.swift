import Candor
import CandorStudy
import Foundation

/// What stands behind the explanations of one family on the refused applicants of a study's test part.
struct FamilyEvidence {
  private let model: RiskModel
  private let threads: Int
  private let seeds: SeedTree
  private let testCount: Int
  /// The refused test applicants, with the model's columns.
  private let refused: CandorData.Table
  private let rows: EncodedRows
  private let score: ExplainedModel
  private let reference: Background
  private let rules: RecourseFinder
  /// Applicants on whom costly methods are compared: at most so many, spread evenly.
  private static let compared = 100
  private let comparedRows: [Int]

  init(
    _ model: RiskModel, study: Study, data: StudyData, threads: Int, most: Int?
  ) throws {
    self.model = model
    self.threads = threads
    seeds = SeedTree(seed: study.seed).child("evidence")
    let test = data.table.selecting(columns: model.features).selecting(rows: data.split.test)
    testCount = test.rowCount
    let scored = try model.score(test)
    let positions = scored.indices.filter { scored[$0].decision == .refuse }
    refused = test.selecting(rows: Array(positions.prefix(most ?? positions.count)))
    rows = try model.encoder.encode(refused)
    score = try ExplainedModel(
      scorer: model.scorer, calibrator: model.calibrator, featureMap: model.encoder.featureMap)
    guard let near = model.reference(named: "near-cutoff-approved") else {
      throw WorkDirectory.Mismatch(description: "The model carries no reference rows.")
    }
    reference = try Background(
      name: near.name, rows: model.encoder.encode(near.table), hash: near.hash)
    rules = try RecourseFinder(
      model: RecourseModel(model),
      rules: (model.card.changeRules ?? ChangeRules()).restricted(to: model.features),
      schema: model.schema,
      training: data.table.selecting(columns: model.features).selecting(rows: data.split.train),
      options: RecourseOptions(count: 1), seeds: seeds)
    let count = min(refused.rowCount, Self.compared)
    let all = refused.rowCount
    comparedRows = (0..<count).map { $0 * all / count }
  }

  // MARK: - Residuals

  /// The additivity residual of all refused applicants by the study's groups, as a share of the larger
  /// of 1 and the value explained, and the completeness residual of a net's integrated gradients in
  /// log-odds.
  func residuals(_ title: String) throws -> [String] {
    let explainer = try ApplicantExplainer(model, threads: threads)
    let found = try explainer.contributions(of: refused, by: .shapley, against: .approved)
    let missing = found.map { explanation -> Double in
      let sum = explanation.attributions.reduce(explanation.baseValue) { $0 + $1.value }
      return abs(explanation.explainedValue - sum) / max(1, abs(explanation.explainedValue))
    }
    var complete = "–"
    if model.scorer is any LayeredScorer {
      let gradients = try explainer.contributions(
        of: refused, by: .integratedGradients, against: .approved)
      complete = Self.extremes(
        gradients.map { explanation in
          guard case .completeness(let residual, _, _) = explanation.fidelity.evidence else {
            return .infinity
          }
          return abs(residual)
        })
    }
    return [
      title, found.first.map { Self.name($0.method) } ?? "–", String(found.count),
      Self.extremes(missing), complete,
    ]
  }

  private static func name(_ method: ExplanationMethod) -> String {
    switch method {
    case .linearShapley: "`LinearShapley`"
    case .treeShapley: "`InterventionalTreeShapley`"
    case .enumeratedShapley: "`EnumeratedShapley`"
    case .sampledShapley: "`SampledShapley`"
    default: method.rawValue
    }
  }

  private static func extremes(_ values: [Double]) -> String {
    guard let largest = values.max() else { return "–" }
    return String(format: "%.0e (%.0e)", largest, quantile(values, 0.99))
  }

  // MARK: - Agreement

  /// Other methods beside the Shapley values, on features without groups.
  func agreements(_ title: String) throws -> [[String]] {
    guard !comparedRows.isEmpty else { return [] }
    let players = try Players(featureMap: model.encoder.featureMap)
    let chosen = rows.selecting(rows: comparedRows)
    let shapley = try MethodSelection.shapley(
      for: score, rows: chosen, players: players, background: reference, seeds: seeds,
      threads: threads)
    var cells: [[String]] = []
    func add(_ name: String, _ found: [Explanation]) throws {
      let pairs = try zip(shapley, found).map { try MethodAgreement.between($0, $1, top: 5) }
      cells.append([
        title, name, String(pairs.count),
        Self.interval(pairs.map { 100 * $0.topOverlap }, 0),
        Self.interval(pairs.compactMap(\.rankCorrelation), 2),
        Self.interval(pairs.compactMap { $0.signAgreement.map { 100 * $0 } }, 0),
      ])
    }
    if !MethodSelection.shapleyMethod(for: score, players: players, background: reference).isExact {
      try add(
        "`SampledShapley`, another seed",
        try MethodSelection.sampledShapley(
          for: score, rows: chosen, players: players, background: reference,
          seeds: seeds.child("again"), threads: threads))
    } else {
      try add(
        "`SampledShapley`",
        try MethodSelection.sampledShapley(
          for: score, rows: chosen, players: players, background: reference, seeds: seeds,
          threads: threads))
    }
    if model.scorer is any TreeEnsembleScorer {
      try add(
        "`PathDependentTreeShapley`",
        try MethodSelection.pathDependentShapley(
          for: score, rows: chosen, players: players, threads: threads))
    }
    if model.scorer is any LinearScorer {
      try add(
        "`ConditionalLinearShapley`",
        try MethodSelection.conditionalShapley(
          for: score, players: players, background: reference, seeds: seeds, threads: threads
        ).explain(chosen))
    }
    if model.scorer is any LayeredScorer {
      try add(
        "`IntegratedGradients`",
        try MethodSelection.integratedGradients(
          for: score, rows: chosen, players: players, background: reference,
          baseline: GradientBaseline(meanOf: reference), threads: threads))
      try add(
        "`ExpectedGradients`",
        try MethodSelection.expectedGradients(
          for: score, rows: chosen, players: players, background: reference, seeds: seeds,
          threads: threads))
    }
    try add(
      "`LocalSurrogate`",
      try LocalSurrogate.explain(
        chosen, of: score.scorer, quantity: score.quantity, players: players,
        background: reference, seeds: seeds, threads: threads))
    return cells
  }

  /// The mean with its 95% interval over applicants.
  private static func interval(_ values: [Double], _ decimals: Int) -> String {
    guard values.count > 1 else { return "–" }
    let mean = Moments.mean(values)
    let half =
      NormalQuantile.of95 * Moments.standardDeviation(values) / Double(values.count).squareRoot()
    return String(format: "%.\(decimals)f ± %.\(decimals)f", mean, half)
  }

  // MARK: - Reasons

  /// The reasons of every refused applicant, and why some were referred to a person.
  func reasons(_ title: String) throws -> (cells: [String], referrals: [String]) {
    let found = try ApplicantExplainer(model, threads: threads)
      .explain(refused, withEvidence: false)
    let listed = found.filter { $0.reasons?.reasons != nil }
    let settled = listed.count { $0.reasons?.isSettled == true }
    let sufficient = found.compactMap(\.sufficiency)
    var causes: [String: Int] = [:]
    for explanation in found {
      if let cause = explanation.reasons?.referral {
        causes[Self.withoutNumbers(cause), default: 0] += 1
      }
    }
    var reviews: [String: Int] = [:]
    for explanation in found {
      for review in explanation.reasons?.review ?? [] { reviews["\(review)", default: 0] += 1 }
    }
    let reviewed = reviews.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    let cells = [
      title, "\(found.count) of \(testCount)", String(listed.count),
      reviewed.isEmpty ? String(settled) : "\(settled) (\(reviewed))",
      String(found.count - listed.count),
      sufficient.isEmpty
        ? "–"
        : String(
          format: "%.0f", 100 * Double(sufficient.count { $0.flips }) / Double(sufficient.count)),
    ]
    return (
      cells,
      causes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { "- \(title), \($0.value) referred: \($0.key)" }
    )
  }

  /// Sentences that differ in a number alone are one cause.
  private static func withoutNumbers(_ sentence: String) -> String {
    sentence.split(separator: " ").map { word in
      word.contains { $0.isNumber } ? "…" : String(word)
    }.joined(separator: " ")
  }

  // MARK: - Recourse

  /// What every refused applicant could change; each proposal is put into the applicant's own cells,
  /// encoded and scored from the beginning.
  func recourse(_ title: String) throws -> [String] {
    let answers = try Parallel.map(count: refused.rowCount, threads: threads) {
      try rules.recourse(for: refused, row: $0)
    }
    var proposals = 0
    var approved = 0
    for (row, answer) in answers.enumerated() {
      for counterfactual in answer.counterfactuals {
        proposals += 1
        let changed = try Self.applying(
          counterfactual.changes, to: refused.selecting(rows: [row]))
        if try model.score(changed).first?.decision == .approve { approved += 1 }
      }
    }
    func count(_ verdict: Recourse.Verdict) -> String {
      String(answers.count { $0.verdict == verdict })
    }
    return [
      title, String(answers.count), count(.found), count(.provenImpossible),
      count(.notFoundInTime), String(proposals), String(approved),
    ]
  }

  private static func applying(
    _ changes: [RecourseChange], to applicant: CandorData.Table
  ) throws -> CandorData.Table {
    try CandorData.Table(
      columns: applicant.columns.map { column in
        guard let change = changes.first(where: { $0.feature == column.name }) else {
          return column
        }
        return switch change.to {
        case .number(let number):
          Column(name: column.name, numbers: [number], type: column.type)
        case .level(let level): Column(name: column.name, texts: [level], type: column.type)
        case .missing:
          column.numbers == nil
            ? Column(name: column.name, texts: [nil], type: column.type)
            : Column(name: column.name, numbers: [.nan], type: column.type)
        }
      })
  }
}
