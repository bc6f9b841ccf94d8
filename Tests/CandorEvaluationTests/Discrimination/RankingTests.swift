import CandorEvaluation
import CandorNumerics
import CandorTestSupport
import Testing

@Suite("Rank-ordering")
struct RankingTests {
  @Test("Area, KS and average precision agree with scikit-learn, with and without weights")
  func references() throws {
    for reference in try Reference.load().cases {
      let sample = try reference.sample()
      #expect(agree(try AUC.value(of: sample), reference.auc, within: Tolerance.exact))
      let precision = try PrecisionRecall.averagePrecision(of: sample)
      #expect(agree(precision, reference.averagePrecision, within: Tolerance.exact))
      let ks = try KolmogorovSmirnov(of: sample)
      #expect(agree(ks.distance, reference.ks, within: Tolerance.exact))
      #expect(ks.score == reference.ksAt)
      #expect(agree(abs(ks.goodsBelow - ks.badsBelow), ks.distance, within: Tolerance.exact))
      if let scipy = reference.ksScipy {
        #expect(agree(ks.distance, scipy, within: Tolerance.exact))
      }
      let curve = try ROCCurve(of: sample)
      #expect(agree(curve.area, reference.rocArea, within: Tolerance.exact))
    }
  }

  @Test("Where the distance is reached twice, the lowest score is named")
  func lowestOfEquals() throws {
    let sample = try ScoredSample(labels: [0, 1, 0, 1], probabilities: [0.1, 0.2, 0.3, 0.4])
    let ks = try KolmogorovSmirnov(of: sample)
    #expect(ks.distance == 0.5 && ks.score == 0.1 && ks.goodsBelow == 0.5 && ks.badsBelow == 0)
  }

  @Test("The written-out example has its known values")
  func knownAnswers() throws {
    let sample = try ScoredSample(
      labels: Samples.ten.labels, probabilities: Samples.ten.probabilities)
    let area = try AUC.estimate(of: sample)
    #expect(agree(area.value, 0.8333333333, within: Tolerance.exact))
    #expect(agree(AUC.gini(area).value, 0.6666666667, within: Tolerance.exact))
    #expect(agree(area.standardError ?? 0, 0.1410936122, within: Tolerance.exact))
    #expect(agree(area.lower ?? 0, 0.4057, within: 1e-4))
    #expect(agree(area.upper ?? 0, 0.9734, within: 1e-4))
    #expect(agree(try KolmogorovSmirnov(of: sample).distance, 2 / 3, within: Tolerance.exact))
  }

  @Test("The area is that of all pairs, with ties and weights")
  func pairs() throws {
    for seed in 0..<10 as Range<UInt64> {
      let sample = try Samples.drawn(rows: 60, seed: seed, digits: 10, weighted: seed % 2 == 0)
      let area = try AUC.value(of: sample)
      #expect(agree(area, PairOracle.area(sample), within: 1e-12), "seed \(seed)")
    }
  }

  @Test("DeLong's standard error is that of all pairs and of scikit-learn's companions")
  func deLong() throws {
    for seed in 0..<10 as Range<UInt64> {
      let sample = try Samples.drawn(rows: 70, seed: seed, digits: 12)
      let error = try DeLong.estimate(of: sample).standardError ?? 0
      #expect(agree(error * error, PairOracle.variance(sample), within: 1e-12), "seed \(seed)")
    }
    let reference = try Reference.load().unweighted
    let first = try DeLong.estimate(of: reference.sample())
    #expect(agree(first.standardError ?? 0, reference.delongError ?? -1, within: 1e-9))
    let second = try DeLong.estimate(of: reference.other())
    #expect(agree(second.standardError ?? 0, reference.delongSecondError ?? -1, within: 1e-9))
  }

  @Test("Turning scores round turns the area round")
  func negation() throws {
    for weighted in [false, true] {
      let sample = try Samples.drawn(rows: 200, seed: 3, digits: 20, weighted: weighted)
      let turned = try ScoredSample(
        labels: sample.labels, probabilities: sample.probabilities,
        scores: sample.scores.map { -$0 }, weights: sample.weights)
      let a = try DeLong.estimate(of: sample)
      let b = try DeLong.estimate(of: turned)
      #expect(agree(a.value, 1 - b.value, within: 1e-13))
      #expect(agree(a.standardError ?? 0, b.standardError ?? 1, within: 1e-12))
      #expect(agree(a.lower ?? 0, 1 - (b.upper ?? 0), within: 1e-12))
      let ks = try KolmogorovSmirnov(of: sample).distance
      #expect(agree(ks, try KolmogorovSmirnov(of: turned).distance, within: 1e-12))
    }
  }

