/// The area under the ROC curve: the chance that a bad scores above a good, ties counted half.
public enum AUC {
  /// The area along a ranking with any weights; nil where one class has no weight; O(n).
  public static func value(of sample: RankedSample, weights: [Double]) -> Double? {
    RankingKernel.area(
      labels: sample.labels.span, weights: weights.span, tieEnds: sample.tieEnds.span)
  }

  /// The area of a sample; throws where it lacks bads or goods.
  public static func value(of sample: ScoredSample) throws(EvaluationError) -> Double {
    try sample.requireBothClasses(for: "The area under the ROC curve")
    return value(of: sample.ranked, weights: sample.ranked.weights) ?? 0.5
  }

  /// The area with its interval: DeLong's where weights are equal; otherwise a bootstrap's where
  /// one is given, else DeLong's linearised for weights.
  public static func estimate(
    of sample: ScoredSample, level: Double = 0.95, bootstrap: Bootstrap? = nil
  ) throws(EvaluationError) -> Estimate {
    guard sample.ranked.hasUnequalWeights, let bootstrap else {
      return try DeLong.estimate(of: sample, level: level)
    }
    try sample.requireBothClasses(for: "The area under the ROC curve")
    let statistic: Bootstrap.Statistic = { AUC.value(of: $0, weights: $1) }
    return try bootstrap.run(sample.ranked, statistics: [statistic])[0].estimate(level: level)
  }

  /// The Gini coefficient (accuracy ratio), 2 · AUC - 1, from an estimate of the area.
  public static func gini(_ area: Estimate) -> Estimate { area.transformed(scale: 2, shift: -1) }
}
