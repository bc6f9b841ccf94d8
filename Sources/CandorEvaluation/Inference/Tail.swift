import CandorNumerics

/// The quantiles and tail probabilities that intervals and tests need.
enum Tail {
  /// The z for which a standard normal lies within ±z with this probability.
  static func twoSidedNormal(_ level: Double) -> Double { Normal.quantile(0.5 + level / 2) }

  static func twoSidedPValue(_ z: Double) -> Double { min(1, 2 * Normal.survival(abs(z))) }

  static func chiSquaredQuantile(_ probability: Double, degrees: Double) -> Double {
    ChiSquared.quantile(probability, degreesOfFreedom: degrees)
  }

  static func chiSquaredUpper(_ value: Double, degrees: Double) -> Double {
    ChiSquared.survival(value, degreesOfFreedom: degrees)
  }
}
