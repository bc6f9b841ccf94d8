import CandorEvaluation
import CandorNumerics
import CandorTestSupport
import Foundation
import Testing

@Suite("Calibration")
struct CalibrationTests {
  @Test("Brier score and logarithmic loss agree with scikit-learn, with and without weights")
  func losses() throws {
    for reference in try Reference.load().cases {
      let sample = try reference.sample()
      let brier = BrierScore(of: sample)
      #expect(agree(brier.score.value, reference.brier, within: Tolerance.exact))
      #expect(
        agree(LogLoss.estimate(of: sample).value, reference.logLoss, within: Tolerance.exact))
      if let error = reference.brierError {
        #expect(agree(brier.score.standardError ?? 0, error, within: Tolerance.exact))
      }
      let parts = brier.decomposition
      #expect(
        agree(
          parts.reliability - parts.resolution + parts.uncertainty + parts.withinBins,
          brier.score.value, within: 1e-12))
    }
  }

  @Test("Forecasts that are equal within bins leave nothing within bins")
  func murphy() throws {
    let levels = [0.1, 0.3, 0.5]
    var labels: [Double] = []
    var probabilities: [Double] = []
    for (k, level) in levels.enumerated() {
      for row in 0..<20 {
        probabilities.append(level)
        labels.append(row < 4 + 3 * k ? 1 : 0)
      }
    }
    let brier = BrierScore(of: try ScoredSample(labels: labels, probabilities: probabilities))
    #expect(abs(brier.decomposition.withinBins) < 1e-12)
    // Bad rates 0.20, 0.35, 0.50.
    #expect(
      agree(brier.decomposition.reliability, (0.01 + 0.0025 + 0) / 3, within: 1e-12))
    #expect(agree(brier.decomposition.resolution, 0.0225 * 2 / 3, within: 1e-12))
  }

  @Test("The written-out example has its known values")
  func knownAnswers() throws {
    let sample = try ScoredSample(
      labels: Samples.ten.labels, probabilities: Samples.ten.probabilities)
    let brier = BrierScore(of: sample)
    #expect(agree(brier.score.value, 0.16525, within: Tolerance.exact))
    #expect(agree(brier.skill ?? 0, 0.3114583333, within: Tolerance.exact))
    #expect(agree(LogLoss.estimate(of: sample).value, 0.4867584592, within: Tolerance.exact))
    let summary = try CalibrationSummary(of: sample)
    #expect(agree(summary.spiegelhalterZ ?? 0, -0.0723574605, within: Tolerance.exact))
  }

  @Test("Intercept, slope and their errors agree with statsmodels, robust ones with weights")
  func recalibration() throws {
    for reference in try Reference.load().cases {
      let summary = try CalibrationSummary(of: reference.sample())
      let found = [summary.intercept, summary.slope, summary.interceptInTheLarge]
      let fits = reference.logistic
      let values = fits.free.value + fits.large.value
      let errors = fits.free.error + fits.large.error
      #expect(largestDisagreement(found.map { $0?.value ?? .nan }, values) < 1e-7)
      #expect(found.allSatisfy { $0 != nil })
      #expect(largestDisagreement(found.map { $0?.standardError ?? .nan }, errors) < 1e-6)
    }
  }

  @Test("Bins, calibration error and Hosmer-Lemeshow agree with the definition in numpy")
  func bins() throws {
    for reference in try Reference.load().cases {
      let sample = try reference.sample()
      let curve = try ReliabilityCurve(of: sample)
      #expect(curve.bins.map(\.rows) == reference.table.map(\.rows))
      #expect(
        largestDisagreement(
          curve.bins.map(\.meanProbability), reference.table.map(\.mean)) < 1e-12)
      #expect(
        largestDisagreement(
          curve.bins.map(\.observed.value), reference.table.map(\.observed)) < 1e-12)
      let summary = try CalibrationSummary(of: sample)
      #expect(agree(summary.expectedCalibrationError, reference.ece, within: 1e-12))
      #expect(agree(summary.hosmerLemeshow.statistic, reference.hl, within: 1e-9))
      if reference.weights == nil {
        #expect(agree(summary.hosmerLemeshow.pValue ?? 0, reference.hlP, within: 1e-9))
      } else {
        #expect(summary.hosmerLemeshow.pValue == nil)
      }
      let ratio = summary.observedOverExpected
      #expect(agree(ratio?.value ?? 0, reference.observedOverExpected, within: 1e-9))
      if let poisson = reference.poisson {
        #expect(agree(ratio?.lower ?? 0, poisson[0], within: 1e-9))
        #expect(agree(ratio?.upper ?? 0, poisson[1], within: 1e-9))
      }
      let fitted = try HosmerLemeshow(of: sample, fittedOnThisSample: true)
      #expect(fitted.degreesOfFreedom == fitted.groups - 2)
    }
  }

  @Test("Tests of perfect probabilities reject at their level, and the null error is met")
  func nullDistribution() throws {
    var rejected = 0
    var spiegelhalter = 0
    var slopes = 0
    var ratio = 0
    var error = 0.0
    var promised = 0.0
    let samples = 500
    for seed in 0..<samples {
      var generator = SeedTreeSource.generator("perfect", seed)
      var labels: [Double] = []
      var probabilities: [Double] = []
      for _ in 0..<600 {
        let p = 0.05 + 0.5 * generator.nextUniform()
        probabilities.append(p)
        labels.append(generator.nextUniform() < p ? 1 : 0)
      }
      let summary = try CalibrationSummary(
        of: ScoredSample(labels: labels, probabilities: probabilities))
      if (summary.hosmerLemeshow.pValue ?? 1) < 0.05 { rejected += 1 }
      if (summary.spiegelhalterPValue ?? 1) < 0.05 { spiegelhalter += 1 }
      if summary.slope?.contains(1) == true { slopes += 1 }
      if summary.observedOverExpected?.contains(1) == true { ratio += 1 }
      error += summary.expectedCalibrationError / Double(samples)
      promised += summary.expectedCalibrationErrorOfPerfect / Double(samples)
    }
    // Counts of 25 expected have a standard deviation of 5.
    #expect((10...42).contains(rejected), "Hosmer-Lemeshow \(rejected)")
    #expect((10...42).contains(spiegelhalter), "Spiegelhalter \(spiegelhalter)")
    #expect((458...492).contains(slopes), "slope \(slopes)")
    // The Poisson interval is wide for binomial counts.
    #expect(ratio >= 470, "observed over expected \(ratio)")
    #expect(agree(error / promised, 1, within: 0.03))
  }

  @Test("Perfect separation and equal probabilities have no slope, and nothing is infinite")
  func degenerate() throws {
    let apart = try ScoredSample(labels: [0, 0, 1, 1], probabilities: [0, 0.2, 0.8, 1])
    let summary = try CalibrationSummary(of: apart)
    #expect(summary.slope == nil && summary.interceptInTheLarge != nil)
    let equal = try CalibrationSummary(
      of: ScoredSample(labels: [0, 0, 1, 1], probabilities: [0.3, 0.3, 0.3, 0.3]))
    #expect(equal.slope == nil)
    // logit(1/2) - logit(0.3)
    #expect(
      agree(equal.interceptInTheLarge?.value ?? 0, -log(0.3 / 0.7), within: Tolerance.exact))
    let wrong = try ScoredSample(labels: [1, 0, 1], probabilities: [0, 1, 0.5])
    #expect(LogLoss.estimate(of: wrong).value.isFinite)
    #expect(LogLoss.clippedRows(of: wrong) == 2)
    #expect(try CalibrationSummary(of: wrong).hosmerLemeshow.statistic.isFinite)
  }
}
