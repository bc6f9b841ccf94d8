import CandorData
public import CandorNumerics

/// One feature's effect in both readings, from one set of curves: what a report shows side by side.
public struct FeatureEffect: Sendable, Equatable, Codable {
  /// The source feature.
  public let feature: String
  /// The mean of the applicants' curves.
  public let partial: PartialDependence
  /// The effect accumulated from what applicants do near their own values.
  public let accumulated: AccumulatedLocalEffects
  /// The largest distance between the two curves, both centred, as a share of the larger range; 0
  /// where neither moves. Where it is large, correlated features make the partial dependence ask the
  /// model at applicants who do not exist.
  public let disagreement: Double
  /// What a reader must be told; empty where there is nothing.
  public let warnings: [FidelityWarning]

  /// A disagreement above this share gives a warning.
  public static let disagreementLimit = 0.25

  /// Measures several features, both ways at once.
  ///
  /// - Parameters:
  ///   - model: The score function, on the scale of the result.
  ///   - features: The source features; nil means all.
  ///   - sample: The applicants.
  ///   - options: Grid, resamples, curves and the order of levels.
  ///   - seeds: The randomness of the bands.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: One result a feature, in the order asked for.
  /// - Throws: `ExplanationError` where a feature is unknown, an option is out of range, the sample
  ///   does not fit the model, or the scorer refuses.
  public static func measure(
    _ model: ExplainedModel, features: [String]? = nil, sample: EffectSample,
    options: EffectOptions = .init(), seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> [FeatureEffect] {
    let options = try options.validated()
    let names = features ?? sample.encoder.features
    let grids = try Parallel.map(count: names.count, threads: threads) {
      index throws(ExplanationError) in
      try FeatureGrid(feature: names[index], sample: sample, options: options)
    }
    let curves = try EffectCurves(
      of: model, sample: sample, grids: grids, source: MethodSelection.curveSource(for: model),
      threads: threads)
    let partial = try PartialDependence.read(
      from: curves, options: options, seeds: seeds, threads: threads)
    let accumulated = try AccumulatedLocalEffects.read(
      from: curves, sample: sample, options: options, seeds: seeds, threads: threads)
    return zip(partial, accumulated).map { FeatureEffect(partial: $0, accumulated: $1) }
  }

  /// Joins the two readings of one feature.
  init(partial: PartialDependence, accumulated: AccumulatedLocalEffects) {
    feature = partial.feature
    self.partial = partial
    self.accumulated = accumulated
    let means = Dictionary(
      partial.points.map { ($0.at.label, $0.effect.value) }, uniquingKeysWith: { first, _ in first }
    )
    let pairs = accumulated.points.compactMap { point in
      means[point.at.label].map { (mean: $0, local: point.effect.value, share: point.at.share) }
    }
    let total = pairs.reduce(0) { $0 + $1.share }
    let gap = total > 0 ? pairs.reduce(0) { $0 + $1.share * ($1.mean - $1.local) } / total : 0
    let largest = pairs.reduce(0) { max($0, abs($1.mean - $1.local - gap)) }
    let levels = pairs.map(\.mean)
    let range = max((levels.max() ?? 0) - (levels.min() ?? 0), accumulated.range)
    disagreement = range > 1e-12 ? largest / range : 0
    warnings =
      accumulated.warnings
      + (disagreement <= Self.disagreementLimit
        ? []
        : [
          FidelityWarning(
            code: .effectsDisagree,
            sentence:
              "The partial dependence of \"\(partial.feature)\" leaves the accumulated local effect "
              + "by \(Int((disagreement * 100).rounded()))% of its range: the feature moves "
              + "together with others. Read the accumulated effect.")
        ])
  }
}
