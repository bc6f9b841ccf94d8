/// The Kolmogorov-Smirnov distance of the scores of bads and goods, and where it is reached.
public struct KolmogorovSmirnov: Sendable, Equatable, Codable {
  /// The largest distance of the two distribution functions, within 0…1.
  public let distance: Double
  /// The score t at which it is reached: the functions count rows with score <= t. Of several the
  /// lowest.
  public let score: Double
  /// The largest probability of bad among rows with that score.
  public let probability: Double
  /// The share of bads with score <= t.
  public let badsBelow: Double
  /// The share of goods with score <= t.
  public let goodsBelow: Double

  /// The distance in a sample; throws where a class is missing; O(n).
  public init(of sample: ScoredSample) throws(EvaluationError) {
    try sample.requireBothClasses(for: "The Kolmogorov-Smirnov distance")
    let ranked = sample.ranked
    let found =
      RankingKernel.largestDistance(
        labels: ranked.labels.span, weights: ranked.weights.span, tieEnds: ranked.tieEnds.span)
      ?? (0, 0, 0, 0)
    distance = found.distance
    badsBelow = found.bads
    goodsBelow = found.goods
    let last = ranked.tieEnds[found.run] - 1
    score = ranked.scores[last]
    probability = ranked.probabilities[last]
  }

  /// The distance along a ranking with any weights; nil where one class has no weight; O(n).
  public static func value(of sample: RankedSample, weights: [Double]) -> Double? {
    RankingKernel.largestDistance(
      labels: sample.labels.span, weights: weights.span, tieEnds: sample.tieEnds.span)?.distance
  }
}
