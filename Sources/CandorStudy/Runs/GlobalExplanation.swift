import Candor
import CandorData
public import CandorExplanation
import CandorNumerics
public import CandorReport
import CandorScoring

/// What a family's model does as a whole: which features matter, and how far a straight line tells.
public struct GlobalExplanation: Sendable {
  /// The family's key.
  public let key: String
  /// Permutation importance on held-out rows, a source feature a player.
  public let importance: PermutationImportance
  /// Permutation importance of the declared groups beside the features in none; nil without groups.
  public let groupImportance: PermutationImportance?
  /// Importance on training rows, each scored by the trees that did not see it; nil where the family
  /// is no forest.
  public let outOfBag: PermutationImportance?
  /// The least-squares approximation of the model's log-odds.
  public let surrogate: GlobalSurrogate
  /// Mean absolute attributions a source feature over a sample of held-out rows: Shapley values, and
  /// where the model has gradients, integrated gradients and gradients times the difference.
  public let effects: [EffectSizes]
  /// How many of those explanations have no fidelity warning.
  public let withinLimits: Int
  /// The largest standard error as a share of the total attribution; nil for exact methods.
  public let largestRelativeError: Double?
  /// The Shapley method used.
  public let shapleyMethod: ExplanationMethod
  /// How many background rows it compared with.
  public let shapleyBackground: Int
  /// How many held-out rows the Shapley values and gradients were taken on.
  public let shapleyRows: Int

  static func make(
    _ family: FamilyRun, model: RiskModel, study: Study, data: StudyData, options: RunOptions
  ) throws -> GlobalExplanation {
    let seeds = SeedTree(seed: study.seed).child("global").child(family.key)
    let score = try ExplainedModel(
      scorer: model.scorer, calibrator: model.calibrator, featureMap: model.encoder.featureMap,
      scale: .logOdds, pointsScale: model.pointsScale)
    let players = try Players(featureMap: model.encoder.featureMap)
    guard let rows = model.reference(named: ReferenceSelection.training) else {
      throw StudyError(.notPossible, "The model carries no training sample to compare with.")
    }
    let background = try Background(
      name: rows.name, rows: model.encoder.encode(rows.table), hash: rows.hash)
    let sample = try sample(
      of: heldOutRows(study.explain.importanceRows, data: data, seeds: seeds.child("rows")),
      name: "test", encoder: model.encoder, data: data)
    let importance = try importance(
      of: score, players: players, sample: sample, study: study, seeds: seeds, options: options)
    let groups = model.catalogue.declaredGroups(for: model.features)
    let grouped =
      groups.isEmpty
      ? nil
      : try self.importance(
        of: score,
        players: Players(
          featureMap: model.encoder.featureMap,
          groups: groups.map { PlayerGroup(name: $0.name, members: $0.members) }),
        sample: sample, study: study, seeds: seeds, options: options)
    // Shapley values of a few dozen rows show the size of effects; their mean has its own error.
    var draw = seeds.child("explained rows").generator()
    let few = sample.rows.selecting(
      rows: Sampling.withoutReplacement(
        min(sample.rows.count, shapleyRowCount), from: sample.rows.count, using: &draw))
    let method = MethodSelection.shapleyMethod(
      for: score, players: players, background: background)
    let compared =
      method == .sampledShapley
      ? try smaller(background, seeds: seeds.child("background")) : background
    let shapley = try MethodSelection.shapley(
      for: score, rows: few, players: players, background: compared,
      options: SampledShapleyOptions(pairs: 2 * sampledBackground),
      seeds: seeds.child("shapley"), threads: options.threads)
    // The straight line is fitted on many rows, since it has as many coefficients as the encoder has
    // columns.
    let surrogateSample = try Background(name: "test", rows: sample.rows, weights: sample.weights)
    var effects = [sizes(shapley, method: method, background: compared)]
    if MethodSelection.available(for: score).contains(.integratedGradients) {
      let baseline = try GradientBaseline(meanOf: compared)
      let integrated = try MethodSelection.integratedGradients(
        for: score, rows: few, players: players, background: compared, baseline: baseline,
        threads: options.threads)
      let slopes = try MethodSelection.saliency(
        for: score, rows: few, players: players, baseline: baseline,
        form: .gradientTimesDifference)
      effects.append(sizes(integrated, method: .integratedGradients, background: compared))
      effects.append(sizes(slopes, method: .gradientTimesDifference, background: compared))
    }
    return GlobalExplanation(
      key: family.key, importance: importance, groupImportance: grouped,
      outOfBag: try outOfBag(
        family, players: players, study: study, data: data, seeds: seeds, options: options),
      surrogate: try GlobalSurrogate.fit(to: score, players: players, sample: surrogateSample),
      effects: effects,
      withinLimits: shapley.count { $0.fidelity.warnings.isEmpty },
      largestRelativeError: FidelityNumbers.largestRelativeError(shapley),
      shapleyMethod: method, shapleyBackground: compared.count,
      shapleyRows: few.count)
  }

