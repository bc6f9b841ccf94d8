import Foundation

/// The mean logarithmic loss in nats, -[y ln p + (1 - y) ln(1 - p)].
public enum LogLoss {
  /// Probabilities are kept this far from 0 and 1, since one wrong certainty is an infinite loss.
  public static let clipping = 1e-15

  /// The loss of a sample with the normal interval of a mean; O(n).
  public static func estimate(of sample: ScoredSample, level: Double = 0.95) -> Estimate {
    WeightedMean.estimate(
      of: losses(of: sample.ranked), weights: sample.ranked.weights, level: level)
  }

  /// The loss along a ranking with any weights; nil where none has weight; O(n).
  public static func value(of sample: RankedSample, weights: [Double]) -> Double? {
    weightedMean(losses(of: sample), weights)
  }

  /// The number of rows whose probability was moved by `clipping`.
  public static func clippedRows(of sample: ScoredSample) -> Int {
    sample.ranked.probabilities.count { $0 < clipping || $0 > 1 - clipping }
  }

  static func losses(of sample: RankedSample) -> [Double] {
    zip(sample.probabilities, sample.labels).map { loss(probability: $0, label: $1) }
  }

  static func loss(probability: Double, label: Double) -> Double {
    let p = min(max(probability, clipping), 1 - clipping)
    return label == 1 ? -log(p) : -log1p(-p)
  }
}
