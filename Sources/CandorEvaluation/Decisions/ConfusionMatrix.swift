/// Decisions at a cut-off against outcomes.
///
/// A row with probability of bad >= the cut-off is refused, which predicts a bad; bads are the
/// positive class. The counts are sums of weights. Shares carry Wilson's interval; a share whose
/// denominator is empty is nil.
public struct ConfusionMatrix: Sendable, Equatable, Codable {
  /// The probability of bad from which rows are refused.
  public let cutOff: Double
  /// Bads that are refused (true positives).
  public let refusedBads: Double
  /// Goods that are refused (false positives).
  public let refusedGoods: Double
  /// Bads that are approved (false negatives).
  public let approvedBads: Double
  /// Goods that are approved (true negatives).
  public let approvedGoods: Double
  /// The share of rows that are decided as they turned out.
  public let accuracy: Estimate
  /// The share of bads among the refused.
  public let precision: Estimate?
  /// The share of bads that are refused (sensitivity).
  public let recall: Estimate?
  /// The share of goods that are approved.
  public let specificity: Estimate?
  /// The harmonic mean of precision and recall; nil where there is no bad and no refusal.
  public let f1: Double?
  /// The share of rows that are approved.
  public let approvalRate: Estimate
  /// The share of bads among the approved.
  public let badRateAmongApproved: Estimate?

  /// Counts the decisions in a sample; throws where the cut-off is not a number; O(n).
  public init(of sample: ScoredSample, cutOff: Double, level: Double = 0.95)
    throws(EvaluationError)
  {
    guard !cutOff.isNaN else {
      throw EvaluationError(.badOption, "The cut-off is not a number; give a probability of bad.")
    }
    var correct = WeightedShare()
    var badsAmongRefused = WeightedShare()
    var refusedAmongBads = WeightedShare()
    var approvedAmongGoods = WeightedShare()
    var approved = WeightedShare()
    var badsAmongApproved = WeightedShare()
    let ranked = sample.ranked
    for i in 0..<ranked.count {
      let weight = ranked.weights[i]
      let isBad = ranked.labels[i] == 1
      let isRefused = ranked.probabilities[i] >= cutOff
      correct.add(weight: weight, hit: isBad == isRefused)
      approved.add(weight: weight, hit: !isRefused)
      if isBad {
        refusedAmongBads.add(weight: weight, hit: isRefused)
      } else {
        approvedAmongGoods.add(weight: weight, hit: !isRefused)
      }
      if isRefused {
        badsAmongRefused.add(weight: weight, hit: isBad)
      } else {
        badsAmongApproved.add(weight: weight, hit: isBad)
      }
    }
    guard let accuracy = correct.estimate(level: level),
      let approvalRate = approved.estimate(level: level)
    else { throw EvaluationError(.emptySample, "There are no rows to decide on.") }
    self.cutOff = cutOff
    refusedBads = refusedAmongBads.hit
    approvedBads = badsAmongApproved.hit
    approvedGoods = approvedAmongGoods.hit
    var refusedGoods = 0.0
    for i in 0..<ranked.count
    where ranked.labels[i] == 0 && ranked.probabilities[i] >= cutOff {
      refusedGoods += ranked.weights[i]
    }
    self.refusedGoods = refusedGoods
    self.accuracy = accuracy
    self.approvalRate = approvalRate
    precision = badsAmongRefused.estimate(level: level)
    recall = refusedAmongBads.estimate(level: level)
    specificity = approvedAmongGoods.estimate(level: level)
    badRateAmongApproved = badsAmongApproved.estimate(level: level)
    let f1Denominator = 2 * refusedBads + refusedGoods + approvedBads
    f1 = f1Denominator > 0 ? 2 * refusedBads / f1Denominator : nil
  }
}
