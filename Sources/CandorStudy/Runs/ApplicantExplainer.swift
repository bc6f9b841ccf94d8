public import CandorData
import CandorExplanation
import CandorNumerics
public import CandorScoring

/// Explains single decisions of a saved model, from the model and the applicants alone.
public struct ApplicantExplainer: Sendable {
  /// The model whose decisions are explained.
  public let model: RiskModel
  /// The score function: log-odds of the PD.
  let score: ExplainedModel
  /// Who shares a score: groups, and the features in none.
  let players: Players
  /// The rows that reasons compare with, encoded.
  let reference: Background
  /// A sample of training rows, encoded.
  let training: Background?
  /// How sampled values are drawn.
  let options: SampledShapleyOptions
  let reasonsAtMost: Int
  let threads: Int

  /// Makes an explainer of a model.
  ///
  /// - Parameters:
  ///   - model: The model; it must carry the reference rows of its reasons.
  ///   - permutations: So many pairs of random orders for sampled Shapley values to begin with; what
  ///     the study said unless given.
  ///   - reasonsAtMost: At most so many reasons; what the study said unless given.
  ///   - settles: Whether reasons that are not settled are sampled further.
  ///   - threads: At most so many threads; results do not depend on it.
  /// - Throws: `StudyError` where the bundle was written without its reference rows, or the errors
  ///   of encoding and explaining.
  public init(
    _ model: RiskModel, permutations: Int? = nil, reasonsAtMost: Int? = nil, settles: Bool = true,
    threads: Int = 1
  ) throws {
    self.model = model
    guard let rows = model.reference(named: ReferenceSelection.nearCutOffApproved) else {
      throw StudyError(
        .notPossible,
        "The bundle was written without its reference rows, so that its decisions cannot be "
          + "explained; train it again without `--without-reference`.")
    }
    reference = try Background(
      name: rows.name, rows: model.encoder.encode(rows.table), hash: rows.hash)
    training = try model.reference(named: ReferenceSelection.training).map { rows in
      try Background(name: rows.name, rows: model.encoder.encode(rows.table), hash: rows.hash)
    }
    score = try ExplainedModel(
      scorer: model.scorer, calibrator: model.calibrator, featureMap: model.encoder.featureMap,
      scale: .logOdds, pointsScale: model.pointsScale)
    let groups = model.catalogue.declaredGroups(for: model.features)
    players = try Players(
      featureMap: model.encoder.featureMap,
      groups: groups.map { PlayerGroup(name: $0.name, members: $0.members) })
    let permutations = permutations ?? model.card.permutations
    options = SampledShapleyOptions(
      pairs: permutations, mostPairs: settles ? max(Self.mostPairs, 4 * permutations) : permutations
    )
    self.reasonsAtMost = min(reasonsAtMost ?? model.card.reasonsAtMost, 4)
    self.threads = threads
  }

  /// Reasons that are not settled are sampled further, up to so many pairs of orders at least.
  private static let mostPairs = 2_000

  /// About how many times the model is evaluated to explain one applicant once.
  var evaluationsOfOne: Int {
    switch MethodSelection.shapleyMethod(for: score, players: players, background: reference) {
    case .linearShapley, .treeShapley: reference.count
    case .enumeratedShapley: EnumeratedShapley.cost(players: players, background: reference)
    default: 2 * players.count * max(options.pairs, 2 * reference.count)
    }
  }

  /// An encoded applicant as a case for reasons by the catalogue and the cut-off of the model.
  func reasonCase(_ applicant: [Double]) -> ReasonCase {
    ReasonCase(
      model: score, applicant: applicant, players: players, reference: reference,
      subjects: ReasonOutcome.subjects(of: players, model: model),
      refusedFrom: logit(model.cutOff), options: PrincipalReasonOptions(atMost: reasonsAtMost))
  }

  /// What reasons are compared with, in words and numbers.
  public var referenceDescription: String {
    model.reference(named: ReferenceSelection.nearCutOffApproved)?.description ?? ""
  }

