import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

@Suite("Accumulated local effects")
struct AccumulatedLocalEffectsTests {
  private let seeds = SeedTree(seed: 1)

  private func numbers(_ columns: [[Double]]) throws -> EffectSample {
    try EffectFixtures.sample(
      EffectFixtures.numbers(columns), options: EffectFixtures.native)
  }

  /// The effect straight from the paper's sums, for edges that all hold rows.
  private func oracle(
    _ f: ([Double]) -> Double, _ rows: [[Double]], _ feature: Int, edges: [Double]
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: edges.count - 1)
    var counts = sums
    for row in rows {
      let above = edges.firstIndex { row[feature] <= $0 } ?? edges.count - 1
      let bin = max(above, 1) - 1
      var low = row
      var high = row
      low[feature] = edges[bin]
      high[feature] = edges[bin + 1]
      sums[bin] += f(high) - f(low)
      counts[bin] += 1
    }
    var effect = [0.0]
    for bin in sums.indices { effect.append(effect[bin] + sums[bin] / counts[bin]) }
    var mean = 0.0
    for bin in sums.indices {
      mean += counts[bin] * (effect[bin] + effect[bin + 1]) / 2 / Double(rows.count)
    }
    return effect.map { $0 - mean }
  }

  @Test("E21: of a linear model the total rise over the range is the coefficient; constants give 0")
  func linear() throws {
    let sample = try numbers(Fixtures.columns(400, 3, seed: 1))
    let scorer = AffineScorer(coefficients: [1.5, 0, -2], intercept: 0.3)
    // Log-odds of a logistic model are its margin.
    for model in [
      try EffectFixtures.model(scorer, sample, scale: .logOdds),
      try EffectFixtures.model(ScoringOnly(inner: scorer), sample, scale: .logOdds),
    ] {
      let found = try AccumulatedLocalEffects.measure(model, sample: sample, seeds: seeds)
      for (effect, slope) in zip(found, scorer.coefficients) {
        let first = try #require(effect.points.first)
        let last = try #require(effect.points.last)
        let width = (last.at.number ?? .nan) - (first.at.number ?? .nan)
        #expect(
          agree((last.effect.value - first.effect.value) / width, slope, within: 1e-12))
        for point in effect.points where slope == 0 { #expect(abs(point.effect.value) < 1e-14) }
        // Every interval of a straight line has the same slope, in every resample.
        for (index, interval) in effect.intervals.enumerated() {
          let (from, to) = (effect.points[index].at.number, effect.points[index + 1].at.number)
          let step = (to ?? .nan) - (from ?? .nan)
          #expect(agree(interval.rise.value, slope * step, within: 1e-12))
          #expect((interval.rise.standardError ?? 1) < 1e-12)
        }
      }
    }
  }

  @Test("On correlated features it follows the paper's sums, where partial dependence does not")
  func correlated() throws {
    var generator = SeedTree(seed: 2).generator()
    let x = (0..<500).map { _ in generator.nextUniform() }
    let y = x.map { $0 + 0.05 * generator.nextNormal() }
    let sample = try numbers([x, y])
    let f: @Sendable ([Double]) -> Double = { $0[0] * $0[1] + sin(3 * $0[0]) }
    let model = try EffectFixtures.model(MinimalScorer(inputWidth: 2, f), sample)
    var options = EffectFixtures.quick
    options.points = 21
    let found = try AccumulatedLocalEffects.measure(
      model, sample: sample, options: options, seeds: seeds)
    for (feature, effect) in found.enumerated() {
      let edges = effect.points.compactMap(\.at.number)
      #expect(edges.count == 21)
      let expected = oracle(f, zip(x, y).map { [$0, $1] }, feature, edges: edges)
      #expect(
        largestDisagreement(effect.points.map(\.effect.value), expected) < 1e-12)
      #expect(agree(effect.intervals.map(\.share).reduce(0, +), 1, within: 1e-12))
    }
    // Of x·y with y near x, y moves the value by ∫ y dy over the unit interval and a little more; the
    // mean curve by the mean of x times the range.
    let mean = try PartialDependence.measure(
      model, features: ["x1"], sample: sample, options: options, seeds: seeds)[0].points
    let range = (mean.last?.at.number ?? 0) - (mean.first?.at.number ?? 0)
    let moved = (mean.last?.effect.value ?? 0) - (mean.first?.effect.value ?? 0)
    #expect(agree(moved, Moments.mean(x) * range, within: 1e-12))
    let local = found[1].points.map(\.effect.value)
    #expect((0.5...0.65).contains((local.last ?? 0) - (local.first ?? 0)))
  }

  @Test("It is PyALE's on a forest")
  func python() throws {
    let reference = try EffectReference.load()
    let sample = try reference.sample()
    let model = try EffectFixtures.model(reference.scorer, sample)
    for (feature, expected) in reference.accumulated.enumerated() {
      let grid = try FeatureGrid(feature: "x\(feature)", at: expected.points, sample: sample)
      let found = try AccumulatedLocalEffects.measure(
        model, on: [grid], sample: sample, options: EffectFixtures.quick, seeds: seeds)[0]
      #expect(found.points.map(\.at.number) == expected.points)
      #expect(
        largestDisagreement(found.points.map(\.effect.value), expected.effect) < 1e-12)
      #expect(found.intervals.map(\.rows) == Array(expected.size.dropFirst()))
    }
  }

  @Test("Empty intervals are merged, rows without a value are left out and said so")
  func merged() throws {
    var x = (0..<100).map { Double($0) / 100 }
    x[7] = .nan
    let sample = try numbers([x, x.map { $0.isNaN ? 1 : -$0 }])
    let scorer = PlainTrees(inputWidth: 2, ensemble: TreeEnsemble(trees: []))
    let model = try EffectFixtures.model(scorer, sample)
    let grid = try FeatureGrid(
      feature: "x0", at: [-2, -1, 0, 0.5, 0.501, 0.502, 0.9, 3, 4], sample: sample)
    let found = try AccumulatedLocalEffects.measure(
      model, on: [grid], sample: sample, seeds: seeds)[0]
    #expect(found.intervals.allSatisfy { $0.rows > 0 })
    #expect(found.intervals.map(\.rows).reduce(0, +) == 99)
    #expect(agree(found.leftOutShare, 0.01, within: 1e-12))
    #expect(found.range == 0)
  }

  @Test("Levels that are alike stand beside each other, and rise by the mean of both sides")
  func levels() throws {
    // Alike in x are low, middle and high, though not by name.
    let means = ["low": 0.0, "high": 3, "middle": 1.5]
    let effects = ["low": 1.0, "high": 4, "middle": 9]
    var generator = SeedTree(seed: 3).generator()
    let texts = (0..<300).map { ["low", "high", "middle"][$0 % 3] }
    let table = try Table(columns: [
      Column(name: "level", texts: texts),
      Column(name: "x", numbers: texts.map { (means[$0] ?? 0) + generator.nextNormal() }),
    ])
    var options = EncodingOptions()
    options.categorical = .levelCodes
    options.scaling = .none
    let sample = try EffectFixtures.sample(table, options: options)
    let names = try FeatureGrid(feature: "level", sample: sample).points.map(\.label)
    let byCode = names.map { effects[$0] ?? 0 }
    // An interaction with x, so that it matters which rows step.
    let f: @Sendable ([Double]) -> Double = { byCode[Int($0[0])] + 0.1 * $0[0] * $0[1] }
    let model = try EffectFixtures.model(MinimalScorer(inputWidth: 2, f), sample)
    let found = try AccumulatedLocalEffects.measure(
      model, features: ["level"], sample: sample, seeds: seeds)[0]
    let order = found.points.map(\.at.label)
    #expect(
      order == ["low", "middle", "high"] || order == ["high", "middle", "low"])
    let rows = Fixtures.arrays(sample.background.rows)
    for (step, interval) in found.intervals.enumerated() {
      let ends = [order[step], order[step + 1]].map { Double(names.firstIndex(of: $0) ?? -1) }
      let taking = rows.filter { ends.contains($0[0]) }
      let expected = Moments.mean(taking.map { f([ends[1], $0[1]]) - f([ends[0], $0[1]]) })
      #expect(agree(interval.rise.value, expected, within: 1e-12))
      #expect(interval.rows == 200)
    }
    #expect(agree(found.points.map { $0.effect.value }.reduce(0, +), 0, within: 1e-12))
    var declared = EffectFixtures.quick
    declared.levelOrder = .declared
    let plain = try AccumulatedLocalEffects.measure(
      model, features: ["level"], sample: sample, options: declared, seeds: seeds)[0]
    #expect(plain.points.map(\.at.label) == names)
  }

  @Test("Curves of trees give what scoring both ends gives, for every kind of feature")
  func ways() throws {
    let sample = try EffectFixtures.sample(
      EffectFixtures.mixed(250, seed: 8), options: EffectFixtures.native)
    let trees = EffectFixtures.trees(15, depth: 6, over: sample, seed: 9)
    let a = try AccumulatedLocalEffects.measure(
      EffectFixtures.model(trees, sample), sample: sample, seeds: seeds)
    let b = try AccumulatedLocalEffects.measure(
      EffectFixtures.model(ScoringOnly(inner: trees), sample), sample: sample, seeds: seeds)
    for (left, right) in zip(a, b) {
      #expect(left.points.map(\.at.label) == right.points.map(\.at.label))
      #expect(
        largestDisagreement(
          left.points.map(\.effect.value), right.points.map(\.effect.value)) < 1e-12)
      #expect(
        largestDisagreement(
          left.points.compactMap(\.effect.upper), right.points.compactMap(\.effect.upper))
          < 1e-12)
    }
  }

  @Test("The two readings agree on independent features, and a warning says where they do not")
  func disagreement() throws {
    let grid = Fixtures.factorial([Array(stride(from: -1.0, through: 1, by: 0.25)), [-1, 0, 1]])
    let independent = try numbers(grid)
    let f: @Sendable ([Double]) -> Double = { $0[0] * $0[0] + $0[1] + $0[0] * $0[1] }
    let calm = try FeatureEffect.measure(
      EffectFixtures.model(MinimalScorer(inputWidth: 2, f), independent), sample: independent,
      seeds: seeds)
    for effect in calm {
      #expect(effect.disagreement < 1e-9)
      #expect(!effect.warnings.contains { $0.code == .effectsDisagree })
      // Three or nine applicants an interval.
      #expect(effect.warnings.contains { $0.code == .thinSupport } == (effect.feature == "x0"))
    }
    let x = (0..<200).map { Double($0) / 100 - 1 }
    let tied = try numbers([x, x])
    let wild = try FeatureEffect.measure(
      EffectFixtures.model(MinimalScorer(inputWidth: 2) { $0[0] * $0[1] }, tied), sample: tied,
      seeds: seeds)
    for effect in wild {
      #expect(effect.disagreement > 0.5)
      #expect(effect.warnings.contains { $0.code == .effectsDisagree })
    }
  }
}

