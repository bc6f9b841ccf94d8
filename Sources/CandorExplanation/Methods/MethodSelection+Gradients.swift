public import CandorData
public import CandorNumerics
import CandorScoring

extension MethodSelection {
  /// The gradient methods that this model allows on its scale, in a fixed order.
  public static func gradientMethods(for model: ExplainedModel) -> [ExplanationMethod] {
    guard model.scorer is any DifferentiableScorer, model.quantity.isDifferentiable else {
      return []
    }
    return [
      .integratedGradients, .expectedGradients, .gradient, .gradientTimesDifference,
      .smoothGradient,
    ]
  }

  /// The scorer with gradients: through matrix products where it is made of dense layers.
  static func differentiable(
    _ model: ExplainedModel
  ) throws(ExplanationError) -> any DifferentiableScorer {
    if let layered = model.scorer as? any LayeredScorer {
      if let tiled = tiledGradients(of: layered) { return tiled }
      return layered
    }
    guard let scorer = model.scorer as? any DifferentiableScorer else {
      throw ExplanationError(
        .unsupported,
        "The model has no gradients; use Shapley values, a surrogate or permutation importance.")
    }
    return scorer
  }

  private static func tiledGradients(
    of scorer: some LayeredScorer
  ) -> (any DifferentiableScorer)? {
    TiledGradients(scorer)
  }

  /// The scorer with layers, nil where the model is none.
  static func layered(_ model: ExplainedModel) -> (any LayeredScorer)? {
    model.scorer as? any LayeredScorer
  }

  /// Expected gradients over a background, where the scorer and the scale have derivatives.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - rows: The applicants, encoded.
  ///   - players: Who shares the difference.
  ///   - background: What the applicants are compared with.
  ///   - options: For draws; a net of rectifiers needs none.
  ///   - seeds: For draws.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row.
  /// - Throws: `ExplanationError.unsupported` where there is no derivative.
  public static func expectedGradients(
    for model: ExplainedModel, rows: EncodedRows, players: Players, background: Background,
    options: GradientDrawOptions = .init(), seeds: SeedTree, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    if let scorer = layered(model) {
      return try ExpectedGradients.explain(
        rows, of: scorer, quantity: model.quantity, players: players, background: background,
        options: options, seeds: seeds, threads: threads, thresholds: thresholds)
    }
    return try ExpectedGradients.explain(
      rows, of: try differentiable(model), quantity: model.quantity, players: players,
      background: background, options: options, seeds: seeds, threads: threads,
      thresholds: thresholds)
  }

  /// Mean gradients around each applicant (SmoothGrad).
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - rows: The applicants, encoded.
  ///   - players: Who is attributed to.
  ///   - background: Where spreads and levels come from.
  ///   - share: The noise as a share of each feature's spread.
  ///   - options: How many draws.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row.
  /// - Throws: `ExplanationError.unsupported` where there is no derivative.
  public static func smoothGradient(
    for model: ExplainedModel, rows: EncodedRows, players: Players, background: Background,
    share: Double = SmoothGradient.usualShare, options: GradientDrawOptions = .init(),
    seeds: SeedTree, threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    try SmoothGradient.explain(
      rows, of: try differentiable(model), quantity: model.quantity, featureMap: model.featureMap,
      players: players, background: background, share: share, options: options, seeds: seeds,
      threads: threads, thresholds: thresholds)
  }

  /// How many hidden layers conductance can be asked of; none where the model is no net of dense
  /// layers or the scale has no derivative.
  public static func hiddenLayers(of model: ExplainedModel) -> Int {
    guard let scorer = layered(model), model.quantity.isDifferentiable else { return 0 }
    return hiddenLayers(scorer)
  }

  private static func hiddenLayers(_ scorer: some LayeredScorer) -> Int {
    LayeredNet(of: scorer)?.hidden.count ?? 0
  }

  /// The conductance of a hidden layer, where the model is a net of dense layers.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - rows: The applicants, encoded.
  ///   - layer: Which hidden layer, from 1.
  ///   - background: Where the spread of the value is measured.
  ///   - baseline: Where the path starts.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One value a row.
  /// - Throws: `ExplanationError.unsupported` where the model has no layers.
  public static func conductance(
    for model: ExplainedModel, rows: EncodedRows, layer: Int, background: Background,
    baseline: GradientBaseline, threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [LayerConductance] {
    guard let scorer = layered(model) else {
      throw ExplanationError(
        .unsupported, "The model has no hidden layers; conductance is for neural networks.")
    }
    return try LayerConductance.explain(
      rows, of: scorer, layer: layer, quantity: model.quantity, background: background,
      baseline: baseline, threads: threads, thresholds: thresholds)
  }
}
