public import CandorData
public import CandorNumerics

/// The best Shapley method of a model against one background, prepared once for many applicants.
///
/// Trees are laid out and the background taken through them once; other methods have nothing to
/// prepare. The values are those of `MethodSelection.shapley`, to the bit.
public struct PreparedShapley: Sendable {
  /// The score function.
  public let model: ExplainedModel
  /// Who shares the value.
  public let players: Players
  /// What applicants are compared with.
  public let background: Background
  /// The method that is used.
  public let method: ExplanationMethod
  let trees: (any PreparedTrees)?

  /// Prepares the method; O(background · nodes) for trees.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - players: Who shares the value.
  ///   - background: What applicants are compared with.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Throws: `ExplanationError` as the method does.
  public init(
    for model: ExplainedModel, players: Players, background: Background, threads: Int = 1
  ) throws(ExplanationError) {
    self.model = model
    self.players = players
    self.background = background
    method = MethodSelection.shapleyMethod(for: model, players: players, background: background)
    trees =
      method == .treeShapley
      ? try MethodSelection.preparedTrees(
        of: model, players: players, background: background, threads: threads) : nil
  }

  /// Explains each row.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - options: For sampled values.
  ///   - seeds: For sampled values.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row.
  /// - Throws: `ExplanationError` as the method does.
  public func explain(
    _ rows: EncodedRows, options: SampledShapleyOptions = .init(), seeds: SeedTree,
    threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    if let trees {
      return try trees.explain(
        rows, quantity: model.quantity, threads: threads, thresholds: thresholds)
    }
    return try MethodSelection.shapley(
      for: model, rows: rows, players: players, background: background, options: options,
      seeds: seeds, threads: threads, thresholds: thresholds)
  }
}

/// Trees that are laid out for a background, whoever grew them.
protocol PreparedTrees: Sendable {
  var trees: PlayerTrees { get }
  var sides: BackgroundSides { get }

  func explain(
    _ rows: EncodedRows, quantity: ExplainedQuantity, threads: Int, thresholds: FidelityThresholds
  ) throws(ExplanationError) -> [Explanation]
}

extension InterventionalTreeShapley: PreparedTrees {}
