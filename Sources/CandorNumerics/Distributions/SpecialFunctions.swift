/// The functions that distributions are made of.
///
/// Goals in order: no wrong digit without notice (NaN outside the domain), relative accuracy in
/// both tails, speed.
public enum SpecialFunctions {
  /// The natural logarithm of |Γ(x)|.
  public static func logGamma(_ x: Double) -> Double { SystemMath.lgamma(x) }

  /// The natural logarithm of the beta function B(a, b), for positive arguments.
  public static func logBeta(_ a: Double, _ b: Double) -> Double {
    guard a > 0, b > 0 else { return .nan }
    if a >= 10, b >= 10 {
      // Stirling's formula: the large terms of three log-gammas would cancel.
      let sum = a + b
      return 0.5 * SystemMath.log(2 * Double.pi * (sum / a) / b)
        + stirlingError(a) + stirlingError(b) - stirlingError(sum)
        - a * SystemMath.log1p(b / a) - b * SystemMath.log1p(a / b)
    }
    let (smaller, larger) = (min(a, b), max(a, b))
    if larger >= 16 {
      // ln Γ(larger) − ln Γ(sum) by Stirling's formula, leading terms cancelled by hand.
      let sum = smaller + larger
      return logGamma(smaller) + smaller - smaller * SystemMath.log(sum)
        - (larger - 0.5) * SystemMath.log1p(smaller / larger)
        + stirlingError(larger) - stirlingError(sum)
    }
    return logGamma(a) + logGamma(b) - logGamma(a + b)
  }

  /// ln(1 + eˣ) without overflow and with relative accuracy in both tails.
  public static func logOnePlusExp(_ x: Double) -> Double {
    x > 0 ? x + SystemMath.log1p(SystemMath.exp(-x)) : SystemMath.log1p(SystemMath.exp(x))
  }

