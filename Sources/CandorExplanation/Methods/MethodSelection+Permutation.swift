import CandorData
import CandorScoring

extension MethodSelection {
  /// The ways of rows through a model's trees, for importance that walks only what changes; nil
  /// where the model has no trees, or where their margins are not those of the scorer.
  ///
  /// The margins of the rows prove the ways: they are the scorer's to the bit, or for ensembles that
  /// are summed in another order to 1e-12 of the larger of 1 and the margin.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - rows: The rows that importance is measured on.
  ///   - margins: What the scorer says about them.
  ///   - threads: At most so many threads.
  /// - Returns: The ways, or nil.
  static func treePaths(
    of model: ExplainedModel, rows: EncodedRows, margins: [Double], threads: Int
  ) -> TreePaths? {
    guard let scorer = model.scorer as? any TreeEnsembleScorer,
      let paths = TreePaths(
        scorer.ensemble, rows: rows, levelCounts: model.featureMap.levelCounts, threads: threads)
    else { return nil }
    let agree = zip(paths.margins, margins).allSatisfy { own, scored in
      abs(own - scored) <= 1e-12 * max(1, abs(scored))
    }
    return agree ? paths : nil
  }
}
