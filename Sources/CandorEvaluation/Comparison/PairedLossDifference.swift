/// The difference of the mean losses of two sets of probabilities on the same rows.
public struct PairedLossDifference: Sendable, Equatable, Codable {
  /// The loss that is compared.
  public enum Loss: String, Sendable, Codable {
    /// Logarithmic loss in nats, clipped as `LogLoss` says.
    case logLoss
    /// The squared distance of probability and label.
    case brier
  }

  /// The loss.
  public let loss: Loss
  /// First minus second with the normal interval of a mean: below zero the first is better.
  public let difference: Estimate
  /// The difference over its standard error; nil where that is zero or unknown.
  public let z: Double?
  /// The two-sided p-value; nil where z is.
  public let pValue: Double?

  /// Compares two samples that have the same labels and weights row by row; throws where they
  /// differ; O(n).
  public init(
    _ first: ScoredSample, _ second: ScoredSample, loss: Loss = .logLoss, level: Double = 0.95
  ) throws(EvaluationError) {
    try PairedDeLong.requireSameRows(first, second)
    func value(_ p: Double, _ y: Double) -> Double {
      loss == .brier ? (p - y) * (p - y) : LogLoss.loss(probability: p, label: y)
    }
    let ranked = first.ranked
    let differences = ranked.rows.map {
      value(first.probabilities[$0], first.labels[$0])
        - value(second.probabilities[$0], second.labels[$0])
    }
    self.loss = loss
    difference = WeightedMean.estimate(of: differences, weights: ranked.weights, level: level)
    let error = difference.standardError ?? 0
    z = error > 0 ? difference.value / error : nil
    pValue = z.map { Tail.twoSidedPValue($0) }
  }
}
