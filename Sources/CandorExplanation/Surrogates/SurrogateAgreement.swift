import CandorNumerics

/// How far a global surrogate says what the model says, on rows that its fit did not see.
///
/// The sample is cut into two halves (even and odd rows), each judged by the fit to the other; figures
/// are means over the halves.
public struct SurrogateAgreement: Sendable, Equatable, Codable {
  /// R² of the surrogate's values on rows not seen.
  public let rSquared: Double
  /// R² on the rows of the fit.
  public let fittedRSquared: Double
  /// The rows of the sample.
  public let rows: Int
  /// The cut-off at which decisions are compared, on the model's scale; nil where none was given.
  public let cutOff: Double?
  /// The share of rows not seen on which both decide alike; nil without a cut-off.
  public let decisionAgreement: Double?
  /// The share of the more frequent decision: what a constant would agree on; nil without a cut-off.
  public let constantAgreement: Double?
  /// The area under the ROC curve of the surrogate's values for the model's refusals, on rows not seen;
  /// nil without a cut-off, or where the model decides all rows of a half alike.
  public let areaUnderCurve: Double?

  /// What a reader must be told, under these limits.
  public func warnings(_ thresholds: FidelityThresholds = .standard) -> [FidelityWarning] {
    thresholds.warnings(
      about: .surrogate(
        SurrogateEvidence(
          rSquared: rSquared, fittedRSquared: fittedRSquared, rows: rows, columns: 0, rank: 0,
          conditionNumber: 1, topOverlap: nil, top: 0)))
  }

  /// Measures two halves.
  ///
  /// - Parameters:
  ///   - halves: For each half the model's values, the other half's surrogate, and weights.
  ///   - fitted: R² of the whole fit.
  ///   - cutOff: Where decisions are compared.
  package init(
    halves: [(values: [Double], surrogate: [Double], weights: [Double])], fitted: Double,
    cutOff: Double?
  ) {
    let count = Double(max(halves.count, 1))
    rSquared =
      halves.reduce(0) { $0 + Self.rSquared($1.values, $1.surrogate, $1.weights) } / count
    fittedRSquared = fitted
    rows = halves.reduce(0) { $0 + $1.values.count }
    self.cutOff = cutOff
    guard let cutOff else {
      decisionAgreement = nil
      constantAgreement = nil
      areaUnderCurve = nil
      return
    }
    var (same, refused, total) = (0.0, 0.0, 0.0)
    var areas: [Double?] = []
    for half in halves {
      for i in half.values.indices {
        total += half.weights[i]
        if half.values[i] >= cutOff { refused += half.weights[i] }
        if (half.values[i] >= cutOff) == (half.surrogate[i] >= cutOff) {
          same += half.weights[i]
        }
      }
      areas.append(
        Self.area(half.surrogate, half.values.map { $0 >= cutOff }, half.weights))
    }
    decisionAgreement = total > 0 ? same / total : nil
    constantAgreement = total > 0 ? max(refused, total - refused) / total : nil
    let known = areas.compactMap { $0 }
    areaUnderCurve = known.count == areas.count ? known.reduce(0, +) / count : nil
  }

  /// One minus residual over total weighted sum of squares; 1 or 0 where the values do not vary.
  package static func rSquared(
    _ values: [Double], _ surrogate: [Double], _ weights: [Double]
  ) -> Double {
    let moments = Moments(values, weights: weights)
    let residual = OrderedReduction.sum(
      values.indices.map { i in
        weights[i] * (values[i] - surrogate[i]) * (values[i] - surrogate[i])
      })
    let spread = moments.sumOfSquaredDeviations
    let rounding = 1e-24 * moments.totalWeight * max(1, moments.mean * moments.mean)
    guard spread > rounding else { return residual <= 100 * rounding ? 1 : 0 }
    return 1 - residual / spread
  }

  /// The weighted chance that a refused row has a higher value than an approved one, ties half.
  static func area(_ scores: [Double], _ refused: [Bool], _ weights: [Double]) -> Double? {
    var (below, area, positive) = (0.0, 0.0, 0.0)
    let order = Ranks.order(scores)
    var start = 0
    while start < order.count {
      var end = start
      var (bad, good) = (0.0, 0.0)
      while end < order.count, scores[order[end]] == scores[order[start]] {
        if refused[order[end]] { bad += weights[order[end]] } else { good += weights[order[end]] }
        end += 1
      }
      area += bad * (below + good / 2)
      below += good
      positive += bad
      start = end
    }
    return positive > 0 && below > 0 ? area / (positive * below) : nil
  }
}
