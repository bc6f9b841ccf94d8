/// Fisher's and Snedecor's F distribution.
public enum FDistribution {
  /// The probability of a value at most x; NaN where degrees of freedom are not positive.
  ///
  /// - Parameters:
  ///   - x: The value.
  ///   - numerator: The degrees of freedom of the numerator.
  ///   - denominator: The degrees of freedom of the denominator.
  /// - Returns: The probability.
  public static func cumulative(_ x: Double, numerator: Double, denominator: Double) -> Double {
    tails(x, numerator, denominator).lower
  }

  /// The probability of a value above x, with relative accuracy in the upper tail.
  ///
  /// - Parameters:
  ///   - x: The value.
  ///   - numerator: The degrees of freedom of the numerator.
  ///   - denominator: The degrees of freedom of the denominator.
  /// - Returns: The probability.
  public static func survival(_ x: Double, numerator: Double, denominator: Double) -> Double {
    tails(x, numerator, denominator).upper
  }

  /// The value that is not exceeded with probability p; NaN outside 0…1.
  ///
  /// - Parameters:
  ///   - p: The probability.
  ///   - numerator: The degrees of freedom of the numerator.
  ///   - denominator: The degrees of freedom of the denominator.
  /// - Returns: The value.
  public static func quantile(_ p: Double, numerator: Double, denominator: Double) -> Double {
    guard p >= 0, p <= 1, numerator > 0, denominator > 0, numerator.isFinite,
      denominator.isFinite
    else { return .nan }
    if p == 1 { return .infinity }
    return MonotoneRoot.smallest(upTo: .greatestFiniteMagnitude) { x in
      let (lower, upper) = tails(x, numerator, denominator)
      return p < 0.5 ? lower >= p : upper <= 1 - p
    }
  }

  private static func tails(
    _ x: Double, _ first: Double, _ second: Double
  ) -> (lower: Double, upper: Double) {
    let ratio = first / second * max(x, 0)
    if ratio == .infinity, first > 0, second > 0 { return (1, 0) }
    return SpecialFunctions.incompleteBeta(
      ratio / (1 + ratio), 1 / (1 + ratio), first / 2, second / 2)
  }
}
