import CandorNumerics

/// A share with its 95% interval by Wilson (1927, doi:10.1080/01621459.1927.10502953).
public struct ShareEstimate: Sendable, Equatable, Codable {
  /// The share.
  public let value: Double
  /// The lower end of the interval.
  public let lower: Double
  /// The upper end of the interval.
  public let upper: Double
  /// The rows behind it; of weighted rows their effective number (Kish 1965).
  public let count: Double

  /// A share of so many rows.
  package init(successes: Double, count: Double) {
    let interval = BinomialDistribution.wilsonInterval(
      successes: min(successes, count), trials: count)
    value = count > 0 ? successes / count : 0
    lower = interval.lower
    upper = interval.upper
    self.count = count
  }
}
