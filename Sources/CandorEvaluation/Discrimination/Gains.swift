/// The gains table: rows in bands of near-equal size from the riskiest down.
///
/// Equal scores stay together: a run of ties belongs to the band in which its middle falls, so
/// bands can differ in size and there can be fewer than asked for.
public struct Gains: Sendable, Equatable, Codable {
  /// A band of the table.
  public struct Band: Sendable, Equatable, Codable {
    /// The number of the band, 1 = riskiest.
    public let number: Int
    /// Rows in the band.
    public let rows: Int
    /// Bad rows in the band.
    public let badRows: Int
    /// The sum of weights in the band.
    public let weight: Double
    /// The sum of weights of bads in the band.
    public let bads: Double
    /// The share of bads in the band, with Wilson's interval.
    public let badRate: Estimate
    /// The weighted mean probability of bad in the band.
    public let meanProbability: Double
    /// The lowest score in the band.
    public let lowestScore: Double
    /// The highest score in the band.
    public let highestScore: Double
    /// The share of all rows in this and riskier bands, by weight.
    public let cumulativeShare: Double
    /// The share of all bads in this and riskier bands.
    public let cumulativeCapture: Double
    /// The band's bad rate over that of all rows.
    public let lift: Double
    /// The bad rate of this and riskier bands over that of all rows.
    public let cumulativeLift: Double
  }

  /// The bands, riskiest first.
  public let bands: [Band]

  /// The table of a sample; throws where a class is missing or `bands` is below 2; O(n).
  public init(of sample: ScoredSample, bands count: Int = 10, level: Double = 0.95)
    throws(EvaluationError)
  {
    try sample.requireBothClasses(for: "The gains table")
    guard count >= 2 else {
      throw EvaluationError(.badOption, "The gains table has \(count) bands; it needs at least 2.")
    }
    let ranked = sample.ranked
    // Cut from the riskiest end, so that the rule for ties reads in the order of the table.
    let descending = Array(ranked.scores.reversed())
    let ends = EqualMassBins.ends(
      of: descending, weights: Array(ranked.weights.reversed()), bins: count)
    var bands: [Band] = []
    var start = 0
    var weightSoFar = 0.0
    var badsSoFar = 0.0
    for end in ends {
      var share = WeightedShare()
      var badRows = 0
      var expected = 0.0
      for place in start..<end {
        let i = ranked.count - 1 - place
        let isBad = ranked.labels[i] == 1
        share.add(weight: ranked.weights[i], hit: isBad)
        if isBad { badRows += 1 }
        expected += ranked.weights[i] * ranked.probabilities[i]
      }
      guard let rate = share.estimate(level: level) else { continue }
      weightSoFar += share.total
      badsSoFar += share.hit
      bands.append(
        Band(
          number: bands.count + 1, rows: end - start, badRows: badRows, weight: share.total,
          bads: share.hit, badRate: rate, meanProbability: expected / share.total,
          lowestScore: descending[end - 1], highestScore: descending[start],
          cumulativeShare: weightSoFar / ranked.totalWeight,
          cumulativeCapture: badsSoFar / ranked.badWeight, lift: rate.value / ranked.badRate,
          cumulativeLift: badsSoFar / weightSoFar / ranked.badRate))
      start = end
    }
    self.bands = bands
  }
}