  /// The logistic function 1 / (1 + e⁻ˣ), with relative accuracy in the lower tail.
  public static func logistic(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + SystemMath.exp(-x)) }
    let power = SystemMath.exp(x)
    return power / (1 + power)
  }

  /// The regularised incomplete beta function Iₓ(a, b), the probability that a beta variable is at
  /// most x; NaN outside 0 ≤ x ≤ 1, a > 0, b > 0.
  public static func regularizedIncompleteBeta(_ x: Double, a: Double, b: Double) -> Double {
    incompleteBeta(x, 1 - x, a, b).lower
  }

  /// The regularised lower incomplete gamma function P(shape, x); NaN outside x ≥ 0, shape > 0.
  public static func regularizedIncompleteGamma(_ x: Double, shape: Double) -> Double {
    incompleteGamma(x, shape).lower
  }

  /// The regularised upper incomplete gamma function Q(shape, x) = 1 − P(shape, x), with relative
  /// accuracy where it is small.
  public static func regularizedIncompleteGammaComplement(
    _ x: Double, shape: Double
  ) -> Double {
    incompleteGamma(x, shape).upper
  }

  // MARK: Both tails

  /// Iₓ(a, b) and its complement; `y` is 1 − x, given apart so that neither loses digits.
  ///
  /// DiDonato and Morris, "Algorithm 708: significant digit computation of the incomplete beta
  /// function ratios", 1992, doi:10.1145/131766.131776.
  static func incompleteBeta(
    _ x: Double, _ y: Double, _ a: Double, _ b: Double
  ) -> (lower: Double, upper: Double) {
    guard x >= 0, y >= 0, a > 0, b > 0, a.isFinite, b.isFinite else { return (.nan, .nan) }
    if x == 0 { return (0, 1) }
    if y == 0 { return (1, 0) }
    let front = betaFactor(x, y, a, b)
    if x <= (a + 1) / (a + b + 2) {
      let lower = min(front * betaFraction(x, y, a, b), 1)
      return (lower, 1 - lower)
    }
    let upper = min(front * betaFraction(y, x, b, a), 1)
    return (1 - upper, upper)
  }

  /// P(shape, x) and Q(shape, x): the power series below shape + 1 (DLMF 8.11.4), the continued
  /// fraction above it (DLMF 8.9.2).
  static func incompleteGamma(_ x: Double, _ shape: Double) -> (lower: Double, upper: Double) {
    guard x >= 0, shape > 0, shape.isFinite else { return (.nan, .nan) }
    if x == 0 { return (0, 1) }
    if x == .infinity { return (1, 0) }
    let front = shape * poissonFactor(shape, x)
    if x < shape + 1 {
      var term = 1 / shape
      var sum = term
      var k = shape
      while term > sum * 1e-17 {
        k += 1
        term *= x / k
        sum += term
      }
      let lower = min(front * sum, 1)
      return (lower, 1 - lower)
    }
    var b = x + 1 - shape
    var c = 1 / tiny
    var d = 1 / b
    var fraction = d
    var k = 1.0
    while k < 1e7 {
      let numerator = -k * (k - shape)
      b += 2
      d = 1 / guarded(numerator * d + b)
      c = guarded(b + numerator / c)
      let factor = d * c
      fraction *= factor
      if abs(factor - 1) < 1e-16 { break }
      k += 1
    }
    let upper = min(front * fraction, 1)
    return (1 - upper, upper)
  }

  // MARK: Parts

  private static let tiny = 1e-300

  private static func guarded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }

  /// The continued fraction of the incomplete beta function by Lentz's method.
  ///
  /// The form of DiDonato and Morris, equation 9, in which 1 − x and a − (a + b)·x stand by
  /// themselves, so that large parameters do not cancel.
  private static func betaFraction(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
    let excess = 1 + (a > b ? (a + b) * y - b : a - (a + b) * x)
    var c = guarded(a / (a + 1) * excess)
    var d = 0.0
    var fraction = 1 / c
    var n = 1.0
    while n < 1e7 {
      let place = a + 2 * n
      let step = n * (b - n) * x
      let above = (a + n - 1) / (place - 1) * ((a + b + n - 1) / (place - 1)) * step * x
      let below = n + step / (place - 1) + (a + n) / (place + 1) * (excess + n * (1 + y))
      d = 1 / guarded(below + above * d)
      c = guarded(below + above / c)
      let factor = c * d
      fraction /= factor
      if abs(factor - 1) < 1e-16 { break }
      n += 1
    }
    return fraction
  }

  /// xᵃ·yᵇ / B(a, b).
  ///
  /// For large arguments by Loader's saddle-point form ("Fast and accurate computation of binomial
  /// probabilities", 2000), whose terms do not cancel.
  static func betaFactor(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
    if a < 1 || b < 1 {
      let logX = x < 0.5 ? SystemMath.log(x) : SystemMath.log1p(-y)
      let logY = x < 0.5 ? SystemMath.log1p(-x) : SystemMath.log(y)
      let power = a * logX + b * logY
      return SystemMath.exp(power - logBeta(a, b))
    }
    let n = a + b
    let exponent =
      stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x)
      - deviance(b, n * y)
    return SystemMath.exp(exponent) * (a / n * b / (2 * Double.pi)).squareRoot()
  }

  /// e⁻ᵐ·mˣ / Γ(x + 1), Loader's form.
  static func poissonFactor(_ x: Double, _ mean: Double) -> Double {
    if x < 1 {
      return SystemMath.exp(x * SystemMath.log(mean) - mean - logGamma(x + 1))
    }
    return SystemMath.exp(-stirlingError(x) - deviance(x, mean))
      / (2 * Double.pi * x).squareRoot()
  }

  /// ln Γ(z + 1) − (z + ½)·ln z + z − ½·ln 2π, DLMF 5.11.1 for large z.
  static func stirlingError(_ z: Double) -> Double {
    if z < 16 {
      return logGamma(z + 1) - (z + 0.5) * SystemMath.log(z) + z - 0.9189385332046727418
    }
    let s = 1 / (z * z)
    let series =
      1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188))))
    return series / z
  }

  /// x·ln(x / m) + m − x, without cancellation near x = m.
  static func deviance(_ x: Double, _ m: Double) -> Double {
    let difference = x - m
    if abs(difference) < 0.1 * (x + m) {
      // With v = (x − m)/(x + m): ln(x/m) = 2·atanh(v), and the leading terms cancel exactly.
      let v = difference / (x + m)
      var sum = difference * v
      var term = 2 * x * v
      var k = 1.0
      while k < 1000 {
        term *= v * v
        let next = sum + term / (2 * k + 1)
        if next == sum { break }
        sum = next
        k += 1
      }
      return sum
    }
    if x == 0 { return m }
    return x * SystemMath.log(x / m) + m - x
  }
}
