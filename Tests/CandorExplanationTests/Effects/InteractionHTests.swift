import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Friedman's H")
struct InteractionHTests {
  private let seeds = SeedTree(seed: 1)

  private func measure(
    _ sample: EffectSample, _ f: @escaping @Sendable ([Double]) -> Double, threads: Int = 1
  ) throws -> InteractionH {
    try InteractionH.measure(
      EffectFixtures.model(
        MinimalScorer(inputWidth: sample.background.rows.width, f), sample), sample: sample,
      seeds: seeds, threads: threads)
  }

  /// A full factorial of ±1, so that features are independent in the sample too.
  private func cube() throws -> EffectSample {
    try EffectFixtures.sample(
      EffectFixtures.numbers(Fixtures.factorial([[-1, 1], [-1, 1], [-1, 1], [-1, 1]])),
      options: EffectFixtures.native)
  }

  @Test("Known values: additive 0, a pure product 1, x + y + xy √(1/3)")
  func closedForms() throws {
    let sample = try cube()
    let additive = try measure(sample) { $0[0] + 2 * $0[1] - $0[2] }
    for entry in additive.pairs {
      // x3 plays no part: the pairs with it still have the other's effect.
      #expect((entry.h?.value ?? 0) < 1e-12 && entry.size.value < 1e-12)
    }
    let product = try measure(sample) { $0[0] * $0[1] }
    #expect(product.pairs.count == 6)
    #expect(product.pairs.first?.first == "x0" && product.pairs.first?.second == "x1")
    #expect(agree(try #require(product.pair("x1", "x0")?.h).value, 1, within: 1e-12))
    #expect(agree(try #require(product.pair("x0", "x1")).size.value, 1, within: 1e-12))
    // Alone with x2, x0 moves nothing at all.
    let nothing = try #require(product.pair("x0", "x2"))
    #expect(nothing.h == nil && nothing.isUnstable)
    #expect(product.warnings.contains { $0.code == .unstableInteraction })
    #expect(product.features.map(\.first).prefix(2) == ["x0", "x1"])
    #expect(agree(try #require(product.features[0].h).value, 1, within: 1e-12))
    let both = try measure(sample) { $0[0] + $0[1] + $0[0] * $0[1] }
    let third = (1.0 / 3).squareRoot()
    #expect(agree(try #require(both.pair("x0", "x1")?.h).value, third, within: 1e-12))
    #expect(agree(try #require(both.features.first?.h).value, third, within: 1e-12))
    #expect(try #require(both.features.last?.h).value < 1e-12)
  }

  @Test("On any sample x + y + xy has the H of the sample's own moments, trees and scoring alike")
  func sampleMoments() throws {
    let columns = Fixtures.columns(60, 2, seed: 5)
    let sample = try EffectFixtures.sample(
      EffectFixtures.numbers(columns), options: EffectFixtures.native)
    let found = try measure(sample) { $0[0] + $0[1] + $0[0] * $0[1] }
    let (mx, my) = (Moments.mean(columns[0]), Moments.mean(columns[1]))
    func spread(_ values: [Double]) -> Double { Moments(values).populationVariance }
    let joint = zip(columns[0], columns[1]).map { $0 + $1 + $0 * $1 }
    let excess = zip(columns[0], columns[1]).map { $0 * $1 - $0 * my - $1 * mx }
    let entry = try #require(found.pairs.first)
    #expect(
      agree(
        try #require(entry.h).value, (spread(excess) / spread(joint)).squareRoot(), within: 1e-10))
    #expect(agree(entry.size.value, spread(excess).squareRoot(), within: 1e-10))
    let h = try #require(entry.h)
    #expect((h.lower ?? 1) <= h.value && h.value <= (h.upper ?? 0))
  }

  @Test("Trees give what scoring gives, at any number of threads")
  func trees() throws {
    let sample = try EffectFixtures.sample(
      EffectFixtures.mixed(90, seed: 6), options: EffectFixtures.native)
    let trees = EffectFixtures.trees(8, depth: 5, over: sample, seed: 7)
    var options = InteractionH.Options()
    options.rows = 70
    options.resamples = 20
    let fast = try InteractionH.measure(
      EffectFixtures.model(trees, sample), sample: sample, options: options, seeds: seeds)
    let threaded = try InteractionH.measure(
      EffectFixtures.model(trees, sample), sample: sample, options: options, seeds: seeds,
      threads: 3)
    #expect(fast == threaded)
    #expect(fast.rowCount == 70 && fast.pairs.count == 10)
    let plain = try InteractionH.measure(
      EffectFixtures.model(ScoringOnly(inner: trees), sample), sample: sample, options: options,
      seeds: seeds)
    for entry in fast.pairs {
      let other = try #require(plain.pair(entry.first, entry.second ?? ""))
      #expect(agree(entry.size.value, other.size.value, within: 1e-11))
      #expect(agree(entry.jointSize, other.jointSize, within: 1e-11))
    }
    for entry in fast.features {
      let other = try #require(plain.features.first { $0.first == entry.first })
      #expect(agree(entry.size.value, other.size.value, within: 1e-11))
    }
  }

  @Test("Options out of range and features named twice are refused")
  func refused() throws {
    let sample = try cube()
    let model = try EffectFixtures.model(MinimalScorer(inputWidth: 4) { $0[0] }, sample)
    var options = InteractionH.Options()
    options.rows = 9
    #expect(throws: ExplanationError.self) {
      try InteractionH.measure(model, sample: sample, options: options, seeds: seeds)
    }
    #expect(throws: ExplanationError.self) {
      try InteractionH.measure(model, features: ["x0", "x0"], sample: sample, seeds: seeds)
    }
  }
}
