public import CandorData
public import CandorNumerics
import CandorScoring

/// Interventional Shapley values by the best method that a scorer allows, with everything done
/// beforehand that does not depend on the applicant.
///
/// Trees are laid out and the background is taken through them once, O(nodes · background), so that a
/// decision costs walks alone; other scorers need no preparation.
public struct PreparedShapley: Sendable {
  /// The score function.
  public let model: ExplainedModel
  /// Who shares the value.
  public let players: Players
  /// What applicants are compared with.
  public let background: Background
  /// The method that `explain` uses.
  public let method: ExplanationMethod
  /// The trees laid out for the background, where values come from them.
  let game: (any TreeGame)?

  /// Prepares a model and a background.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - players: Who shares the value.
  ///   - background: What applicants are compared with.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Throws: `ExplanationError` where shapes differ, the scorer refuses the background, or its trees
  ///   are none.
  public init(
    _ model: ExplainedModel, players: Players, background: Background, threads: Int = 1
  ) throws(ExplanationError) {
    self.model = model
    self.players = players
    self.background = background
    method = MethodSelection.shapleyMethod(for: model, players: players, background: background)
    let needsTrees = method == .treeShapley || method == .sampledShapley
    game =
      needsTrees
      ? try MethodSelection.treeGame(
        of: model, players: players, background: background, threads: threads) : nil
  }

  /// Explains each row; a row costs the same bits alone and among others.
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
    if let game, method == .treeShapley {
      return try game.explain(
        rows, quantity: model.quantity, threads: threads, thresholds: thresholds)
    }
    if method == .linearShapley,
      let found = try MethodSelection.linearShapley(
        for: model, rows: rows, players: players, background: background, thresholds: thresholds)
    {
      return found
    }
    if method == .enumeratedShapley {
      return try EnumeratedShapley.explain(
        rows, of: model.scorer, quantity: model.quantity, players: players,
        background: background, threads: threads, thresholds: thresholds)
    }
    return try MethodSelection.sampledShapley(
      for: model, rows: rows, players: players, background: background, options: options,
      control: game.map { ControlVariate($0, rows: rows, threads: threads) }, seeds: seeds,
      threads: threads, thresholds: thresholds)
  }
}
