/// Student's t distribution.
public enum StudentT {
  /// The density at x; NaN where the degrees of freedom are not positive.
  public static func density(_ x: Double, degreesOfFreedom: Double) -> Double {
    guard degreesOfFreedom > 0 else { return .nan }
    if degreesOfFreedom == .infinity { return Normal.density(x) }
    let half = degreesOfFreedom / 2
    let power = -(half + 0.5) * SystemMath.log1p(x * x / degreesOfFreedom)
    return SystemMath.exp(power - SpecialFunctions.logBeta(half, 0.5))
      / degreesOfFreedom.squareRoot()
  }

  /// The probability of a value at most x; infinite degrees of freedom give the normal one.
  public static func cumulative(_ x: Double, degreesOfFreedom: Double) -> Double {
    survival(-x, degreesOfFreedom: degreesOfFreedom)
  }

  /// The probability of a value above x, with relative accuracy in the upper tail.
  public static func survival(_ x: Double, degreesOfFreedom: Double) -> Double {
    guard degreesOfFreedom > 0, !x.isNaN else { return .nan }
    if degreesOfFreedom == .infinity { return Normal.survival(x) }
    let (central, tails) = absoluteValue(abs(x), degreesOfFreedom)
    return x >= 0 ? tails / 2 : 0.5 + central / 2
  }

  /// The value that is not exceeded with probability p; infinite at 0 and 1, NaN outside.
  public static func quantile(_ p: Double, degreesOfFreedom: Double) -> Double {
    guard p >= 0, p <= 1, degreesOfFreedom > 0 else { return .nan }
    if degreesOfFreedom == .infinity { return Normal.quantile(p) }
    if p == 0.5 { return 0 }
    let tail = min(p, 1 - p)
    if tail == 0 { return p == 0 ? -.infinity : .infinity }
    // Near the centre the tail's probability says little about the value; the central one does.
    let size =
      tail < 0.25
      ? MonotoneRoot.smallest(upTo: .infinity) {
        absoluteValue($0, degreesOfFreedom).tails <= 2 * tail
      }
      : MonotoneRoot.smallest(upTo: .infinity) {
        absoluteValue($0, degreesOfFreedom).central >= 1 - 2 * tail
      }
    return p < 0.5 ? -size : size
  }

  /// P(|T| ≤ x) and P(|T| > x); DLMF 8.17 and Abramowitz and Stegun 26.7.1.
  private static func absoluteValue(
    _ x: Double, _ degrees: Double
  ) -> (central: Double, tails: Double) {
    let ratio = x / degrees.squareRoot()
    let square = ratio * ratio
    if square == .infinity || x == .infinity {
      // x² overflows: the leading term of the tail, which is 0 in Double but for few degrees.
      let logTail =
        degrees / 2 * -2 * SystemMath.log(ratio) - SpecialFunctions.logBeta(degrees / 2, 0.5)
        - SystemMath.log(degrees / 2)
      return (1, SystemMath.exp(logTail))
    }
    let inside = square / (1 + square)
    let result = SpecialFunctions.incompleteBeta(inside, 1 / (1 + square), 0.5, degrees / 2)
    return (result.lower, result.upper)
  }
}
