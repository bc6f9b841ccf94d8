import CandorModels
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

private struct CalibrationReference: Decodable {
  struct Fit: Decodable {
    let scikitLearnSlope: Double
    let scikitLearnOffset: Double
    let isotonic: [Double]
  }
  let margins: [Double]
  let labels: [Double]
  let weights: [Double]
  let plain: Fit
  let weighted: Fit
}

@Suite struct CalibratorTests {
  private let reference: CalibrationReference

  init() throws { reference = try ReferenceValues.decode(from: "scikit-learn/calibration.json") }

  private func simulated(_ seed: UInt64, count: Int = 300) -> (
    margins: [Double], labels: [Double], weights: [Double]
  ) {
    var generator = SeedTree(seed: seed).child("calibration").generator()
    var margins: [Double] = []
    var labels: [Double] = []
    var weights: [Double] = []
    for r in 0..<count {
      // Some margins tie.
      let margin = (generator.nextNormal() * 20).rounded() / 10
      margins.append(margin)
      labels.append(r < 2 ? Double(r) : (generator.nextUniform() < sigmoid(1.3 * margin) ? 1 : 0))
      weights.append(Double(generator.nextInteger(below: 4)) + (r < 2 ? 1 : 0))
    }
    return (margins, labels, weights)
  }

  @Test("Platt's line is scikit-learn's, with and without weights")
  func platt() throws {
    for (weights, expected) in [(nil, reference.plain), (reference.weights, reference.weighted)] {
      let calibrator = try PlattScaling.fit(
        margins: reference.margins, labels: reference.labels, weights: weights)
      let line = try #require(calibrator.affineLogOdds)
      #expect(agree(line.slope, expected.scikitLearnSlope, within: 1e-4))
      #expect(agree(line.offset, expected.scikitLearnOffset, within: 1e-4))
    }
  }

  @Test("Platt's probabilities sum to the smoothed targets, and so do their products with margins")
  func plattScoreEquations() throws {
    for seed in 0..<20 as Range<UInt64> {
      let (margins, labels, weights) = simulated(seed)
      let calibrator = try PlattScaling.fit(margins: margins, labels: labels, weights: weights)
      let bad = zip(weights, labels).reduce(0) { $0 + $1.0 * $1.1 }
      let good = weights.reduce(0, +) - bad
      var sum = 0.0
      var moment = 0.0
      for r in margins.indices {
        let target = labels[r] == 1 ? (bad + 1) / (bad + 2) : 1 / (good + 2)
        let miss = weights[r] * (calibrator.probability(margins[r]) - target)
        sum += miss
        moment += miss * margins[r]
      }
      #expect(abs(sum) < 1e-6 && abs(moment) < 1e-6, "seed \(seed)")
    }
  }

