import CandorData
import CandorScoring

extension MethodSelection {
  /// The fastest way to the curves of a model's rows: from the trees, from the terms, or by scoring.
  static func curveSource(for model: ExplainedModel) -> CurveSource {
    if let additive = model.scorer as? any AdditiveScorer {
      return CurveSource(scorer: model.scorer, way: .additive(additive))
    }
    if let trees = model.scorer as? any TreeEnsembleScorer,
      let tables = TreeEffectTables(
        trees.ensemble, width: model.scorer.inputWidth, levelCounts: model.featureMap.levelCounts)
    {
      return CurveSource(scorer: model.scorer, way: .trees(tables))
    }
    return CurveSource(scorer: model.scorer, way: .scoring)
  }

  /// Whether the margin of a model is a straight line of each encoded column.
  static func isStraight(_ model: ExplainedModel) -> Bool { model.scorer is any LinearScorer }
}
