public import CandorData
public import CandorNumerics
import CandorScoring

/// Shapley methods that a caller asks for by name, and what helps the sampled one.
extension MethodSelection {
  /// Exact values of a scorer whose margin is a sum of terms; nil where it is none.
  static func linearShapley(
    for model: ExplainedModel, rows: EncodedRows, players: Players, background: Background,
    thresholds: FidelityThresholds
  ) throws(ExplanationError) -> [Explanation]? {
    guard let scorer = model.scorer as? any AdditiveScorer else { return nil }
    return try LinearShapley.explain(
      rows, of: scorer, quantity: model.quantity, players: players, background: background,
      thresholds: thresholds)
  }

  /// Exact values of the raw margin as a control variate, where the scorer has them in closed form or
  /// is made of trees; nil where it has none, or where the scale is a straight line of the margin and
  /// needs no sampling.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - rows: The applicants, encoded.
  ///   - players: Who shares the value.
  ///   - background: What the applicants are compared with.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: The control, for the same rows.
  /// - Throws: `ExplanationError` as the closed form does.
  public static func control(
    for model: ExplainedModel, rows: EncodedRows, players: Players, background: Background,
    threads: Int = 1
  ) throws(ExplanationError) -> ControlVariate? {
    guard model.quantity.affine == nil else { return nil }
    if let game = try treeGame(
      of: model, players: players, background: background, threads: threads)
    {
      return ControlVariate(game, rows: rows, threads: threads)
    }
    guard let scorer = model.scorer as? any AdditiveScorer else { return nil }
    let margin = model.on(.margin).quantity
    // A row's terms do not depend on the weights, but each call scores anew; it is a few products.
    return ControlVariate { row, weights throws(ExplanationError) in
      try LinearShapley.explain(
        rows.selecting(rows: [row]), of: scorer, quantity: margin, players: players,
        background: try Background(
          name: background.name, rows: background.rows, weights: weights, hash: background.hash)
      )[0].attributions.map(\.value)
    }
  }

  /// Sampled Shapley values, whatever else the scorer would allow.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - rows: The applicants, encoded.
  ///   - players: Who shares the value.
  ///   - background: What the applicants are compared with.
  ///   - options: How many orders.
  ///   - control: Exact values of the raw margin for these rows; nil takes the closed form where there
  ///     is one.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  ///   - isOutOfTime: Asked before each further look whether to make do with what there is.
  /// - Returns: One explanation a row, with standard errors.
  /// - Throws: `ExplanationError` as the method does.
  public static func sampledShapley(
    for model: ExplainedModel, rows: EncodedRows, players: Players, background: Background,
    options: SampledShapleyOptions = .init(), control: ControlVariate? = nil, seeds: SeedTree,
    threads: Int = 1, thresholds: FidelityThresholds = .standard,
    isOutOfTime: (() -> Bool)? = nil
  ) throws(ExplanationError) -> [Explanation] {
    var control = control
    if control == nil {
      control = try Self.control(
        for: model, rows: rows, players: players, background: background, threads: threads)
    }
    return try SampledShapley.explain(
      rows, of: model.scorer, quantity: model.quantity, players: players, background: background,
      options: options, control: control, seeds: seeds, threads: threads,
      thresholds: thresholds, isOutOfTime: isOutOfTime)
  }

  /// Shapley values by constrained weighted least squares over coalitions (KernelSHAP).
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - rows: The applicants, encoded.
  ///   - players: Who shares the value.
  ///   - background: What the applicants are compared with.
  ///   - pairs: How many pairs of a coalition and its complement.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row.
  /// - Throws: `ExplanationError` as the method does.
  public static func kernelShapley(
    for model: ExplainedModel, rows: EncodedRows, players: Players, background: Background,
    pairs: Int = 1024, seeds: SeedTree, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    try KernelShapley.explain(
      rows, of: model.scorer, quantity: model.quantity, players: players, background: background,
      pairs: pairs, seeds: seeds, threads: threads, thresholds: thresholds)
  }

  /// Owen values: Shapley values of players in groups.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - rows: The applicants, encoded.
  ///   - players: Who shares the value; source features, as a rule.
  ///   - groups: Which players stand together.
  ///   - background: What the applicants are compared with.
  ///   - options: How many orders, where they are sampled.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row.
  /// - Throws: `ExplanationError` as the method does.
  public static func owenValues(
    for model: ExplainedModel, rows: EncodedRows, players: Players, groups: [PlayerGroup],
    background: Background, options: SampledShapleyOptions = .init(), seeds: SeedTree,
    threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    try OwenValues.explain(
      rows, of: model.scorer, quantity: model.quantity, players: players, groups: groups,
      background: background, options: options, seeds: seeds, threads: threads,
      thresholds: thresholds)
  }

  /// Shapley values of a linear model in the conditional game of a normal distribution.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - players: Who shares the value.
  ///   - background: Where means and correlations come from.
  ///   - options: Shrinkage and orders.
  ///   - seeds: The randomness, where orders are drawn.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: What explains rows, one product each.
  /// - Throws: `ExplanationError.unsupported` where the model is not linear on its scale.
  public static func conditionalShapley(
    for model: ExplainedModel, players: Players, background: Background,
    options: ConditionalShapleyOptions = .init(), seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> ConditionalLinearShapley {
    guard let scorer = model.scorer as? any LinearScorer else {
      throw ExplanationError(
        .unsupported,
        "The conditional game is solved for linear models only; use interventional Shapley values.")
    }
    return try ConditionalLinearShapley(
      of: scorer, quantity: model.quantity, players: players, background: background,
      options: options, seeds: seeds, threads: threads)
  }
}