  /// Explains applicants one by one. The sampling methods derive each applicant's seed from the
  /// encoded row, so that an applicant has one answer wherever it stands in a file.
  ///
  /// - Parameters:
  ///   - table: Rows with the model's feature columns.
  ///   - withEvidence: Whether a local surrogate and, where the model has gradients, integrated
  ///     gradients stand beside the Shapley values.
  /// - Returns: One explanation a row.
  /// - Throws: The errors of encoding, scoring and explaining.
  public func explain(
    _ table: Table, withEvidence: Bool = true
  ) throws -> [ApplicantExplanation] {
    let rows = try model.encoder.encode(table)
    let scored = try model.scorer.margins(of: rows).map(model.scored)
    let seeds = SeedTree(seed: model.card.seed).child("explain")
    // Exact values of all applicants cost one preparation; sampled ones are drawn until settled.
    let isExact = MethodSelection.shapleyMethod(
      for: score, players: players, background: reference
    ).isExact
    var shapley =
      isExact
      ? try MethodSelection.shapley(
        for: score, rows: rows, players: players, background: reference,
        seeds: seeds.child("shapley"), threads: threads) : []
    var outcomes = try shapley.enumerated().map { row, explanation in
      scored[row].decision == .refuse
        ? try ReasonOutcome.derive(
          from: explanation, model: model, players: players, atMost: reasonsAtMost,
          seeds: seeds.child("shapley")) : nil
    }
    for row in shapley.count..<table.rowCount {
      let applicant = Array(rows.matrix.row(row))
      if scored[row].decision == .refuse {
        let found = try ReasonOutcome.derive(
          for: score, applicant: applicant, model: model, players: players, reference: reference,
          atMost: reasonsAtMost, sampling: options, seeds: seeds.child("shapley"),
          threads: threads)
        shapley.append(found.explanation)
        outcomes.append(found.outcome)
      } else {
        shapley += try MethodSelection.shapley(
          for: score, rows: EncodedRows(rows.matrix.selecting(rows: [row])), players: players,
          background: reference, options: options, seeds: seeds.child("shapley").child(1),
          threads: threads)
        outcomes.append(nil)
      }
    }
    var surrogates: [Explanation?] = Array(repeating: nil, count: table.rowCount)
    var gradients = surrogates
    if withEvidence, let training {
      surrogates = try LocalSurrogate.explain(
        rows, of: score.scorer, quantity: score.quantity, players: players, background: training,
        seeds: seeds.child("surrogate"), threads: threads)
      if MethodSelection.available(for: score).contains(.integratedGradients) {
        gradients = try MethodSelection.integratedGradients(
          for: score, rows: rows, players: players, background: reference,
          baseline: GradientBaseline(meanOf: reference), threads: threads)
      }
    }
    let finder = withEvidence ? try recourseFinder() : nil
    let comparables = withEvidence ? try self.comparables(table, rows: rows) : nil
    var results: [ApplicantExplanation] = []
    for row in 0..<table.rowCount {
      let single = table.selecting(rows: [row])
      let applicant = Array(rows.matrix.row(row))
      let notices = model.encoder.notices(for: single)
      let subjects = outcomes[row]?.reasons?.reasons.map(\.subject)
      let directions = try subjects.map {
        try ReasonDirection.verify(
          $0, applicant: applicant, model: score, players: players, reference: reference)
      }
      let reasons = outcomes[row]?.reviewed(
        directions: directions ?? [],
        contradictsWording: subjects.map { wordingContradicts(single, subjects: $0) } ?? false,
        notices: notices)
      results.append(
        ApplicantExplanation(
          scored: scored[row], cutOff: model.cutOff,
          values: players.members.map { members in
            members.map { ApplicantValue(feature: $0, text: single.column($0)?.text(0)) }
          },
          shapley: shapley[row], reasons: reasons, surrogate: surrogates[row],
          integratedGradients: gradients[row],
          sufficiency: try subjects.map {
            try ReasonVerification.verify(
              reasons: $0, applicant: applicant, model: score, players: players,
              reference: reference, refusedFrom: logit(model.cutOff))
          },
          directions: directions ?? [],
          deletion: withEvidence
            ? try Deletion.test(
              shapley[row], applicant: applicant, model: score, players: players,
              background: reference) : nil,
          recourse: scored[row].decision == .refuse
            ? try finder?.recourse(for: table, row: row) : nil,
          comparable: comparables?[row], notices: notices))
    }
    return results
  }

  /// Whether the wording of one of these features says that its number is high or low where the
  /// applicant's lies on the other side of the reference's mean. A group's wording is of no one number.
  private func wordingContradicts(_ applicant: Table, subjects: [String]) -> Bool {
    let reference = model.reference(named: ReferenceSelection.nearCutOffApproved)?.table
    return subjects.contains { subject in
      guard let value = applicant.column(subject)?.numbers?.first, !value.isNaN,
        let known = reference?.column(subject)?.numbers?.filter({ !$0.isNaN }), !known.isEmpty
      else { return false }
      let mean = Moments.mean(known)
      let wording = model.catalogue.entry(for: subject)?.wording ?? [:]
      return wording.contains { language, text in
        switch DirectionWord(in: text, language: language) {
        case .high: value < mean
        case .low: value > mean
        case nil: false
        }
      }
    }
  }

  /// How many ways to change are shown.
  private static let ways = 3
  /// How many comparable applicants are shown.
  private static let neighbours = 3

  /// What may change is as the study said; distances and prices come from the sample of training rows
  /// in the bundle. Nil where the bundle carries none.
  private func recourseFinder() throws -> RecourseFinder? {
    guard let rows = model.reference(named: ReferenceSelection.training) else { return nil }
    return try RecourseFinder(
      model: RecourseModel(model),
      rules: (model.card.changeRules ?? ChangeRules()).restricted(to: model.features),
      schema: model.schema, training: rows.table, options: RecourseOptions(count: Self.ways),
      seeds: SeedTree(seed: model.card.seed), threads: threads)
  }

  private func comparables(
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
}
