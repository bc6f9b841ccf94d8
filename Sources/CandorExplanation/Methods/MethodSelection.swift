public import CandorData
public import CandorNumerics
import CandorScoring

/// The one place of this target where a scorer is asked at run time what it can do.
public enum MethodSelection {
  /// The most model evaluations a row for which all coalitions are tried.
  public static let mostEnumeratedEvaluations = 32_768

  /// The methods that this model allows on its scale, in a fixed order.
  public static func available(for model: ExplainedModel) -> [ExplanationMethod] {
    var methods: [ExplanationMethod] = []
    if model.scorer is any AdditiveScorer, model.quantity.affine != nil {
      methods.append(.linearShapley)
    }
    let isOfTrees = model.scorer is any TreeEnsembleScorer && model.quantity.affine != nil
    if isOfTrees { methods.append(.treeShapley) }
    methods += [.enumeratedShapley, .sampledShapley]
    if model.scorer is any DifferentiableScorer, model.quantity.isDifferentiable {
      methods += [.integratedGradients, .gradient, .gradientTimesDifference]
      methods += [.expectedGradients, .smoothGradient]
    }
    methods += [.localSurrogate, .globalSurrogate]
    return isOfTrees ? methods + [.pathDependentTreeShapley] : methods
  }

  /// The Shapley method that `shapley(for:…)` will use: closed form where the value is additive, by
  /// leaves where it is a line of a sum of trees, all coalitions where they are few, else random
  /// orders.
  public static func shapleyMethod(
    for model: ExplainedModel, players: Players, background: Background
  ) -> ExplanationMethod {
    if model.quantity.affine != nil {
      if model.scorer is any AdditiveScorer { return .linearShapley }
      if model.scorer is any TreeEnsembleScorer { return .treeShapley }
    }
    let cost = EnumeratedShapley.cost(players: players, background: background)
    return players.active.count <= EnumeratedShapley.mostPlayers
      && cost <= mostEnumeratedEvaluations ? .enumeratedShapley : .sampledShapley
  }

  /// Interventional Shapley values by the best method that the scorer allows. What does not depend on
  /// the rows is done anew in each call; `PreparedShapley` does it once for many.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - rows: The applicants, encoded.
  ///   - players: Who shares the value.
  ///   - background: What the applicants are compared with.
  ///   - options: For sampled values.
  ///   - seeds: For sampled values.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row.
  /// - Throws: `ExplanationError` as the method does.
  public static func shapley(
    for model: ExplainedModel, rows: EncodedRows, players: Players, background: Background,
    options: SampledShapleyOptions = .init(), seeds: SeedTree, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    try PreparedShapley(model, players: players, background: background, threads: threads).explain(
      rows, options: options, seeds: seeds, threads: threads, thresholds: thresholds)
  }

  /// Integrated gradients, where the scorer and the scale have derivatives.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - rows: The applicants, encoded.
  ///   - players: Who shares the difference.
  ///   - background: Where the spread of the value is measured.
  ///   - baseline: Where the path starts.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row.
  /// - Throws: `ExplanationError.unsupported` where there is no derivative.
  public static func integratedGradients(
    for model: ExplainedModel, rows: EncodedRows, players: Players, background: Background,
    baseline: GradientBaseline, threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    if let scorer = layered(model) {
      return try IntegratedGradients.explain(
        rows, of: scorer, quantity: model.quantity, players: players, background: background,
        baseline: baseline, threads: threads, thresholds: thresholds)
    }
    return try IntegratedGradients.explain(
      rows, of: try differentiable(model), quantity: model.quantity, players: players,
      background: background, baseline: baseline, threads: threads, thresholds: thresholds)
  }

  /// Gradients, or gradients times the difference from a baseline.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - rows: The applicants, encoded.
  ///   - players: Who is attributed to.
  ///   - baseline: The baseline.
  ///   - form: Which of the two.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: One explanation a row.
  /// - Throws: `ExplanationError.unsupported` where there is no derivative.
  public static func saliency(
    for model: ExplainedModel, rows: EncodedRows, players: Players, baseline: GradientBaseline,
    form: Saliency.Form, threads: Int = 1
  ) throws(ExplanationError) -> [Explanation] {
    try Saliency.explain(
      rows, of: try differentiable(model), quantity: model.quantity, players: players,
      baseline: baseline, form: form, threads: threads)
  }
}
