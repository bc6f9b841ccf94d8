import CandorBundle
public import CandorData
import CandorExplanation
import CandorIntegrity
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
  /// Shapley values, with what does not depend on an applicant done once.
  let prepared: PreparedShapley
  /// A sample of training rows, encoded.
  let training: Background?
  /// Factors moved to the reference, prepared.
  private let moves: FactorMoves
  /// The mean of each number of the reference, missing cells left out.
  private let referenceMeans: [String: Double]
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
    prepared = try PreparedShapley(
      score, players: players, background: reference, threads: threads)
    moves = FactorMoves(prepared)
    var means: [String: Double] = [:]
    for column in rows.table.columns {
      guard let known = column.numbers?.filter({ !$0.isNaN }), !known.isEmpty else { continue }
      means[column.name] = Moments.mean(known)
    }
    referenceMeans = means
    let permutations = permutations ?? model.card.permutations
    options = SampledShapleyOptions(
      pairs: permutations, mostPairs: settles ? max(Self.mostPairs, 4 * permutations) : permutations
    )
    self.reasonsAtMost = min(reasonsAtMost ?? model.card.reasonsAtMost, 4)
    self.threads = threads
  }

  /// Reasons that are not settled are sampled further, up to so many pairs of orders at least.
  private static let mostPairs = 2_000

  /// Whether Shapley values come in closed form, so that all applicants can be explained.
  var isCheap: Bool { prepared.method == .linearShapley || prepared.method == .treeShapley }

  /// About how many times the model is evaluated to explain one applicant once, or what that costs.
  var evaluationsOfOne: Int {
    switch prepared.method {
    case .linearShapley, .treeShapley: reference.count
    case .enumeratedShapley:
      max(EnumeratedShapley.cost(players: players, background: reference), 1)
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
  ///   - withRule: Whether a rule that is enough for each decision is searched.
  /// - Returns: One explanation a row.
  /// - Throws: The errors of encoding, scoring and explaining.
  public func explain(
    _ table: Table, withEvidence: Bool = true, withRule: Bool = false
  ) throws -> [ApplicantExplanation] {
    let rows = try model.encoder.encode(table)
    let scored = try model.scorer.margins(of: rows).map(model.scored)
    let seeds = SeedTree(seed: model.card.seed).child("explain")
    // Exact values of all applicants come in one go; sampled ones are drawn until settled.
    var shapley =
      prepared.method.isExact
      ? try prepared.explain(rows, seeds: seeds.child("shapley"), threads: threads) : []
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
          by: prepared, applicant: applicant, model: model, atMost: reasonsAtMost,
          sampling: options, seeds: seeds.child("shapley"), threads: threads)
        shapley.append(found.explanation)
        outcomes.append(found.outcome)
      } else {
        shapley += try prepared.explain(
          EncodedRows(rows.matrix.selecting(rows: [row])), options: options,
          seeds: seeds.child("shapley").child(1), threads: threads)
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
    let printed = outcomes.map { $0?.reasons?.reasons.map(\.subject) }
    let verified = try moves.verify(
      printed, rows: rows, refusedFrom: logit(model.cutOff), threads: threads)
    var results: [ApplicantExplanation] = []
    for row in 0..<table.rowCount {
      let single = table.selecting(rows: [row])
      let notices = model.encoder.notices(for: single)
      let directions = verified[row]?.directions ?? []
      let proxies = proxies(of: printed[row] ?? [])
      let reasons = outcomes[row]?.reviewed(
        directions: directions,
        contradictsWording: printed[row].map { wordingContradicts(single, subjects: $0) } ?? false,
        notices: notices, proxies: proxies)
      results.append(
        ApplicantExplanation(
          scored: scored[row], cutOff: model.cutOff,
          values: players.members.map { members in
            members.map { ApplicantValue(feature: $0, text: single.column($0)?.text(0)) }
          },
          shapley: shapley[row], reasons: reasons, surrogate: surrogates[row],
          integratedGradients: gradients[row],
          sufficiency: verified[row]?.sufficiency, directions: directions,
          deletion: withEvidence
            ? try Deletion.test(
              shapley[row], applicant: Array(rows.matrix.row(row)), model: score, players: players,
              background: reference) : nil,
          recourse: scored[row].decision == .refuse
            ? try finder?.recourse(for: table, row: row) : nil,
          comparable: comparables?[row],
          anchor: withRule ? try rule(for: single, encoded: Array(rows.matrix.row(row))) : nil,
          notices: notices,
          proxies: proxies,
          inputHash: TableHash.value(of: single.selecting(columns: model.features)).description))
    }
    return results
  }

  /// The strong proxies among the members of these players.
  func proxies(of subjects: [String]) -> [ProxyMark] {
    let marks = model.card.proxies ?? []
    guard !marks.isEmpty else { return [] }
    return subjects.flatMap { subject -> [ProxyMark] in
      let members = zip(players.names, players.members).first { $0.0 == subject }?.1 ?? [subject]
      return marks.filter { members.contains($0.feature) }
    }
  }

  /// Whether the wording of one of these features says that its number is high or low where the
  /// applicant's lies on the other side of the reference's mean. A group's wording is of no one number.
  private func wordingContradicts(_ applicant: Table, subjects: [String]) -> Bool {
    subjects.contains { subject in
      guard let value = applicant.column(subject)?.numbers?.first, !value.isNaN,
        let mean = referenceMeans[subject]
      else { return false }
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
}