  @Test("Platt's line moves with location and scale of the margins")
  func plattEquivariance() throws {
    let (margins, labels, _) = simulated(3)
    let plain = try #require(try PlattScaling.fit(margins: margins, labels: labels).affineLogOdds)
    let moved = try #require(
      try PlattScaling.fit(margins: margins.map { 1e5 + 1e-3 * $0 }, labels: labels)
        .affineLogOdds)
    #expect(agree(moved.slope * 1e-3, plain.slope, within: 1e-6))
    #expect(agree(moved.offset + moved.slope * 1e5, plain.offset, within: 1e-6))
  }

  @Test("Separable margins get a finite line")
  func plattSeparable() throws {
    let margins = (0..<40).map { Double($0) - 19.5 }
    let line = try #require(
      try PlattScaling.fit(margins: margins, labels: margins.map { $0 > 0 ? 1 : 0 }).affineLogOdds)
    #expect(line.slope > 0 && line.slope < 100)
  }

  @Test("Margins against the outcome, or all equal, give a slope of zero and a notice")
  func plattFlat() throws {
    let (margins, labels, _) = simulated(4)
    for wrong in [margins.map { -$0 }, margins.map { _ in 0.7 }] {
      var notices: [String] = []
      let calibrator = try PlattScaling.fit(
        margins: wrong, labels: labels, weights: nil, notices: &notices)
      #expect(calibrator.affineLogOdds?.slope == 0)
      #expect(notices.count == 1)
      let share = labels.reduce(0, +) / Double(labels.count)
      #expect(abs(calibrator.probability(0.7) - share) < 0.01)
    }
  }

  @Test("The isotonic fit is scikit-learn's at every row, with and without weights")
  func isotonic() throws {
    for (weights, expected) in [(nil, reference.plain), (reference.weights, reference.weighted)] {
      let blocks = try IsotonicRegression.blocks(
        margins: reference.margins, labels: reference.labels, weights: weights)
      let fitted = try reference.margins.map { margin in
        try #require(blocks.first { $0.lowest <= margin && margin <= $0.highest }).value
      }
      #expect(largestDisagreement(fitted, expected.isotonic) < Tolerance.exact)
    }
  }

  @Test("The isotonic fit keeps the mean, rises strictly, and no other rising fit is closer")
  func isotonicProperties() throws {
    for seed in 0..<20 as Range<UInt64> {
      let (margins, labels, weights) = simulated(seed)
      let blocks = try IsotonicRegression.blocks(
        margins: margins, labels: labels, weights: weights)
      let total = blocks.reduce(0) { $0 + $1.weight }
      let bad = zip(weights, labels).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(agree(blocks.reduce(0) { $0 + $1.value * $1.weight }, bad, within: Tolerance.exact))
      #expect(agree(total, weights.reduce(0, +), within: Tolerance.exact))
      for (a, b) in zip(blocks, blocks.dropFirst()) {
        #expect(a.value < b.value && a.highest < b.lowest)
      }
      // The min-max formula (Robertson, Wright and Dykstra 1988, theorem 1.4.4) at a few rows.
      let kept = margins.indices.filter { weights[$0] > 0 }
      let distinct = Set(kept.map { margins[$0] }).sorted()
      let sums = distinct.map { m in
        kept.filter { margins[$0] == m }.reduce((0.0, 0.0)) {
          ($0.0 + weights[$1] * labels[$1], $0.1 + weights[$1])
        }
      }
      for place in stride(from: 0, to: distinct.count, by: 7) {
        var best = -Double.infinity
        for s in 0...place {
          var least = Double.infinity
          var bads = 0.0
          var mass = 0.0
          for t in s..<distinct.count {
            bads += sums[t].0
            mass += sums[t].1
            if t >= place { least = min(least, bads / mass) }
          }
          best = max(best, least)
        }
        let block = try #require(
          blocks.first { $0.lowest <= distinct[place] && distinct[place] <= $0.highest })
        #expect(agree(block.value, best, within: Tolerance.exact))
      }
    }
  }

  @Test("The isotonic calibrator never falls, stays inside its bounds, and about keeps the mean")
  func isotonicCalibrator() throws {
    for seed in 0..<20 as Range<UInt64> {
      let (margins, labels, _) = simulated(seed)
      let calibrator = try IsotonicRegression.fit(margins: margins, labels: labels)
      let floor = 1 / (Double(margins.count) + 2)
      let probabilities = stride(from: -10.0, through: 10, by: 0.01).map {
        calibrator.probability($0)
      }
      for (a, b) in zip(probabilities, probabilities.dropFirst()) { #expect(a <= b) }
      #expect(probabilities.allSatisfy { $0 >= floor && $0 <= 1 - floor })
      let mean = margins.reduce(0) { $0 + calibrator.probability($1) } / Double(margins.count)
      #expect(abs(mean - labels.reduce(0, +) / Double(labels.count)) < 0.02)
    }
  }

  @Test("A kind goes with the scales that it makes sense for")
  func kinds() throws {
    let (margins, labels, _) = simulated(5)
    func fit(_ kind: String, _ scale: MarginScale) throws -> Calibrator {
      try CalibratorFitting.fit(kind: kind, margins: margins, labels: labels, scale: scale)
    }
    #expect(try fit("none", .logOdds) == .identity)
    #expect(try fit("none", .probability) == .clamp(floor: 1 / 302))
    #expect(try fit("platt", .distance).name == "platt")
    #expect(try fit("isotonic", .probability).name == "isotonic")
    for (kind, scale) in [("none", MarginScale.distance), ("beta", .logOdds)] {
      let error = #expect(throws: TrainingError.self) { try fit(kind, scale) }
      #expect(error?.code == .badOption)
    }
  }

  @Test("Rows that cannot be calibrated on are refused")
  func badRows() {
    let wrong: [([Double], [Double], [Double]?, TrainingError.Code)] = [
      ([1, 2], [1], nil, .shapeMismatch), ([1, .nan], [1, 0], nil, .numerical),
      ([1, 2], [1, 0.5], nil, .badTarget), ([1, 2], [1, 1], nil, .oneClassOnly),
      ([1, 2], [1, 0], [1, 0], .oneClassOnly), ([1, 2], [1, 0], [1, -1], .badTarget),
      ([], [], nil, .oneClassOnly),
    ]
    for (margins, labels, weights, code) in wrong {
      for kind in ["platt", "isotonic"] {
        let error = #expect(throws: TrainingError.self) {
          try CalibratorFitting.fit(
            kind: kind, margins: margins, labels: labels, weights: weights, scale: .distance)
        }
        #expect(error?.code == code)
      }
    }
  }
}
