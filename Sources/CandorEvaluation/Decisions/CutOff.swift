/// A cut-off on the probability of bad, chosen on given rows, with its cost curve.
///
/// Rows with probability >= the cut-off are refused. Candidates lie half-way between neighbouring
/// distinct probabilities, so equal probabilities are always decided alike; 0 refuses all, and
/// the highest candidate approves all. Choose on out-of-fold probabilities: on the training rows
/// a flexible model makes every cut-off look cheap.
public struct CutOff: Sendable, Equatable, Codable {
  /// How a cut-off is chosen.
  public enum Policy: Sendable, Equatable, Codable {
    /// The least expected cost; of equal ones the cut-off that approves most.
    case minimumCost(DecisionCosts)
    /// The highest share of approvals that does not exceed this one (by weight).
    case approvalRate(Double)
    /// A probability of bad given from outside.
    case fixed(Double)
  }

  /// A point of the cost curve.
  public struct Point: Sendable, Equatable, Codable {
    /// The cut-off.
    public let cutOff: Double
    /// The share of rows approved.
    public let approvalRate: Double
    /// The share of bads among the approved; nil where none is.
    public let badRateAmongApproved: Double?
    /// The mean cost of wrong decisions a row; nil without costs.
    public let cost: Double?
  }

  /// The policy that chose.
  public let policy: Policy
  /// The chosen cut-off.
  public let value: Double
  /// What the chosen cut-off does on the given rows.
  public let chosen: Point
  /// The curve over candidates in ascending order, evenly thinned, the chosen one always there.
  public let curve: [Point]

  /// Chooses on these rows; `costs` price the curve of a policy that has none of its own; the
  /// curve keeps about `curvePoints` candidates; O(n log n); throws where an option is wrong.
  public init(
    _ policy: Policy, on sample: ScoredSample, costs: DecisionCosts? = nil, curvePoints: Int = 200
  ) throws(EvaluationError) {
    var prices = try costs?.validated()
    switch policy {
    case .minimumCost(let own): prices = try own.validated()
    case .approvalRate(let rate):
      guard rate >= 0, rate <= 1 else {
        throw EvaluationError(
          .badOption, "The approval rate is \(rate); it must lie within 0…1.")
      }
    case .fixed(let value):
      guard value >= 0, value <= 1 else {
        throw EvaluationError(
          .badOption, "The fixed cut-off is \(value); it must lie within 0…1.")
      }
    }
    guard curvePoints >= 2 else {
      throw EvaluationError(
        .badOption, "The cost curve has \(curvePoints) points; it needs at least 2.")
    }
    let candidates = Self.candidates(sample.ranked, prices)
    self.policy = policy
    var place: Int?
    let picked: Point
    switch policy {
    case .minimumCost:
      var best = 0
      for i in 1..<candidates.count
      where (candidates[i].cost ?? 0) <= (candidates[best].cost ?? 0) { best = i }
      place = best
      picked = candidates[best]
    case .approvalRate(let rate):
      // The tolerance keeps sums of weights such as 0.7 from missing their own rate.
      let best = candidates.lastIndex { $0.approvalRate <= rate + 1e-12 } ?? 0
      place = best
      picked = candidates[best]
    case .fixed(let value):
      picked = Self.point(at: value, sample.ranked, prices)
    }
    chosen = picked
    value = picked.cutOff
    let steps = min(curvePoints, candidates.count)
    var kept = (0..<steps).map { $0 * (candidates.count - 1) / max(steps - 1, 1) }
    if let place, !kept.contains(place) { kept.append(place) }
    var points = kept.sorted().map { candidates[$0] }
    if place == nil, !points.contains(where: { $0.cutOff == picked.cutOff }) {
      points.insert(picked, at: points.firstIndex { $0.cutOff > picked.cutOff } ?? points.count)
    }
    curve = points
  }

  private static func point(at cutOff: Double, _ sample: RankedSample, _ costs: DecisionCosts?)
    -> Point
  {
    var bads = 0.0
    var goods = 0.0
    for i in 0..<sample.count where sample.probabilities[i] < cutOff {
      if sample.labels[i] == 1 { bads += sample.weights[i] } else { goods += sample.weights[i] }
    }
    return point(cutOff, approvedBads: bads, approvedGoods: goods, sample, costs)
  }

  private static func point(
    _ cutOff: Double, approvedBads bads: Double, approvedGoods goods: Double,
    _ sample: RankedSample, _ costs: DecisionCosts?
  ) -> Point {
    let total = sample.totalWeight
    return Point(
      cutOff: cutOff, approvalRate: (bads + goods) / total,
      badRateAmongApproved: bads + goods > 0 ? bads / (bads + goods) : nil,
      cost: costs.map {
        ($0.falseGood * bads + $0.falseBad * max(0, sample.goodWeight - goods)) / total
      })
  }

  /// All candidates, ascending.
  private static func candidates(_ sample: RankedSample, _ costs: DecisionCosts?) -> [Point] {
    let order = sample.probabilityOrder
    var points = [point(0, approvedBads: 0, approvedGoods: 0, sample, costs)]
    var bads = 0.0
    var goods = 0.0
    for (place, i) in order.enumerated() {
      if sample.labels[i] == 1 { bads += sample.weights[i] } else { goods += sample.weights[i] }
      let p = sample.probabilities[i]
      let next: Double
      if place + 1 < order.count {
        let above = sample.probabilities[order[place + 1]]
        if above == p { continue }
        let middle = p + (above - p) / 2
        next = middle > p ? middle : above
      } else {
        next = p < 1 ? 1 : 1.nextUp
      }
      points.append(point(next, approvedBads: bads, approvedGoods: goods, sample, costs))
    }
    return points
  }
}
