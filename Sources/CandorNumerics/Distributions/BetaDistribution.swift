/// The beta distribution on 0…1.
public enum BetaDistribution {
  /// The probability of a value at most x; NaN where a shape is not positive.
  ///
  /// - Parameters:
  ///   - x: The value.
  ///   - alpha: The shape at 0.
  ///   - beta: The shape at 1.
  /// - Returns: The probability.
  public static func cumulative(_ x: Double, alpha: Double, beta: Double) -> Double {
    let inside = min(max(x, 0), 1)
    return SpecialFunctions.incompleteBeta(inside, 1 - inside, alpha, beta).lower
  }

  /// The probability of a value above x, with relative accuracy in the upper tail.
  ///
  /// - Parameters:
  ///   - x: The value.
  ///   - alpha: The shape at 0.
  ///   - beta: The shape at 1.
  /// - Returns: The probability.
  public static func survival(_ x: Double, alpha: Double, beta: Double) -> Double {
    let inside = min(max(x, 0), 1)
    return SpecialFunctions.incompleteBeta(inside, 1 - inside, alpha, beta).upper
  }

  /// The value that is not exceeded with probability p; NaN outside 0…1.
  ///
  /// - Parameters:
  ///   - p: The probability.
  ///   - alpha: The shape at 0.
  ///   - beta: The shape at 1.
  /// - Returns: The value.
  public static func quantile(_ p: Double, alpha: Double, beta: Double) -> Double {
    guard p >= 0, p <= 1, alpha > 0, beta > 0, alpha.isFinite, beta.isFinite else { return .nan }
    if p == 1 { return 1 }
    return MonotoneRoot.smallest(upTo: 1) { x in
      let (lower, upper) = SpecialFunctions.incompleteBeta(x, 1 - x, alpha, beta)
      return p < 0.5 ? lower >= p : upper <= 1 - p
    }
  }
}
