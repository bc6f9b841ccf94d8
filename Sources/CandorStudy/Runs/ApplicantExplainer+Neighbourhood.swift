import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring

/// What surrounds a decision: changes that would turn it, applicants who are alike, and a rule that is
/// enough for it. All of it comes from the sample of training rows in the bundle.
extension ApplicantExplainer {
  /// How many ways to change are shown.
  private static let ways = 3
  /// How many comparable applicants are shown.
  private static let neighbours = 3

  /// What may change is as the study said; distances and prices come from the sample of training rows
  /// in the bundle. Nil where the bundle carries none.
  func recourseFinder() throws -> RecourseFinder? {
    guard let rows = model.reference(named: ReferenceSelection.training) else { return nil }
    return try RecourseFinder(
      model: RecourseModel(model),
      rules: (model.card.changeRules ?? ChangeRules()).restricted(to: model.features),
      schema: model.schema, training: rows.table, options: RecourseOptions(count: Self.ways),
      seeds: SeedTree(seed: model.card.seed), threads: threads)
  }

  func comparables(
    _ table: Table, rows: EncodedRows
  ) throws -> [ComparableApplicants]? {
    guard let sample = model.reference(named: ReferenceSelection.training), let training else {
      return nil
    }
    let map = model.encoder.featureMap
    let search = try MethodSelection.comparableSearch(
      for: score, sample: training, source: SourceValues(table: sample.table, featureMap: map),
      threads: threads)
    return try search.nearest(
      Self.neighbours, to: rows,
      applicants: SourceValues(table: table.selecting(columns: model.features), featureMap: map),
      wanted: .approved(below: logit(model.cutOff)), threads: threads)
  }

  /// The search's effort for one applicant: some ten thousand rows scored, counted rather than timed, so
  /// that the answer is the same on every machine.
  private static let ruleOptions = AnchorOptions(
    beam: 2, mostConditions: 4, batch: 50, mostRows: 10_000)

  /// A rule that is enough for the decision on one applicant; nil where the bundle carries no sample.
  func rule(for applicant: Table, encoded: [Double]) throws -> Anchor? {
    guard let training, let sample = model.reference(named: ReferenceSelection.training) else {
      return nil
    }
    return try Anchor.find(
      for: encoded, applicantSource: sourceValues(of: applicant), model: score,
      cutOff: logit(model.cutOff), background: training,
      backgroundSource: sourceValues(of: sample.table), options: Self.ruleOptions,
      seeds: SeedTree(seed: model.card.seed).child("rule"), threads: threads)
  }
}