@Suite("Second-order accumulated local effects")
struct SecondOrderEffectsTests {
  private let axes = [
    Array(stride(from: 0.0, through: 4, by: 1)), Array(stride(from: -1.0, through: 2, by: 0.5)),
  ]

  private func measure(
    _ f: @escaping @Sendable ([Double]) -> Double, threads: Int = 1
  ) throws -> SecondOrderEffects {
    let sample = try EffectFixtures.sample(
      EffectFixtures.numbers(Fixtures.factorial(axes)), options: EffectFixtures.native)
    return try SecondOrderEffects.measure(
      EffectFixtures.model(MinimalScorer(inputWidth: 2, f), sample), first: "x0", second: "x1",
      sample: sample, seeds: SeedTree(seed: 1), threads: threads)
  }

  @Test("Nothing is left of an additive function")
  func additive() throws {
    let found = try measure { $0[0] * $0[0] - 3 * $0[1] }
    #expect(found.effects.flatMap { $0 }.allSatisfy { abs($0) < 1e-12 })
    #expect(found.size.value < 1e-12)
  }

  @Test("A product leaves the product of the centred features, with main effects or without")
  func product() throws {
    let found = try measure { 2 * $0[0] * $0[1] + $0[0] - $0[1] * $0[1] }
    #expect(found == (try measure({ 2 * $0[0] * $0[1] + $0[0] - $0[1] * $0[1] }, threads: 3)))
    // Rows stand in the middle of their interval; the first one holds two values.
    func centre(_ axis: [Double]) -> Double {
      let middles = axis.indices.map { axis[max($0, 1) - 1] / 2 + axis[max($0, 1)] / 2 }
      return Moments.mean(middles)
    }
    let (a, b) = (centre(axes[0]), centre(axes[1]))
    for (i, x) in axes[0].enumerated() {
      for (j, y) in axes[1].enumerated() {
        #expect(agree(found.effects[i][j], 2 * (x - a) * (y - b), within: 1e-12))
      }
    }
    #expect(found.counts.flatMap { $0 }.reduce(0, +) == 35)
    #expect(found.counts[0][0] == 4 && found.counts[1][1] == 1)
  }

  @Test("Names are refused, and a cell without applicants is filled and said so")
  func edges() throws {
    let table = try EffectFixtures.mixed(80, seed: 1)
    let sample = try EffectFixtures.sample(table, options: EffectFixtures.native)
    let trees = EffectFixtures.trees(5, depth: 4, over: sample, seed: 1)
    let model = try EffectFixtures.model(trees, sample)
    #expect(throws: ExplanationError.self) {
      try SecondOrderEffects.measure(
        model, first: "a", second: "colour", sample: sample, seeds: SeedTree(seed: 1))
    }
    let found = try SecondOrderEffects.measure(
      model, first: "a", second: "b", sample: sample, seeds: SeedTree(seed: 1))
    #expect(found.warnings.contains { $0.code == .thinSupport })
    #expect(found.rowCount < 80)
  }
}