  @Test("Classes that do not overlap get an honest bound instead of certainty")
  func separated() throws {
    let labels = [0, 0, 0, 0, 0, 1, 1, 1] as [Double]
    let scores = [1, 2, 3, 4, 5, 6, 7, 8] as [Double]
    let sample = try ScoredSample(
      labels: labels, probabilities: scores.map { $0 / 10 }, scores: scores)
    let area = try DeLong.estimate(of: sample)
    #expect(area.value == 1 && area.upper == 1 && area.standardError == nil)
    // Three pairs without a common row all agree: 0.025^(1/3).
    #expect(agree(area.lower ?? 0, 0.2924017738, within: 1e-9))
    let turned = try ScoredSample(
      labels: labels, probabilities: scores.map { $0 / 10 }, scores: scores.map { -$0 })
    let zero = try DeLong.estimate(of: turned)
    #expect(zero.value == 0 && zero.lower == 0)
    #expect(agree(zero.upper ?? 0, 1 - 0.2924017738, within: 1e-9))
    let constant = try ScoredSample(
      labels: labels, probabilities: labels.map { _ in 0.5 })
    let half = try DeLong.estimate(of: constant)
    #expect(half.value == 0.5 && half.lower == nil && half.standardError == nil)
    let lone = try ScoredSample(labels: [0, 0, 1], probabilities: [0.1, 0.4, 0.3])
    #expect(try DeLong.estimate(of: lone).lower == nil)
  }

  @Test("The thinned curve has no point on a line and keeps the area")
  func thinning() throws {
    let sample = try Samples.drawn(rows: 500, seed: 8, digits: nil)
    let curve = try ROCCurve(of: sample)
    #expect(curve.points.count < 500)
    #expect(agree(curve.area, try AUC.value(of: sample), within: 1e-12))
    #expect(curve.points.first?.threshold == nil)
    #expect(curve.points.last?.truePositiveRate == 1)
    #expect(curve.points.last?.falsePositiveRate == 1)
    for (place, point) in curve.points.enumerated().dropFirst().dropLast() {
      let a = curve.points[place - 1]
      let b = curve.points[place + 1]
      let cross =
        (point.falsePositiveRate - a.falsePositiveRate)
        * (b.truePositiveRate - point.truePositiveRate)
        - (point.truePositiveRate - a.truePositiveRate)
        * (b.falsePositiveRate - point.falsePositiveRate)
      #expect(abs(cross) > 1e-9)
      // The threshold says what is refused.
      let threshold = point.threshold ?? .infinity
      let refused = (0..<sample.count).filter {
        sample.labels[$0] == 1 && sample.scores[$0] >= threshold
      }
      let share = Double(refused.count) / sample.ranked.badWeight
      #expect(agree(share, point.truePositiveRate, within: 1e-12))
    }
  }

  @Test("Gains add up and keep ties together")
  func gains() throws {
    let sample = try Samples.drawn(rows: 400, seed: 5, digits: 30)
    let table = try Gains(of: sample)
    #expect(table.bands.map(\.rows).reduce(0, +) == 400)
    #expect(table.bands.map(\.badRows).reduce(0, +) == sample.ranked.badCount)
    #expect(agree(table.bands.last?.cumulativeCapture ?? 0, 1, within: 1e-12))
    #expect(agree(table.bands.last?.cumulativeLift ?? 0, 1, within: 1e-12))
    for (upper, lower) in zip(table.bands, table.bands.dropFirst()) {
      #expect(upper.lowestScore > lower.highestScore)
    }
    let distinct = try Gains(of: Samples.drawn(rows: 400, seed: 5, digits: nil))
    // Only clipping at 0.01 and 0.99 can tie; deciles of distinct scores hold 40 rows each.
    #expect(distinct.bands.map(\.rows) == Array(repeating: 40, count: 10))
    let rate = table.bands[0].badRate.value
    #expect(agree(table.bands[0].lift, rate / sample.ranked.badRate, within: 1e-12))
  }

  @Test("DeLong's logit interval covers the true area in about 95 of 100 samples")
  func coverage() throws {
    // Bads N(1, 1), goods N(0, 1): the area is Φ(1/√2).
    let truth = 0.7602499389
    var covered = 0
    let samples = 1_000
    for seed in 0..<samples {
      var generator = SeedTreeSource.generator("coverage", seed)
      var labels: [Double] = []
      var scores: [Double] = []
      for row in 0..<120 {
        labels.append(row < 40 ? 1 : 0)
        scores.append(generator.nextNormal() + (row < 40 ? 1 : 0))
      }
      let sample = try ScoredSample(
        labels: labels, probabilities: labels.map { _ in 0.5 }, scores: scores)
      if try DeLong.estimate(of: sample).contains(truth) { covered += 1 }
    }
    // The standard deviation of the count is 7.
    #expect(abs(covered - 950) <= 25, "covered \(covered) of \(samples)")
  }

  @Test("The linearised interval for weights covers as well")
  func weightedCoverage() throws {
    let truth = 0.7602499389
    var covered = 0
    let samples = 1_000
    for seed in 0..<samples {
      var generator = SeedTreeSource.generator("weighted", seed)
      var labels: [Double] = []
      var scores: [Double] = []
      var weights: [Double] = []
      for row in 0..<150 {
        labels.append(row < 60 ? 1 : 0)
        scores.append(generator.nextNormal() + (row < 60 ? 1 : 0))
        weights.append(0.2 + 2 * generator.nextUniform())
      }
      let sample = try ScoredSample(
        labels: labels, probabilities: labels.map { _ in 0.5 }, scores: scores, weights: weights)
      if try DeLong.estimate(of: sample).contains(truth) { covered += 1 }
    }
    #expect(abs(covered - 945) <= 28, "covered \(covered) of \(samples)")
  }
}
