import Foundation

/// The difference of two areas under the ROC curve on the same rows.
///
/// The variance is that of the difference of DeLong's structural components, which holds the
/// covariance (DeLong, DeLong and Clarke-Pearson, 1988, doi:10.2307/2531595). It is not valid for
/// nested models on the rows they were fitted to. With unequal weights it is linearised.
public struct PairedDeLong: Sendable, Equatable, Codable {
  /// The area of the first scores.
  public let first: Estimate
  /// The area of the second scores.
  public let second: Estimate
  /// First minus second with a normal interval.
  public let difference: Estimate
  /// The difference over its standard error; nil where that is zero or unknown.
  public let z: Double?
  /// The two-sided p-value; nil where z is.
  public let pValue: Double?

  /// Compares two samples that have the same labels and weights row by row; throws where they
  /// differ or a class is missing; O(n log n).
  public init(_ first: ScoredSample, _ second: ScoredSample, level: Double = 0.95)
    throws(EvaluationError)
  {
    try Self.requireSameRows(first, second)
    self.first = try DeLong.estimate(of: first, level: level)
    self.second = try DeLong.estimate(of: second, level: level)
    let a = PlacementValues(first)
    let b = PlacementValues(second)
    let gap = a.area - b.area
    let ranked = first.ranked
    guard ranked.badCount > 1, ranked.goodCount > 1 else {
      difference = Estimate(
        value: gap, level: level, method: "no interval: a class has one row only")
      (z, pValue) = (nil, nil)
      return
    }
    let deviations = ranked.rows.map { a.values[$0] - b.values[$0] - gap }
    let error = a.variance(of: deviations, ranked: ranked).squareRoot()
    // A variance of rounding errors only is none: equal rankings differ by nothing.
    guard error > 1e-14 else {
      difference = Estimate(
        value: gap, level: level, method: "no interval: the two rankings place all rows alike")
      (z, pValue) = (nil, nil)
      return
    }
    let half = Tail.twoSidedNormal(level) * error
    difference = Estimate(
      value: gap, standardError: error, lower: gap - half, upper: gap + half, level: level,
      method: ranked.hasUnequalWeights
        ? "paired DeLong linearised for weights, normal interval"
        : "paired DeLong, normal interval")
    z = gap / error
    pValue = Tail.twoSidedPValue(gap / error)
  }

  static func requireSameRows(_ first: ScoredSample, _ second: ScoredSample)
    throws(EvaluationError)
  {
    guard first.labels == second.labels, first.weights == second.weights else {
      throw EvaluationError(
        .differentSamples,
        "A paired comparison needs the same rows in the same order: labels or weights differ.")
    }
  }
}
