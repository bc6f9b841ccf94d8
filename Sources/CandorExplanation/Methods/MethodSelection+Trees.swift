public import CandorData
import CandorNumerics
import CandorScoring

extension MethodSelection {
  /// Interventional Shapley values of a scorer made of trees.
  static func treeShapley(
    _ scorer: some TreeEnsembleScorer, model: ExplainedModel, rows: EncodedRows, players: Players,
    background: Background, threads: Int, thresholds: FidelityThresholds
  ) throws(ExplanationError) -> [Explanation] {
    try InterventionalTreeShapley(
      scorer, players: players, background: background, threads: threads
    ).explain(rows, quantity: model.quantity, threads: threads, thresholds: thresholds)
  }

  /// Path-dependent Shapley values, where the scorer is made of trees: for comparison with other
  /// tools, never for reasons.
  ///
  /// - Parameters:
  ///   - model: The score function, on a scale that is a straight line of the margin.
  ///   - rows: The applicants, encoded.
  ///   - players: Who shares the value.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row.
  /// - Throws: `ExplanationError.unsupported` where there are no trees or the scale is no straight
  ///   line of the margin.
  public static func pathDependentShapley(
    for model: ExplainedModel, rows: EncodedRows, players: Players, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    func explain(_ scorer: some TreeEnsembleScorer) throws(ExplanationError) -> [Explanation] {
      try PathDependentTreeShapley(scorer, players: players).explain(
        rows, quantity: model.quantity, threads: threads, thresholds: thresholds)
    }
    return try explain(try treeEnsemble(of: model))
  }

  /// Shapley interaction values, where the scorer is made of trees.
  ///
  /// - Parameters:
  ///   - model: The score function, on a scale that is a straight line of the margin.
  ///   - rows: The applicants, encoded.
  ///   - players: Who shares the value.
  ///   - background: What applicants are compared with; nil asks for the path-dependent game.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One matrix a row.
  /// - Throws: `ExplanationError.unsupported` where there are no trees or the scale is no straight
  ///   line of the margin.
  public static func treeInteractions(
    for model: ExplainedModel, rows: EncodedRows, players: Players, background: Background?,
    threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [ShapleyInteractions] {
    func explain(
      _ scorer: some TreeEnsembleScorer
    ) throws(ExplanationError) -> [ShapleyInteractions] {
      guard let background else {
        return try PathDependentTreeShapley(scorer, players: players).interactions(
          rows, quantity: model.quantity, threads: threads, thresholds: thresholds)
      }
      return try InterventionalTreeShapley(
        scorer, players: players, background: background, threads: threads
      ).interactions(rows, quantity: model.quantity, threads: threads, thresholds: thresholds)
    }
    return try explain(try treeEnsemble(of: model))
  }

  /// The trees of a model laid out for a background; nil where it is not made of trees.
  static func preparedTrees(
    of model: ExplainedModel, players: Players, background: Background, threads: Int
  ) throws(ExplanationError) -> (any PreparedTrees)? {
    func prepare(_ scorer: some TreeEnsembleScorer) throws(ExplanationError) -> any PreparedTrees {
      try InterventionalTreeShapley(
        scorer, players: players, background: background, threads: threads)
    }
    guard let scorer = model.scorer as? any TreeEnsembleScorer else { return nil }
    return try prepare(scorer)
  }

  private static func treeEnsemble(
    of model: ExplainedModel
  ) throws(ExplanationError) -> any TreeEnsembleScorer {
    guard let scorer = model.scorer as? any TreeEnsembleScorer else {
      throw ExplanationError(
        .unsupported,
        "The model is not made of trees; use Shapley values by another method, a surrogate or "
          + "permutation importance.")
    }
    return scorer
  }
}
