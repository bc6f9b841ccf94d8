import CandorData
public import CandorExplanation
import CandorNumerics
import CandorScoring

/// What was measured of printed reasons beyond each list's own evidence: how they are spread over the
/// applicants, whether the second accepted method agrees, and what chance could have changed.
public struct ReasonProof: Sendable {
  /// The lists as a population.
  public let population: ReasonPopulation
  /// The same by the groups of each protected column, in the columns' order.
  public let byGroup: [(column: String, population: ReasonPopulation)]
  /// Each examined list against the one that compares with all applicants, where that gives one.
  public let agreements: [ReasonAgreement]
  /// Each examined list under resampled references.
  public let references: [ReasonStability]
  /// Each examined list under the models of the folds.
  public let refits: [ReasonStability]
  /// Whether the first list, derived anew from the applicant alone, is the same; nil without lists.
  public let isRepeatable: Bool?

  /// How many lists are derived anew with other references and models; spread evenly over the lists.
  static let mostExamined = 12
  /// How often a reference is resampled.
  static let resamples = 25

  static func run(
    _ lists: [ReasonAudit.List], explainer: ApplicantExplainer, family: FamilyRun, study: Study,
    data: StudyData
  ) throws -> ReasonProof {
    let printed = lists.map { $0.reasons.reasons.map(\.subject) }
    let subjects = explainer.players.names
    let byGroup = try data.protected.map { column in
      let groups = try FairnessMeasurement.groups(
        by: column, rows: lists.map(\.row), study: study, data: data)
      return (
        column: column,
        population: ReasonPopulation(printed: printed, subjects: subjects, groups: groups)
      )
    }
    let count = min(lists.count, mostExamined)
    let examined = (0..<count).map { lists[$0 * lists.count / count] }
    let cases = try ReasonCases(examined.map(\.row), explainer: explainer, data: data)
    let seeds = SeedTree(seed: study.seed).child("reason proof")
    var agreements: [ReasonAgreement] = []
    var references: [ReasonStability] = []
    var refits: [ReasonStability] = []
    let folds = try family.foldModels.map { fold in
      let refits = try cases.refitted(fold)
      return zip(refits, try cases.explanations(of: refits, seeds: seeds)).map { ($0, $1) }
    }
    var others: [(ReasonCase, Explanation)]?
    if let training = explainer.training {
      let compared = cases.own.map { one in
        var other = one
        other.reference = training
        return other
      }
      others = zip(compared, try cases.explanations(of: compared, seeds: seeds)).map { ($0, $1) }
    }
    for (position, list) in examined.enumerated() {
      let own = cases.own[position]
      if let others,
        let found = try others[position].0.reasons(by: others[position].1, seeds: seeds)
      {
        agreements.append(ReasonAgreement(list.reasons, found))
      }
      references.append(
        try ReasonStability.underResampledReference(
          list.reasons, of: own, draws: resamples, sampling: explainer.options, seeds: seeds,
          threads: explainer.threads))
      if !folds.isEmpty {
        refits.append(
          try ReasonStability.underRefits(
            list.reasons, refits: folds.map { $0[position] }, seeds: seeds))
      }
    }
    let repeated = try lists.first.map { first in
      try explainer.explain(data.table.selecting(rows: [first.row]), withEvidence: false)
        .first?.reasons?.reasons == first.reasons
    }
    return ReasonProof(
      population: ReasonPopulation(printed: printed, subjects: subjects), byGroup: byGroup,
      agreements: agreements, references: references, refits: refits, isRepeatable: repeated)
  }

  /// The mean over lists of one number a list, with the error of that mean; nil without lists.
  static func mean(_ values: [Double]) -> (mean: Double, standardError: Double)? {
    guard !values.isEmpty else { return nil }
    let mean = Moments.mean(values)
    let error =
      values.count > 1 ? (Moments.variance(values) / Double(values.count)).squareRoot() : .nan
    return (mean, error)
  }
}

/// The examined refusals as cases, under the model and under other fits of it.
private struct ReasonCases {
  let own: [ReasonCase]
  private let explainer: ApplicantExplainer
  private let applicants: Table

  init(_ rows: [Int], explainer: ApplicantExplainer, data: StudyData) throws {
    self.explainer = explainer
    applicants = data.table.selecting(rows: rows)
    let encoded = try explainer.model.encoder.encode(applicants)
    own = (0..<rows.count).map { row in
      explainer.reasonCase(Array(encoded.matrix.row(row)))
    }
  }

  /// Shapley values of applicants that share model and reference, all at once.
  func explanations(of cases: [ReasonCase], seeds: SeedTree) throws -> [Explanation] {
    guard let first = cases.first else { return [] }
    let rows = Matrix(rows: cases.count, columns: first.applicant.count) {
      cases[$0].applicant[$1]
    }
    return try MethodSelection.shapley(
      for: first.model, rows: EncodedRows(rows), players: first.players,
      background: first.reference, options: explainer.options, seeds: seeds,
      threads: explainer.threads)
  }

  /// The same applicants and reference under the model of a fold, with the calibrator and cut-off
  /// that all folds share.
  func refitted(_ fold: FamilyRun.FoldModel) throws -> [ReasonCase] {
    let model = explainer.model
    guard let reference = model.reference(named: ReferenceSelection.nearCutOffApproved) else {
      return []
    }
    let score = try ExplainedModel(
      scorer: fold.scorer, calibrator: model.calibrator, featureMap: fold.encoder.featureMap,
      scale: .logOdds, pointsScale: model.pointsScale)
    let groups = model.catalogue.declaredGroups(for: model.features)
    let players = try Players(
      featureMap: fold.encoder.featureMap,
      groups: groups.map { PlayerGroup(name: $0.name, members: $0.members) })
    let background = try Background(
      name: reference.name, rows: fold.encoder.encode(reference.table), hash: reference.hash)
    let encoded = try fold.encoder.encode(applicants)
    return own.indices.map { row in
      var one = own[row]
      one.model = score
      one.players = players
      one.reference = background
      one.applicant = Array(encoded.matrix.row(row))
      return one
    }
  }
}
