import CandorNumerics

/// Confidence bounds of a share by the Kullback–Leibler divergence.
///
/// Cappé, Garivier, Maillard, Munos and Stoltz 2013, doi:10.1214/13-AOS1119; Kaufmann and
/// Kalyanakrishnan 2013, "Information complexity in bandit subset selection", COLT.
enum BernoulliBounds {
  /// p ln(p/q) + (1 − p) ln((1 − p)/(1 − q)), in nats.
  static func divergence(_ p: Double, _ q: Double) -> Double {
    var sum = 0.0
    if p > 0 { sum += q > 0 ? p * SystemMath.log(p / q) : .infinity }
    if p < 1 { sum += q < 1 ? (1 - p) * SystemMath.log((1 - p) / (1 - q)) : .infinity }
    return sum
  }

  /// The largest q at or above `share` whose divergence from it is at most `level`.
  static func upper(_ share: Double, level: Double) -> Double {
    var (low, high) = (share, 1.0)
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if divergence(share, middle) > level { high = middle } else { low = middle }
    }
    return high
  }

  /// The smallest q at or below `share` whose divergence from it is at most `level`.
  static func lower(_ share: Double, level: Double) -> Double {
    var (low, high) = (0.0, share)
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if divergence(share, middle) > level { low = middle } else { high = middle }
    }
    return low
  }

  /// The exploration rate of KL-LUCB for so many arms after so many rounds:
  /// `ln(k·n·t^α/δ) + ln ln(k·n·t^α/δ)` with α = 1.1 and k = 405.5, Kaufmann and Kalyanakrishnan 2013,
  /// theorem 2.
  static func rate(arms: Int, round: Int, failure: Double) -> Double {
    let logarithm =
      SystemMath.log(405.5 * Double(max(arms, 1)) / failure)
      + 1.1 * SystemMath.log(Double(max(round, 1)))
    return logarithm + SystemMath.log(logarithm)
  }
}
