/// Average precision: the step-wise area under the curve of precision over recall.
///
/// Σ (R_k - R_{k-1}) · P_k over distinct scores from the riskiest down, without interpolation. It
/// depends on the share of bads, which is its value for a score without information.
public enum PrecisionRecall {
  /// Average precision along a ranking with any weights; nil where no bad has weight; O(n).
  public static func averagePrecision(of sample: RankedSample, weights: [Double]) -> Double? {
    RankingKernel.averagePrecision(
      labels: sample.labels.span, weights: weights.span, tieEnds: sample.tieEnds.span)
  }

  /// Average precision of a sample; throws where a class is missing.
  public static func averagePrecision(of sample: ScoredSample) throws(EvaluationError) -> Double {
    try sample.requireBothClasses(for: "Average precision")
    return averagePrecision(of: sample.ranked, weights: sample.ranked.weights) ?? 0
  }
}
