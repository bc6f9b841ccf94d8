/// The weights of goods and bads in bins of equal width of the probability of bad.
public struct ScoreHistogram: Sendable, Equatable, Codable {
  /// The ends of the bins, one more than bins; the last bin includes its upper end.
  public let edges: [Double]
  /// The sum of weights of goods in each bin.
  public let goods: [Double]
  /// The sum of weights of bads in each bin.
  public let bads: [Double]

  /// Counts a sample in `bins` bins (at least one) between 0 and 1; O(n).
  public init(of sample: ScoredSample, bins: Int = 20) {
    let count = max(bins, 1)
    var goods = [Double](repeating: 0, count: count)
    var bads = goods
    let ranked = sample.ranked
    for i in 0..<ranked.count {
      let bin = min(Int(ranked.probabilities[i] * Double(count)), count - 1)
      if ranked.labels[i] == 1 {
        bads[bin] += ranked.weights[i]
      } else {
        goods[bin] += ranked.weights[i]
      }
    }
    edges = (0...count).map { Double($0) / Double(count) }
    self.goods = goods
    self.bads = bads
  }
}
