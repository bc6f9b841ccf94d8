/// The statistics of one group with what comparisons need besides.
struct GroupStatistics {
  let own: GroupOutcome.Own
  private let scoreVariance: Double
  private let effectiveCount: Double

  init(_ sample: ScoredSample, cutOff: Double, level: Double) throws(EvaluationError) {
    let ranked = sample.ranked
    let confusion = try ConfusionMatrix(of: sample, cutOff: cutOff, level: level)
    var bads = WeightedShare()
    var refusedGoods = WeightedShare()
    for i in 0..<ranked.count {
      let isBad = ranked.labels[i] == 1
      bads.add(weight: ranked.weights[i], hit: isBad)
      if !isBad {
        refusedGoods.add(weight: ranked.weights[i], hit: ranked.probabilities[i] >= cutOff)
      }
    }
    let mean = weightedMean(ranked.scores, ranked.weights) ?? 0
    let spread =
      weightedMean(ranked.scores.map { ($0 - mean) * ($0 - mean) }, ranked.weights) ?? 0
    let count = bads.effectiveCount
    effectiveCount = count
    scoreVariance = count > 1 ? spread * count / (count - 1) : 0
    own = GroupOutcome.Own(
      badRows: ranked.badCount, weight: ranked.totalWeight,
      badRate: bads.estimate(level: level), approvalRate: confusion.approvalRate,
      meanProbability: weightedMean(ranked.probabilities, ranked.weights) ?? 0, meanScore: mean,
      auc: ranked.badCount > 0 && ranked.goodCount > 0
        ? try DeLong.estimate(of: sample, level: level) : nil,
      goodsApproved: confusion.specificity, goodsRefused: refusedGoods.estimate(level: level),
      badsRefused: confusion.recall, badRateAmongApproved: confusion.badRateAmongApproved,
      observedOverExpected: CalibrationSummary.observedOverExpected(of: sample, level: level))
  }

  func compared(with reference: GroupStatistics, level: Double) -> GroupOutcome.Comparison {
    let rate = own.approvalRate.value
    let referenceRate = reference.own.approvalRate.value
    let goods = Self.gap(own.goodsApproved, reference.own.goodsApproved, level)
    let bads = Self.gap(own.badsRefused, reference.own.badsRefused, level)
    var odds: Double?
    if let goods, let bads { odds = max(abs(goods.value), abs(bads.value)) }
    return GroupOutcome.Comparison(
      adverseImpact: AdverseImpact(
        rate: rate, count: effectiveCount, referenceRate: referenceRate,
        referenceCount: reference.effectiveCount, level: level),
      refusalRatio: referenceRate < 1 ? (1 - rate) / (1 - referenceRate) : nil,
      approvalGap: Self.gap(own.approvalRate, reference.own.approvalRate, level)
        ?? Estimate(value: rate - referenceRate, level: level, method: "no interval"),
      standardisedMeanDifference: standardisedDifference(from: reference, level: level),
      equalOpportunityGap: goods, equalisedOddsGap: odds,
      predictiveParityGap: Self.gap(
        own.badRateAmongApproved, reference.own.badRateAmongApproved, level),
      aucGap: Self.independentGap(own.auc, reference.own.auc, level))
  }

  private static func gap(_ first: Estimate?, _ second: Estimate?, _ level: Double) -> Estimate? {
    guard let first, let second else { return nil }
    let interval = ConfidenceInterval.newcombe(first, minus: second)
    var error: Double?
    if let a = first.standardError, let b = second.standardError {
      error = (a * a + b * b).squareRoot()
    }
    return Estimate(
      value: first.value - second.value, standardError: error, lower: interval?.lower,
      upper: interval?.upper, level: level, method: "Newcombe")
  }

  private static func independentGap(_ first: Estimate?, _ second: Estimate?, _ level: Double)
    -> Estimate?
  {
    guard let first, let second else { return nil }
    let value = first.value - second.value
    guard let a = first.standardError, let b = second.standardError else {
      return Estimate(value: value, level: level, method: "no interval")
    }
    let error = (a * a + b * b).squareRoot()
    let half = Tail.twoSidedNormal(level) * error
    return Estimate(
      value: value, standardError: error, lower: value - half, upper: value + half, level: level,
      method: "DeLong for independent samples, normal interval")
  }

  /// Cohen's d with the large-sample standard error of Hedges and Olkin, "Statistical Methods for
  /// Meta-Analysis", 1985, chapter 5.
  private func standardisedDifference(from reference: GroupStatistics, level: Double)
    -> Estimate?
  {
    let n1 = effectiveCount
    let n2 = reference.effectiveCount
    guard n1 + n2 > 2 else { return nil }
    let pooled =
      ((n1 - 1) * scoreVariance + (n2 - 1) * reference.scoreVariance) / (n1 + n2 - 2)
    guard pooled > 0 else { return nil }
    let value = (own.meanScore - reference.own.meanScore) / pooled.squareRoot()
    let error = ((n1 + n2) / (n1 * n2) + value * value / (2 * (n1 + n2))).squareRoot()
    let half = Tail.twoSidedNormal(level) * error
    return Estimate(
      value: value, standardError: error, lower: value - half, upper: value + half, level: level,
      method: "Cohen's d, pooled within-group deviation, normal interval")
  }
}
