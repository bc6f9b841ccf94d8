import CandorEvaluation
import CandorNumerics
import CandorTestSupport
import Foundation
import Testing

@Suite("Evaluation")
struct EvaluationTests {
  private func run(_ sample: ScoredSample, threads: Int = 1) throws -> Evaluation {
    try Evaluation.run(
      sample: sample, cutOff: 0.3, seeds: SeedTree(seed: 1), threads: threads, replicates: 60)
  }

  @Test("Neither the order of rows nor threads change a bit")
  func invariance() throws {
    for weighted in [false, true] {
      let sample = try Samples.drawn(rows: 300, seed: 6, digits: 25, weighted: weighted)
      let whole = try run(sample)
      let turned = try run(Samples.shuffled(sample, seed: 2), threads: 3)
      #expect(whole == turned)
    }
  }

  @Test("Integer weights give the values of repeated rows, and equal weights those of none")
  func weights() throws {
    let sample = try Samples.drawn(rows: 120, seed: 6, digits: 25)
    let counts = (0..<120).map { $0 % 4 }
    let weighted = try run(
      ScoredSample(
        labels: sample.labels, probabilities: sample.probabilities, weights: counts.map(Double.init)
      ))
    let repeated = try run(
      sample.selecting(
        rows: counts.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }))
    func values(_ e: Evaluation) -> [Double] {
      var all: [Double] = [e.totalWeight, e.badRate.value, e.meanProbability, e.auc.value]
      all += [e.gini.value, e.ks.value, e.averagePrecision.value, e.brier.score.value]
      all += [e.brier.decomposition.reliability, e.logLoss.value, e.roc.area]
      let calibration = e.calibration
      all.append(calibration.observedOverExpected?.value ?? .nan)
      all.append(calibration.slope?.value ?? .nan)
      all.append(calibration.interceptInTheLarge?.value ?? .nan)
      all.append(calibration.expectedCalibrationError)
      all.append(calibration.hosmerLemeshow.statistic)
      all += [e.confusion.accuracy.value, e.confusion.f1 ?? .nan, e.confusion.approvalRate.value]
      all += e.gains.bands.map(\.cumulativeCapture)
      all += e.reliability.bins.map(\.observed.value)
      return all + e.histogram.goods + e.histogram.bads
    }
    #expect(largestDisagreement(values(weighted), values(repeated)) < 1e-9)
    #expect(!values(weighted).contains { $0.isNaN })
    let plain = try run(sample)
    let twos = try run(
      ScoredSample(
        labels: sample.labels, probabilities: sample.probabilities,
        weights: Array(repeating: 2, count: 120)))
    #expect(twos.auc == plain.auc && twos.ks == plain.ks && twos.badRate == plain.badRate)
    #expect(
      agree(
        twos.calibration.slope?.standardError ?? 0, plain.calibration.slope?.standardError ?? 1,
        within: 1e-9))
    #expect(
      agree(
        twos.calibration.observedOverExpected?.upper ?? 0,
        plain.calibration.observedOverExpected?.upper ?? 1, within: 1e-9))
    #expect(twos.calibration.hosmerLemeshow.pValue != nil)
    #expect(
      agree(
        twos.calibration.spiegelhalterZ ?? 0, plain.calibration.spiegelhalterZ ?? 1, within: 1e-9))
  }

  @Test("An evaluation survives JSON, and its parts agree with one another")
  func json() throws {
    let evaluation = try run(Samples.drawn(rows: 300, seed: 1, weighted: true))
    let data = try JSONEncoder().encode(evaluation)
    #expect(try JSONDecoder().decode(Evaluation.self, from: data) == evaluation)
    #expect(evaluation.ks.value == evaluation.kolmogorovSmirnov.distance)
    #expect(agree(evaluation.gini.value, 2 * evaluation.auc.value - 1, within: 1e-15))
    #expect(agree(evaluation.roc.area, evaluation.auc.value, within: 1e-12))
    for estimate in [evaluation.auc, evaluation.ks, evaluation.averagePrecision] {
      #expect((estimate.lower ?? 9) < estimate.value && estimate.value < (estimate.upper ?? -9))
    }
    let histogram = evaluation.histogram
    #expect(histogram.edges.count == 21)
    #expect(
      agree(histogram.bads.reduce(0, +), evaluation.badWeight, within: 1e-12))
  }

  @Test("Faulty input is refused with the row that is at fault")
  func refusals() throws {
    func message(_ body: () throws -> Void) -> (EvaluationError.Code?, String) {
      do { try body() } catch let error as EvaluationError {
        return (error.code, error.description)
      } catch {}
      return (nil, "")
    }
    let cases: [(EvaluationError.Code, [Double], [Double], [Double]?, [Double]?)] = [
      (.emptySample, [], [], nil, nil),
      (.lengthMismatch, [0, 1], [0.5], nil, nil),
      (.lengthMismatch, [0, 1], [0.5, 0.5], nil, [1]),
      (.badLabel, [0, 2], [0.5, 0.5], nil, nil),
      (.badProbability, [0, 1], [0.5, 1.5], nil, nil),
      (.badProbability, [0, 1], [0.5, .nan], nil, nil),
      (.notFinite, [0, 1], [0.5, 0.5], [0, .infinity], nil),
      (.badWeight, [0, 1], [0.5, 0.5], nil, [1, -1]),
      (.badWeight, [0, 1], [0.5, 0.5], nil, [1, .nan]),
      (.emptySample, [0, 1], [0.5, 0.5], nil, [0, 0]),
    ]
    for (code, labels, probabilities, scores, weights) in cases {
      let found = message {
        _ = try ScoredSample(
          labels: labels, probabilities: probabilities, scores: scores, weights: weights)
      }
      #expect(found.0 == code)
      if [.badLabel, .badProbability, .notFinite, .badWeight].contains(code) {
        #expect(found.1.contains("row 2"))
      }
    }
    let oneClass = try ScoredSample(labels: [0, 0], probabilities: [0.1, 0.2])
    #expect(message { _ = try run(oneClass) }.0 == .oneClass)
    // A weight of zero takes the only bad away.
    let masked = try ScoredSample(labels: [0, 1], probabilities: [0.1, 0.2], weights: [1, 0])
    #expect(message { _ = try AUC.value(of: masked) }.0 == .oneClass)
  }

  @Test("A limit passes its own ends, warns inside and fails outside")
  func limits() {
    let limit = Limit(atLeast: 0.5, atMost: 2, warnBelow: 0.8, warnAbove: 1.25)
    #expect([0.5, 0.8, 1.25, 2].map { limit.judge($0) } == [.warn, .pass, .pass, .warn])
    #expect(limit.judge(0.49) == .fail && limit.judge(2.01) == .fail)
    #expect(limit.judge(nil as Double?) == .notTested && limit.judge(.nan) == .notTested)
    #expect(limit.judge(1, sufficientData: false) == .insufficientData)
    #expect(limit.judge(Estimate(value: 0.7, method: "by hand")) == .warn)
    #expect(Limit.Standard.adverseImpactRatio.judge(0.79) == .warn)
  }
}
