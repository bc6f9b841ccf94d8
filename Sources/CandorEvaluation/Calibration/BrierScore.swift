/// The Brier score, its skill against the base rate, and its parts.
public struct BrierScore: Sendable, Equatable, Codable {
  /// The parts of the score over bins of near-equal size.
  ///
  /// score = reliability - resolution + uncertainty + withinBins; Murphy, J. Appl. Meteorology 12
  /// (1973); the last term, which is zero where forecasts in a bin are equal, after Stephenson,
  /// Coelho and Jolliffe, Weather and Forecasting 23 (2008), doi:10.1175/2007WAF2006116.1.
  public struct Decomposition: Sendable, Equatable, Codable {
    /// Σ n_b (p̄_b - ȳ_b)² / n: the harm of bad calibration; smaller is better.
    public let reliability: Double
    /// Σ n_b (ȳ_b - ȳ)² / n: how far the bins' bad rates differ; larger is better.
    public let resolution: Double
    /// ȳ (1 - ȳ): a property of the sample alone.
    public let uncertainty: Double
    /// What forecasts vary within bins.
    public let withinBins: Double
  }

  /// The mean of (p - y)², with the normal interval of a mean.
  public let score: Estimate
  /// 1 - score / (ȳ (1 - ȳ)): 0 for the base rate, 1 for certainty; nil with one class only.
  public let skill: Double?
  /// The parts over ten bins.
  public let decomposition: Decomposition

  /// The score of a sample; O(n).
  public init(of sample: ScoredSample, bins: Int = 10, level: Double = 0.95) {
    let ranked = sample.ranked
    score = WeightedMean.estimate(
      of: Self.losses(of: ranked), weights: ranked.weights, level: level)
    let rate = ranked.badRate
    let uncertainty = rate * (1 - rate)
    skill = uncertainty > 0 ? 1 - score.value / uncertainty : nil
    var reliability = 0.0
    var resolution = 0.0
    for bin in ProbabilityBins(ranked, bins: max(bins, 1)).bins {
      let share = bin.weight / ranked.totalWeight
      let gap = bin.expected / bin.weight - bin.bads / bin.weight
      let spread = bin.bads / bin.weight - rate
      reliability += share * gap * gap
      resolution += share * spread * spread
    }
    decomposition = Decomposition(
      reliability: reliability, resolution: resolution, uncertainty: uncertainty,
      withinBins: score.value - reliability + resolution - uncertainty)
  }

  /// The mean of (p - y)² along a ranking with any weights; nil where none has weight; O(n).
  public static func value(of sample: RankedSample, weights: [Double]) -> Double? {
    weightedMean(losses(of: sample), weights)
  }

  static func losses(of sample: RankedSample) -> [Double] {
    zip(sample.probabilities, sample.labels).map { ($0 - $1) * ($0 - $1) }
  }
}

/// Σ w x / Σ w; nil where the weights sum to zero.
func weightedMean(_ values: [Double], _ weights: [Double]) -> Double? {
  var total = 0.0
  var sum = 0.0
  for i in 0..<values.count {
    total += weights[i]
    sum += weights[i] * values[i]
  }
  return total > 0 ? sum / total : nil
}
