/// Observed against expected bad rates in bins of near-equal size by probability.
///
/// Equal probabilities stay together: a run of ties belongs to the bin in which its middle falls.
public struct ReliabilityCurve: Sendable, Equatable, Codable {
  /// A bin of the curve.
  public struct Bin: Sendable, Equatable, Codable {
    /// Rows in the bin.
    public let rows: Int
    /// Bad rows in the bin.
    public let badRows: Int
    /// The sum of weights in the bin.
    public let weight: Double
    /// The lowest probability in the bin.
    public let lowestProbability: Double
    /// The highest probability in the bin.
    public let highestProbability: Double
    /// The weighted mean probability of bad.
    public let meanProbability: Double
    /// The share of bads with Wilson's interval.
    public let observed: Estimate
  }

  /// The bins, lowest probability first.
  public let bins: [Bin]

  /// The curve of a sample; throws where `bins` is below 1; O(n).
  public init(of sample: ScoredSample, bins count: Int = 10, level: Double = 0.95)
    throws(EvaluationError)
  {
    guard count >= 1 else {
      throw EvaluationError(.badOption, "The reliability curve has \(count) bins; it needs 1.")
    }
    bins = ProbabilityBins(sample.ranked, bins: count).bins.compactMap { bin in
      let share = WeightedShare(hit: bin.bads, total: bin.weight, squares: bin.squares)
      return share.estimate(level: level).map { observed in
        Bin(
          rows: bin.rows, badRows: bin.badRows, weight: bin.weight,
          lowestProbability: bin.lowest, highestProbability: bin.highest,
          meanProbability: bin.expected / bin.weight, observed: observed)
      }
    }
  }
}
