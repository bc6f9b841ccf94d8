import CandorEvaluation
import CandorNumerics
import CandorTestSupport
import Testing

@Suite("Comparison")
struct ComparisonTests {
  @Test("Paired DeLong agrees with another implementation and with all pairs")
  func pairedDeLong() throws {
    let reference = try Reference.load().unweighted
    let comparison = try PairedDeLong(reference.sample(), reference.other())
    let error = comparison.difference.standardError ?? 0
    #expect(agree(error, reference.pairedError ?? -1, within: 1e-9))
    // MLstatkit takes the second minus the first.
    #expect(agree(comparison.z ?? 0, -(reference.pairedZ ?? -9), within: 1e-6))
    #expect(agree(comparison.pValue ?? 0, reference.pairedP ?? -9, within: 1e-6))
    for seed in 0..<6 as Range<UInt64> {
      let first = try Samples.drawn(rows: 60, seed: seed, digits: 10)
      let other = try Samples.drawn(rows: 60, seed: seed + 100, digits: 10)
      let second = try ScoredSample(
        labels: first.labels, probabilities: zip(first.scores, other.scores).map { ($0 + $1) / 2 })
      let found = try PairedDeLong(first, second).difference.standardError ?? 0
      let expected = PairOracle.variance(first, minus: second)
      #expect(agree(found * found, expected, within: 1e-12), "seed \(seed)")
    }
  }

  @Test("A model beside itself does not differ, and rows must be the same")
  func same() throws {
    let sample = try Samples.drawn(rows: 100, seed: 1)
    let comparison = try PairedDeLong(sample, sample)
    #expect(comparison.difference.value == 0 && comparison.z == nil)
    let other = try Samples.drawn(rows: 100, seed: 2)
    #expect(throws: EvaluationError.self) { try PairedDeLong(sample, other) }
    #expect(throws: EvaluationError.self) { try PairedLossDifference(sample, other) }
  }

  @Test("The difference of losses is the mean of differences")
  func losses() throws {
    let reference = try Reference.load().unweighted
    let comparison = try PairedLossDifference(reference.sample(), reference.other())
    let expected = try #require(reference.lossDifference)
    #expect(agree(comparison.difference.value, expected[0], within: 1e-12))
    #expect(agree(comparison.difference.standardError ?? 0, expected[1], within: 1e-12))
  }

  @Test("Holm's adjustment agrees with statsmodels")
  func holm() throws {
    let reference = try Reference.load()
    #expect(
      largestDisagreement(HolmAdjustment.adjust(reference.pValues), reference.holm) < 1e-12)
    #expect(HolmAdjustment.adjust([]).isEmpty)
  }

  @Test("Paired DeLong rejects equal models at its level")
  func level() throws {
    var rejected = 0
    for seed in 0..<600 {
      var generator = SeedTreeSource.generator("paired", seed)
      var labels: [Double] = []
      var first: [Double] = []
      var second: [Double] = []
      for row in 0..<150 {
        let shift = row < 50 ? 1.0 : 0
        let common = generator.nextNormal()
        labels.append(row < 50 ? 1 : 0)
        first.append(shift + common + generator.nextNormal())
        second.append(shift + common + generator.nextNormal())
      }
      let flat = labels.map { _ in 0.5 }
      let comparison = try PairedDeLong(
        ScoredSample(labels: labels, probabilities: flat, scores: first),
        ScoredSample(labels: labels, probabilities: flat, scores: second))
      if (comparison.pValue ?? 1) < 0.05 { rejected += 1 }
    }
    #expect((14...50).contains(rejected), "rejected \(rejected) of 600")
  }
}