  /// Held-out rows whose Shapley values and gradients are averaged.
  private static let shapleyRowCount = 24
  /// Background rows of sampled Shapley values: their cost grows with rows times background.
  private static let sampledBackground = 50

  /// A random part of a background.
  static func smaller(_ background: Background, seeds: SeedTree) throws -> Background {
    guard background.count > sampledBackground else { return background }
    var generator = seeds.generator()
    let positions = Sampling.withoutReplacement(
      sampledBackground, from: background.count, using: &generator)
    return try Background(
      name: background.name, rows: background.rows.selecting(rows: positions),
      weights: background.weights.map { all in positions.map { all[$0] } })
  }

  /// The test rows that importance is measured on, rising.
  static func heldOutRows(_ most: Int, data: StudyData, seeds: SeedTree) throws -> [Int] {
    try part(of: data.split.test, most, data: data, seeds: seeds).map { data.split.test[$0] }
  }

  /// Positions in a list of rows; stratified, so that a rare outcome is not lost in a small sample.
  static func part(
    of rows: [Int], _ most: Int, data: StudyData, seeds: SeedTree
  ) throws -> [Int] {
    guard rows.count > most else { return Array(rows.indices) }
    return try StratifiedSplit.make(
      labels: rows.map { data.labels[$0] }, testShare: Double(most) / Double(rows.count),
      seeds: seeds
    ).test
  }

  static func sample(
    of rows: [Int], name: String, encoder: Encoder, data: StudyData
  ) throws -> PermutationImportance.Sample {
    PermutationImportance.Sample(
      name: name, rows: try encoder.encode(data.table, rows: rows),
      targets: rows.map { data.labels[$0] },
      weights: data.weights.map { all in rows.map { all[$0] } })
  }

  /// As many training rows as held-out ones are enough: fewer trees speak of each.
  private static func outOfBag(
    _ family: FamilyRun, players: Players, study: Study, data: StudyData, seeds: SeedTree,
    options: RunOptions
  ) throws -> PermutationImportance? {
    let seeds = seeds.child("out of bag")
    let train = data.split.train
    let chosen = try part(
      of: train, study.explain.importanceRows, data: data, seeds: seeds.child("rows"))
    guard
      let scorer = ModelLibrary.outOfBag(
        family.scorer, of: try family.learner(study), rows: train.count, among: chosen,
        seeds: family.fitSeeds(study))
    else { return nil }
    return try PermutationImportance.outOfBag(
      scorer, calibrator: family.calibrator,
      sample: sample(
        of: chosen.map { train[$0] }, name: "training", encoder: family.encoder, data: data),
      featureMap: family.encoder.featureMap, players: players, by: .aucDrop,
      repeats: study.explain.repeats, seeds: seeds, threads: options.threads)
  }

  private static func importance(
    of score: ExplainedModel, players: Players, sample: PermutationImportance.Sample, study: Study,
    seeds: SeedTree, options: RunOptions
  ) throws -> PermutationImportance {
    try PermutationImportance.measure(
      score, on: sample, players: players, by: .aucDrop, repeats: study.explain.repeats,
      seeds: seeds.child("importance"), threads: options.threads)
  }

  private static func sizes(
    _ explanations: [Explanation], method: ExplanationMethod, background: Background
  ) -> EffectSizes {
    EffectSizes(
      method: method, rows: explanations.count, backgroundRows: background.count,
      sizes: meanAbsolute(explanations),
      largestResidual: explanations.compactMap { explanation -> Double? in
        guard case .completeness(let residual, _, _) = explanation.fidelity.evidence else {
          return nil
        }
        return abs(residual)
      }.max())
  }

  /// The mean over rows of absolute attributions, with the standard error of that mean.
  private static func meanAbsolute(_ explanations: [Explanation]) -> [Attribution] {
    guard let first = explanations.first else { return [] }
    let quantile = StudentT.quantile(0.975, degreesOfFreedom: Double(explanations.count - 1))
    return first.attributions.indices.map { position in
      let sizes = explanations.map { abs($0.attributions[position].value) }
      let mean = Moments.mean(sizes)
      let error = (Moments.variance(sizes) / Double(sizes.count)).squareRoot()
      return Attribution(
        source: first.attributions[position].source, value: mean, standardError: error,
        quantile: explanations.count > 1 ? quantile : .infinity)
    }
  }
}
