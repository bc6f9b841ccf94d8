import CandorEvaluation
import CandorNumerics
import CandorTestSupport
import Testing

@Suite("Inference")
struct InferenceTests {
  private let area: Bootstrap.Statistic = { AUC.value(of: $0, weights: $1) }
  private let ks: Bootstrap.Statistic = { KolmogorovSmirnov.value(of: $0, weights: $1) }

  @Test("Wilson's interval agrees with statsmodels")
  func wilson() throws {
    let reference = try Reference.load().wilson
    for (place, (hits, count)) in [(0.0, 20.0), (7, 20), (20, 20), (3, 400)].enumerated() {
      let interval = ConfidenceInterval.wilson(share: hits / count, count: count)
      #expect(agree(interval.lower, reference[place][0], within: 1e-12))
      #expect(agree(interval.upper, reference[place][1], within: 1e-12))
    }
  }

  @Test("Threads and the order of rows change no bit of a bootstrap")
  func invariance() throws {
    let sample = try Samples.drawn(rows: 200, seed: 4, digits: 15, weighted: true)
    let turned = try Samples.shuffled(sample, seed: 9)
    let seeds = SeedTree(seed: 5)
    let one = try Bootstrap(replicates: 50, seeds: seeds).run(
      sample.ranked, statistics: [area, ks])
    let four = try Bootstrap(replicates: 50, seeds: seeds, threads: 4).run(
      turned.ranked, statistics: [area, ks])
    #expect(one == four)
    let other = try Bootstrap(replicates: 50, seeds: SeedTree(seed: 6)).run(
      sample.ranked, statistics: [area, ks])
    #expect(one != other)
  }

  @Test("A replicate is the statistic of the rows drawn")
  func repetition() throws {
    let sample = try Samples.drawn(rows: 80, seed: 2, digits: 10)
    // The same draws as the first replicate, as rows.
    var generator = SeedTree(seed: 1).child("bootstrap").child(0).generator()
    let drawn = (0..<80).map { _ in sample.ranked.rows[generator.nextInteger(below: 80)] }
    let distribution = try Bootstrap(replicates: 20, seeds: SeedTree(seed: 1)).run(
      sample.ranked, statistics: [area])[0]
    let value = try AUC.value(of: sample.selecting(rows: drawn))
    #expect(distribution.replicates.contains { agree($0, value, within: 1e-12) })
  }

  @Test("The stratified bootstrap's standard error is near DeLong's, with and without weights")
  func standardError() throws {
    for weighted in [false, true] {
      let sample = try Samples.drawn(rows: 600, seed: 7, weighted: weighted)
      let exact = try DeLong.estimate(of: sample).standardError ?? 0
      let drawn = try Bootstrap(
        replicates: 1_500, seeds: SeedTree(seed: 3), threads: 2, stratified: true
      ).run(sample.ranked, statistics: [area])[0]
      #expect(agree((drawn.standardError ?? 0) / exact, 1, within: 0.08))
    }
  }

  @Test("A stratified replicate keeps the numbers of bads and goods")
  func strata() throws {
    let sample = try Samples.drawn(rows: 50, seed: 3)
    let bads: Bootstrap.Statistic = { ranked, weights in
      zip(ranked.labels, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let kept = try Bootstrap(replicates: 30, seeds: SeedTree(seed: 3), stratified: true).run(
      sample.ranked, statistics: [bads])[0]
    #expect(Set(kept.replicates) == [sample.ranked.badWeight])
    let free = try Bootstrap(replicates: 30, seeds: SeedTree(seed: 3)).run(
      sample.ranked, statistics: [bads])[0]
    #expect(Set(free.replicates).count > 3)
  }

  @Test("Replicates without a bad are counted, and too many of them give no interval")
  func undefined() throws {
    let sample = try ScoredSample(
      labels: [1, 0, 0, 0, 0], probabilities: [0.5, 0.1, 0.2, 0.6, 0.3])
    let drawn = try Bootstrap(replicates: 200, seeds: SeedTree(seed: 3)).run(
      sample.ranked, statistics: [area])[0]
    #expect(drawn.undefined > 20 && drawn.undefined + drawn.replicates.count == 200)
    #expect(drawn.estimate().lower == nil)
  }

  @Test("The reflected interval of the KS distance covers better than the percentile one")
  func ksCoverage() throws {
    // Bads N(1, 1), goods N(0, 1): the distance is 2 Φ(1/2) - 1.
    let truth = 0.3829249225
    var percentile = 0
    var reflected = 0
    let samples = 250
    for seed in 0..<samples {
      var generator = SeedTreeSource.generator("ks", seed)
      var labels: [Double] = []
      var scores: [Double] = []
      for row in 0..<300 {
        labels.append(row < 90 ? 1 : 0)
        scores.append(generator.nextNormal() + (row < 90 ? 1 : 0))
      }
      let sample = try ScoredSample(
        labels: labels, probabilities: labels.map { _ in 0.5 }, scores: scores)
      let drawn = try Bootstrap(
        replicates: 200, seeds: SeedTree(seed: UInt64(seed)), threads: 2
      ).run(sample.ranked, statistics: [ks])[0]
      if drawn.estimate(.percentile).contains(truth) { percentile += 1 }
      if drawn.estimate(.reflected).contains(truth) { reflected += 1 }
    }
    #expect(reflected >= percentile, "reflected \(reflected), percentile \(percentile)")
    #expect(Double(reflected) / Double(samples) > 0.88, "reflected \(reflected)")
  }
}
