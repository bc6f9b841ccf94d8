import CandorData
import CandorNumerics
import CandorScoring

extension MethodSelection {
  /// Makes a sample ready to find comparable applicants in: by leaf profile for trees, by the last
  /// hidden layer for layered nets, by source features otherwise or where asked for.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - sample: The rows that may be shown.
  ///   - source: Their source values; nil reads them from the encoded rows.
  ///   - outcomes: How each loan turned out, 1 bad and 0 good; nil where not known.
  ///   - bySourceFeatures: Whether the model is to have no say in what is near.
  ///   - threads: At most so many threads.
  /// - Returns: The sample, ready.
  /// - Throws: `ExplanationError` where shapes differ or the model refuses rows.
  public static func comparableSearch(
    for model: ExplainedModel, sample: Background, source: SourceValues? = nil,
    outcomes: [Double]? = nil, bySourceFeatures: Bool = false, threads: Int = 1
  ) throws(ExplanationError) -> ComparableSearch {
    guard sample.rows.width == model.featureMap.width else {
      throw ExplanationError(
        .badShape,
        "The sample has \(sample.rows.width) encoded columns where the model takes "
          + "\(model.featureMap.width).")
    }
    let values = try SourceValues.given(source, or: sample.rows, model.featureMap)
    let space: ComparableSearch.Space
    if !bySourceFeatures, let trees = model.scorer as? any TreeEnsembleScorer {
      let ensemble = trees.ensemble
      space = .leaves(
        LeafProfiles(of: sample.rows, in: ensemble), of: { LeafProfiles(of: $0, in: ensemble) })
    } else if !bySourceFeatures, let net = model.scorer as? any LayeredScorer,
      net.layers.count > 1
    {
      let layers = net.layers
      let units = LayerEmbedding.rows(sample.rows, in: layers)
      let spreads = (units.first ?? []).indices.map { u in
        sample.standardDeviation(of: units.map { $0[u] })
      }
      space = .units(
        units, spreads: spreads, of: { LayerEmbedding.rows($0, in: layers) })
    } else {
      space = .source(GowerDistance(values))
    }
    return try ComparableSearch(
      model: model, background: sample, source: values, outcomes: outcomes, space: space,
      threads: threads)
  }
}
