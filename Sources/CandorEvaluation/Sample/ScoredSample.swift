/// Labelled rows with what a model said about them: the input of every statistic in this target.
///
/// Weights are case weights: a row of weight 3 counts as three equal rows in every value. Standard
/// errors and intervals treat unequal weights as sampling weights, that is, by linearisation or
/// with Kish's effective number of rows, (Σw)²/Σw², since a weight is no proof of more data. Rows
/// of weight zero are left out. Where all weights are equal, everything is as without weights.
public struct ScoredSample: Sendable, Equatable {
  /// 1 for a bad, 0 for a good.
  public let labels: [Double]
  /// Probabilities of bad, within 0…1.
  public let probabilities: [Double]
  /// The score that ranks, higher = riskier.
  public let scores: [Double]
  /// Case weights, not negative; nil stands for 1 each.
  public let weights: [Double]?
  /// The rows in order of score, sorted once.
  public let ranked: RankedSample

  /// Checks lengths and values, sorts, and throws a sentence that names the first fault; without
  /// scores the probabilities rank; O(n log n).
  public init(
    labels: [Double], probabilities: [Double], scores: [Double]? = nil, weights: [Double]? = nil
  ) throws(EvaluationError) {
    let scores = scores ?? probabilities
    let count = labels.count
    guard count > 0 else { throw EvaluationError(.emptySample, "There are no rows to evaluate.") }
    for (name, length) in [
      ("probabilities", probabilities.count), ("scores", scores.count),
      ("weights", weights?.count ?? count),
    ] where length != count {
      throw EvaluationError(
        .lengthMismatch, "There are \(count) labels but \(length) \(name): give one for each row.")
    }
    for i in 0..<count {
      guard labels[i] == 0 || labels[i] == 1 else {
        throw EvaluationError(
          .badLabel, "The label of row \(i + 1) is \(labels[i]); it must be 0 (good) or 1 (bad).")
      }
      guard probabilities[i] >= 0, probabilities[i] <= 1 else {
        throw EvaluationError(
          .badProbability,
          "The probability of row \(i + 1) is \(probabilities[i]); it must lie within 0…1.")
      }
      guard scores[i].isFinite else {
        throw EvaluationError(
          .notFinite, "The score of row \(i + 1) is \(scores[i]); it must be finite.")
      }
    }
    if let weights {
      for i in 0..<count where !(weights[i] >= 0 && weights[i].isFinite) {
        throw EvaluationError(
          .badWeight,
          "The weight of row \(i + 1) is \(weights[i]); it must be finite and not negative.")
      }
      guard weights.contains(where: { $0 > 0 }) else {
        throw EvaluationError(.emptySample, "All weights are zero, so no row counts.")
      }
    }
    self.labels = labels
    self.probabilities = probabilities
    self.scores = scores
    self.weights = weights
    ranked = RankedSample(
      labels: labels, probabilities: probabilities, scores: scores, weights: weights)
  }

  /// The number of rows, those of weight zero included.
  public var count: Int { labels.count }

  /// The sample of the rows at these positions; throws where none of them counts.
  public func selecting(rows: [Int]) throws(EvaluationError) -> ScoredSample {
    try ScoredSample(
      labels: rows.map { labels[$0] }, probabilities: rows.map { probabilities[$0] },
      scores: rows.map { scores[$0] }, weights: weights.map { w in rows.map { w[$0] } })
  }

  /// Throws a sentence where the sample lacks bads or goods.
  func requireBothClasses(for statistic: String) throws(EvaluationError) {
    guard ranked.badCount > 0, ranked.goodCount > 0 else {
      throw EvaluationError(
        .oneClass,
        "\(statistic) needs bads and goods; the sample has \(ranked.badCount) bad and "
          + "\(ranked.goodCount) good rows.")
    }
  }
}
