/// The standard normal distribution.
public enum Normal {
  /// The density at x.
  public static func density(_ x: Double) -> Double {
    SystemMath.exp(-0.5 * x * x) * 0.3989422804014326779
  }

  /// The probability of a value at most x, with relative accuracy in the lower tail.
  public static func cumulative(_ x: Double) -> Double {
    0.5 * SystemMath.erfc(-x * 0.7071067811865475244)
  }

  /// The probability of a value above x, with relative accuracy in the upper tail.
  public static func survival(_ x: Double) -> Double {
    0.5 * SystemMath.erfc(x * 0.7071067811865475244)
  }

  /// The value that is not exceeded with probability p; infinite at 0 and 1, NaN outside.
  ///
  /// Wichura, "Algorithm AS 241: The percentage points of the normal distribution", 1988,
  /// doi:10.2307/2347330: relative error about 1e-16.
  public static func quantile(_ p: Double) -> Double {
    guard p >= 0, p <= 1 else { return .nan }
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    let q = p - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      return q * ratio(r, centralNumerator, centralDenominator)
    }
    let tail = q < 0 ? p : 1 - p
    let r = (-SystemMath.log(tail)).squareRoot()
    let size =
      r <= 5
      ? ratio(r - 1.6, middleNumerator, middleDenominator)
      : ratio(r - 5, farNumerator, farDenominator)
    return q < 0 ? -size : size
  }

  private static func ratio(_ r: Double, _ numerator: [Double], _ denominator: [Double]) -> Double {
    var above = 0.0
    var below = 0.0
    for coefficient in numerator { above = above * r + coefficient }
    for coefficient in denominator { below = below * r + coefficient }
    return above / below
  }

  // Coefficients of AS 241 (PPND16), highest power first.
  private static let centralNumerator: [Double] = [
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
    13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080,
  ]
  private static let centralDenominator: [Double] = [
    5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867,
    5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1,
  ]
  private static let middleNumerator: [Double] = [
    7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
    1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550,
    4.63033784615654529590, 1.42343711074968357734,
  ]
  private static let middleDenominator: [Double] = [
    1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
    1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940,
    2.05319162663775882187, 1,
  ]
  private static let farNumerator: [Double] = [
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
    2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580,
    5.46378491116411436990, 6.65790464350110377720,
  ]
  private static let farDenominator: [Double] = [
    2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
    7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
    5.99832206555887937690e-1, 1,
  ]
}
