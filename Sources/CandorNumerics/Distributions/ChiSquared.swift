/// The χ² distribution.
public enum ChiSquared {
  /// The probability of a value at most x; NaN where the degrees of freedom are not positive.
  public static func cumulative(_ x: Double, degreesOfFreedom: Double) -> Double {
    SpecialFunctions.incompleteGamma(max(x, 0) / 2, degreesOfFreedom / 2).lower
  }

  /// The probability of a value above x, with relative accuracy in the upper tail.
  public static func survival(_ x: Double, degreesOfFreedom: Double) -> Double {
    SpecialFunctions.incompleteGamma(max(x, 0) / 2, degreesOfFreedom / 2).upper
  }

  /// The value that is not exceeded with probability p; NaN outside 0…1.
  public static func quantile(_ p: Double, degreesOfFreedom: Double) -> Double {
    guard p >= 0, p <= 1, degreesOfFreedom > 0, degreesOfFreedom.isFinite else { return .nan }
    if p == 1 { return .infinity }
    return MonotoneRoot.smallest(upTo: .greatestFiniteMagnitude) { x in
      p < 0.5
        ? cumulative(x, degreesOfFreedom: degreesOfFreedom) >= p
        : survival(x, degreesOfFreedom: degreesOfFreedom) <= 1 - p
    }
  }
}
