import Foundation

/// Calibration in the large, its slope, and tests of it.
///
/// Intercept and slope are those of a logistic regression of the label on the log-odds of the
/// probabilities (Cox, Biometrika 45 (1958), doi:10.2307/2333203); ideal are 0 and 1.
public struct CalibrationSummary: Sendable, Equatable, Codable {
  /// The weighted share of bads.
  public let observedRate: Double
  /// The weighted mean probability.
  public let expectedRate: Double
  /// Σ y / Σ p with the exact Poisson interval, which is somewhat wide for bads that are not rare;
  /// unequal weights use the effective number of bads. Nil where Σ p is zero.
  public let observedOverExpected: Estimate?
  /// The intercept with the slope held at 1; nil where it is not finite.
  public let interceptInTheLarge: Estimate?
  /// The intercept beside a free slope; nil where the fit has no finite optimum.
  public let intercept: Estimate?
  /// The slope; nil where the fit has no finite optimum (classes apart, or equal probabilities).
  public let slope: Estimate?
  /// Σ (n_b/n) |ȳ_b - p̄_b| over ten bins of near-equal size; biased upwards.
  public let expectedCalibrationError: Double
  /// What the expected calibration error would be on average with perfect probabilities, from
  /// the normal approximation in each bin: the number to compare with, rather than zero.
  public let expectedCalibrationErrorOfPerfect: Double
  /// Spiegelhalter's Z = Σ (y - p)(1 - 2p) / √Σ (1 - 2p)² p (1 - p), standard normal for perfect
  /// probabilities; Statistics in Medicine 5 (1986). Nil where its variance is zero.
  public let spiegelhalterZ: Double?
  /// The two-sided p-value of Spiegelhalter's Z.
  public let spiegelhalterPValue: Double?
  /// The Hosmer-Lemeshow test over ten groups.
  public let hosmerLemeshow: HosmerLemeshow

  /// The summary of a sample; tell whether the model was fitted to these rows, which changes the
  /// degrees of freedom of the Hosmer-Lemeshow test; O(n) a Newton step.
  public init(
    of sample: ScoredSample, bins: Int = 10, fittedOnThisSample: Bool = false,
    level: Double = 0.95
  ) throws(EvaluationError) {
    hosmerLemeshow = try HosmerLemeshow(
      of: sample, groups: bins, fittedOnThisSample: fittedOnThisSample)
    let ranked = sample.ranked
    let total = ranked.totalWeight
    observedRate = ranked.badRate
    expectedRate = weightedMean(ranked.probabilities, ranked.weights) ?? 0
    observedOverExpected = Self.observedOverExpected(of: sample, level: level)
    let fit = LogisticRecalibration(ranked)
    let z = Tail.twoSidedNormal(level)
    let method =
      ranked.hasUnequalWeights
      ? "maximum likelihood, robust standard error" : "maximum likelihood"
    func estimate(_ found: (value: Double, error: Double)?) -> Estimate? {
      found.map {
        Estimate(
          value: $0.value, standardError: $0.error, lower: $0.value - z * $0.error,
          upper: $0.value + z * $0.error, level: level, method: method)
      }
    }
    interceptInTheLarge = estimate(fit.interceptAlone)
    intercept = estimate(fit.intercept)
    slope = estimate(fit.slope)

    var error = 0.0
    var ofPerfect = 0.0
    for bin in ProbabilityBins(ranked, bins: bins).bins {
      error += abs(bin.bads - bin.expected) / total
      ofPerfect += (2 / Double.pi * bin.variance).squareRoot() / total
    }
    expectedCalibrationError = error
    expectedCalibrationErrorOfPerfect = ofPerfect

    var sum = 0.0
    var variance = 0.0
    for i in 0..<ranked.count {
      let p = ranked.probabilities[i]
      let tilt = ranked.weights[i] * (1 - 2 * p)
      sum += (ranked.labels[i] - p) * tilt
      variance += tilt * tilt * p * (1 - p)
    }
    spiegelhalterZ = variance > 0 ? sum / variance.squareRoot() : nil
    spiegelhalterPValue = spiegelhalterZ.map { Tail.twoSidedPValue($0) }
  }

  /// Σ y / Σ p with the exact Poisson interval; nil where Σ p is zero.
  public static func observedOverExpected(of sample: ScoredSample, level: Double = 0.95)
    -> Estimate?
  {
    let ranked = sample.ranked
    var expected = 0.0
    var squares = 0.0
    for i in 0..<ranked.count {
      expected += ranked.weights[i] * ranked.probabilities[i]
      squares += ranked.weights[i] * ranked.weights[i] * ranked.labels[i]
    }
    guard expected > 0 else { return nil }
    let bads = ranked.badWeight
    // With no bad the unit is the mean weight: the bound is then that of zero events.
    let count = bads > 0 ? bads * bads / squares : 0
    let unit = bads > 0 ? bads / count : ranked.totalWeight / Double(ranked.count)
    let interval = ConfidenceInterval.poisson(count: count, level: level)
    return Estimate(
      value: bads / expected, standardError: squares.squareRoot() / expected,
      lower: interval.lower * unit / expected, upper: interval.upper * unit / expected,
      level: level,
      method: ranked.hasUnequalWeights ? "Poisson, effective number of bads" : "exact Poisson")
  }
}
