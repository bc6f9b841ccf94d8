import Foundation

/// The standard error and interval of an area under the ROC curve without a distribution.
///
/// DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988), doi:10.2307/2531595, in the
/// O(n log n) form of Sun and Xu, IEEE SPL 21 (2014), doi:10.1109/LSP.2014.2337313. The interval
/// is taken on the logit scale, where it cannot leave 0…1.
public enum DeLong {
  /// The area with DeLong's standard error; throws where the sample lacks bads or goods.
  ///
  /// Where bads and goods do not overlap at all, DeLong's variance is zero, which is no certainty:
  /// then the interval is the exact binomial bound of min(bads, goods) pairs without a common row,
  /// all of which agree (or all disagree), and there is no standard error. With unequal weights
  /// the variance is that of the linearised area. One row in a class gives no interval.
  /// - Parameters:
  ///   - sample: Labelled and scored rows.
  ///   - level: The nominal coverage.
  /// - Returns: The area, its standard error and interval, and the method used.
  /// - Throws: `EvaluationError` where a class is missing.
  public static func estimate(of sample: ScoredSample, level: Double = 0.95)
    throws(EvaluationError) -> Estimate
  {
    try sample.requireBothClasses(for: "DeLong's estimate")
    let placements = PlacementValues(sample)
    let area = placements.area
    let ranked = sample.ranked
    guard ranked.badCount > 1, ranked.goodCount > 1 else {
      return Estimate(
        value: area, level: level, method: "no interval: a class has one row only")
    }
    let rows = ranked.rows.indices.map { ranked.rows[$0] }
    let error = placements.variance(
      of: rows.map { placements.values[$0] - area }, ranked: ranked
    ).squareRoot()
    let apart = RankingKernel.separated(ranked)
    if apart != 0 {
      let pairs = Double(min(ranked.badCount, ranked.goodCount))
      let bound = pow((1 - level) / 2, 1 / pairs)
      return Estimate(
        value: area, lower: apart > 0 ? bound : 0, upper: apart > 0 ? 1 : 1 - bound, level: level,
        method: "exact bound: bads and goods do not overlap")
    }
    guard error > 0,
      let interval = ConfidenceInterval.logit(value: area, standardError: error, level: level)
    else {
      return Estimate(value: area, level: level, method: "no interval: all scores are equal")
    }
    return Estimate(
      value: area, standardError: error, lower: interval.lower, upper: interval.upper,
      level: level,
      method: ranked.hasUnequalWeights
        ? "DeLong linearised for weights, logit interval" : "DeLong, logit interval")
  }
}

extension RankingKernel {
  /// 1 where every bad lies above every good, -1 where below, otherwise 0; both classes exist.
  static func separated(_ sample: RankedSample) -> Int {
    guard let firstBad = sample.labels.firstIndex(of: 1),
      let lastBad = sample.labels.lastIndex(of: 1),
      let firstGood = sample.labels.firstIndex(of: 0),
      let lastGood = sample.labels.lastIndex(of: 0)
    else { return 0 }
    if sample.scores[firstBad] > sample.scores[lastGood] { return 1 }
    if sample.scores[lastBad] < sample.scores[firstGood] { return -1 }
    return 0
  }
}

/// For each bad the share of goods below it, for each good the share of bads above it, ties half.
///
/// Both kinds have the area as their weighted mean; they are DeLong's structural components.
struct PlacementValues {
  /// By the row's position in the sample; 0 for rows of weight zero.
  let values: [Double]
  let area: Double

  init(_ sample: ScoredSample) {
    let ranked = sample.ranked
    var values = [Double](repeating: 0, count: sample.count)
    var goodsBelow = 0.0
    var badsBelow = 0.0
    var start = 0
    for end in ranked.tieEnds {
      var good = 0.0
      var bad = 0.0
      for i in start..<end {
        if ranked.labels[i] == 1 { bad += ranked.weights[i] } else { good += ranked.weights[i] }
      }
      let ofBad = (goodsBelow + 0.5 * good) / ranked.goodWeight
      let ofGood = (ranked.badWeight - badsBelow - 0.5 * bad) / ranked.badWeight
      for i in start..<end { values[ranked.rows[i]] = ranked.labels[i] == 1 ? ofBad : ofGood }
      goodsBelow += good
      badsBelow += bad
      start = end
    }
    self.values = values
    area = AUC.value(of: ranked, weights: ranked.weights) ?? 0.5
  }

  /// The variance of the mean over bads plus that over goods of `deviations`, given along the
  /// ranking and already centred.
  func variance(of deviations: [Double], ranked: RankedSample) -> Double {
    var bads = 0.0
    var goods = 0.0
    for i in 0..<deviations.count {
      let term = ranked.weights[i] * deviations[i]
      if ranked.labels[i] == 1 { bads += term * term } else { goods += term * term }
    }
    let n1 = Double(ranked.badCount)
    let n0 = Double(ranked.goodCount)
    return bads * n1 / (n1 - 1) / (ranked.badWeight * ranked.badWeight)
      + goods * n0 / (n0 - 1) / (ranked.goodWeight * ranked.goodWeight)
  }
}
