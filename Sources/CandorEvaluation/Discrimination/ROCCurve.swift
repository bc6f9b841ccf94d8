/// The ROC curve as a polyline from (0, 0) to (1, 1), without points on a straight line.
public struct ROCCurve: Sendable, Equatable, Codable {
  /// A point of the curve: the rates when rows with `score >= threshold` are refused.
  public struct Point: Sendable, Equatable, Codable {
    /// The share of goods that are refused.
    public let falsePositiveRate: Double
    /// The share of bads that are refused.
    public let truePositiveRate: Double
    /// The lowest score that is refused; nil where none is.
    public let threshold: Double?

    /// Makes a point.
    public init(falsePositiveRate: Double, truePositiveRate: Double, threshold: Double?) {
      self.falsePositiveRate = falsePositiveRate
      self.truePositiveRate = truePositiveRate
      self.threshold = threshold
    }
  }

  /// The points, from the strictest refusal to the laxest.
  public let points: [Point]

  /// The curve of a sample; ties in score are one step; throws where a class is missing; O(n).
  ///
  /// A point is left out where it lies exactly on the line of its neighbours (a cross product of
  /// cumulative weights, so exact without weights): the polyline and its area stay the same.
  /// - Parameter sample: Labelled and scored rows.
  /// - Throws: `EvaluationError` where a class is missing.
  public init(of sample: ScoredSample) throws(EvaluationError) {
    try sample.requireBothClasses(for: "The ROC curve")
    let ranked = sample.ranked
    var kept: [(goods: Double, bads: Double, threshold: Double?)] = [(0, 0, nil)]
    var goods = 0.0
    var bads = 0.0
    for run in stride(from: ranked.tieEnds.count - 1, through: 0, by: -1) {
      let start = run == 0 ? 0 : ranked.tieEnds[run - 1]
      for i in start..<ranked.tieEnds[run] {
        if ranked.labels[i] == 1 { bads += ranked.weights[i] } else { goods += ranked.weights[i] }
      }
      if kept.count > 1 {
        let last = kept[kept.count - 1]
        let before = kept[kept.count - 2]
        let cross =
          (last.goods - before.goods) * (bads - last.bads)
          - (last.bads - before.bads) * (goods - last.goods)
        if cross == 0 { kept.removeLast() }
      }
      kept.append((goods, bads, ranked.scores[start]))
    }
    points = kept.map {
      Point(
        falsePositiveRate: $0.goods / goods, truePositiveRate: $0.bads / bads,
        threshold: $0.threshold)
    }
  }

  /// The area under the polyline by the trapezoidal rule.
  public var area: Double {
    zip(points, points.dropFirst()).reduce(0) { sum, pair in
      sum + (pair.1.falsePositiveRate - pair.0.falsePositiveRate)
        * (pair.1.truePositiveRate + pair.0.truePositiveRate) / 2
    }
  }
}
