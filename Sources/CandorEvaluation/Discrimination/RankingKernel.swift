/// One pass each over rows in ascending order of score; the order of summation is that of rows.
enum RankingKernel {
  /// The weighted area; nil where one class has no weight. Three reads a row.
  static func area(labels: Span<Double>, weights: Span<Double>, tieEnds: Span<Int>) -> Double? {
    var goodsBelow = 0.0
    var bads = 0.0
    var pairs = 0.0
    var start = 0
    for run in 0..<tieEnds.count {
      var good = 0.0
      var bad = 0.0
      let end = tieEnds[run]
      for i in start..<end {
        let weight = weights[i]
        bad += weight * labels[i]
        good += weight * (1 - labels[i])
      }
      pairs += bad * (goodsBelow + 0.5 * good)
      goodsBelow += good
      bads += bad
      start = end
    }
    return bads > 0 && goodsBelow > 0 ? pairs / (bads * goodsBelow) : nil
  }

  /// The weights of bads and goods.
  static func classWeights(labels: Span<Double>, weights: Span<Double>) -> (
    bads: Double, goods: Double
  ) {
    var bads = 0.0
    var goods = 0.0
    for i in 0..<labels.count {
      bads += weights[i] * labels[i]
      goods += weights[i] * (1 - labels[i])
    }
    return (bads, goods)
  }

  /// The largest distance of the two distribution functions and the run after which it is
  /// reached (the lowest of equals); nil where one class has no weight.
  static func largestDistance(
    labels: Span<Double>, weights: Span<Double>, tieEnds: Span<Int>
  ) -> (distance: Double, run: Int, bads: Double, goods: Double)? {
    let total = classWeights(labels: labels, weights: weights)
    guard total.bads > 0, total.goods > 0 else { return nil }
    var best = (distance: -1.0, run: 0, bads: 0.0, goods: 0.0)
    var bads = 0.0
    var goods = 0.0
    var start = 0
    for run in 0..<tieEnds.count {
      let end = tieEnds[run]
      for i in start..<end {
        bads += weights[i] * labels[i]
        goods += weights[i] * (1 - labels[i])
      }
      let distance = abs(bads / total.bads - goods / total.goods)
      if distance > best.distance {
        best = (distance, run, bads / total.bads, goods / total.goods)
      }
      start = end
    }
    return best
  }

  /// Σ (recall step) · precision from the riskiest run down; nil where there is no bad.
  static func averagePrecision(
    labels: Span<Double>, weights: Span<Double>, tieEnds: Span<Int>
  ) -> Double? {
    var refused = 0.0
    var bads = 0.0
    var sum = 0.0
    for run in stride(from: tieEnds.count - 1, through: 0, by: -1) {
      let start = run == 0 ? 0 : tieEnds[run - 1]
      var bad = 0.0
      for i in start..<tieEnds[run] {
        refused += weights[i]
        bad += weights[i] * labels[i]
      }
      bads += bad
      if bad > 0 { sum += bad * (bads / refused) }
    }
    return bads > 0 ? sum / bads : nil
  }
}
