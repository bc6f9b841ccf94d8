import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Partial dependence and individual curves")
struct PartialDependenceTests {
  /// All that two results say of values, without bands.
  private func disagreement(_ a: [PartialDependence], _ b: [PartialDependence]) -> Double {
    zip(a, b).map { left, right in
      max(
        largestDisagreement(
          left.points.map(\.effect.value), right.points.map(\.effect.value)),
        largestDisagreement(
          left.curves?.values.flatMap { $0 } ?? [], right.curves?.values.flatMap { $0 } ?? []))
    }.max() ?? .infinity
  }

  @Test(
    "Curves walked through trees are those of scoring every changed row",
    arguments: [true, false], [3, 50, 150])
  func treesAgainstScoring(native: Bool, points: Int) throws {
    let table = try EffectFixtures.mixed(200, seed: 1)
    let sample = try EffectFixtures.sample(
      table, options: native ? EffectFixtures.native : EncodingOptions())
    var options = EffectFixtures.quick
    options.points = points
    options.curves = 200
    for seed in 0..<6 as Range<UInt64> {
      let trees = EffectFixtures.trees(
        12, depth: 7, over: sample, seed: seed, comparison: seed % 2 == 0 ? .lessOrEqual : .less,
        precision: seed % 3 == 0 ? .double : .single)
      let fast = try PartialDependence.measure(
        EffectFixtures.model(trees, sample), sample: sample, options: options,
        seeds: SeedTree(seed: 1))
      let plain = try PartialDependence.measure(
        EffectFixtures.model(ScoringOnly(inner: trees), sample), sample: sample, options: options,
        seeds: SeedTree(seed: 1))
      #expect(fast.map(\.feature) == table.names)
      #expect(disagreement(fast, plain) < 1e-12)
      #expect(fast.contains { $0.range > 0.1 })
    }
  }

  @Test("Values are those of scikit-learn's brute method, means and single curves")
  func scikitLearn() throws {
    let reference = try EffectReference.load()
    let sample = try reference.sample()
    let model = try EffectFixtures.model(reference.scorer, sample)
    var options = EffectFixtures.quick
    options.curves = 60
    for (feature, expected) in reference.effects.enumerated() {
      let grid = try FeatureGrid(feature: "x\(feature)", at: expected.grid, sample: sample)
      let found = try PartialDependence.measure(
        model, on: [grid], sample: sample, options: options, seeds: SeedTree(seed: 1))[0]
      // Equal quantiles are one point here.
      let kept = expected.grid.indices.filter {
        $0 == 0 || expected.grid[$0] != expected.grid[$0 - 1]
      }
      #expect(found.points.map(\.at.number) == kept.map { expected.grid[$0] })
      #expect(
        largestDisagreement(
          found.points.map(\.effect.value), kept.map { expected.average[$0] }) < 1e-12)
      let curves = try #require(found.curves)
      for (row, curve) in curves.values.enumerated() {
        #expect(largestDisagreement(curve, kept.map { expected.individual[row][$0] }) < 1e-12)
      }
    }
  }

  @Test("An additive model has parallel curves with its own slope; centred they are one")
  func additive() throws {
    let sample = try EffectFixtures.sample(
      EffectFixtures.numbers(Fixtures.columns(300, 3, seed: 2)),
      options: EffectFixtures.native)
    let scorer = AffineScorer(coefficients: [2, 0, -0.5], intercept: 1)
    for model in [
      try EffectFixtures.model(scorer, sample),
      try EffectFixtures.model(ScoringOnly(inner: scorer), sample),
    ] {
      let found = try PartialDependence.measure(
        model, sample: sample, options: EffectFixtures.quick, seeds: SeedTree(seed: 1))
      for (feature, slope) in zip(found, scorer.coefficients) {
        let first = try #require(feature.points.first)
        #expect(feature.points.count == 50)
        #expect(feature.heterogeneity < 1e-9)
        for point in feature.points {
          let distance = (point.at.number ?? .nan) - (first.at.number ?? .nan)
          #expect(
            agree(point.effect.value - first.effect.value, slope * distance, within: 1e-12))
        }
        let curves = try #require(feature.curves).centred()
        for curve in curves { #expect(largestDisagreement(curve, curves[0]) < 1e-12) }
      }
    }
  }

  @Test("Curves that cross have all their movement hidden from the mean")
  func crossing() throws {
    let sample = try EffectFixtures.sample(
      EffectFixtures.numbers(Fixtures.factorial([[-1, 0, 1], [-1, 1]])),
      options: EffectFixtures.native)
    let model = try EffectFixtures.model(
      MinimalScorer(inputWidth: 2) { $0[0] * $0[1] }, sample)
    let found = try PartialDependence.measure(
      model, features: ["x0"], sample: sample, options: EffectFixtures.quick,
      seeds: SeedTree(seed: 1))[0]
    #expect(found.range < 1e-15)
    #expect(found.heterogeneity == 1)
    #expect(found.curves?.rows.count == 6)
  }

  @Test("Threads change no bit, the order of rows nothing but rounding")
  func invariance() throws {
    let table = try EffectFixtures.mixed(300, seed: 3)
    let sample = try EffectFixtures.sample(table, options: EffectFixtures.native)
    let trees = EffectFixtures.trees(10, depth: 6, over: sample, seed: 4)
    for scorer in [trees, ScoringOnly(inner: trees)] as [any Scorer] {
      let model = try EffectFixtures.model(scorer, sample, scale: .probability)
      let one = try PartialDependence.measure(model, sample: sample, seeds: SeedTree(seed: 1))
      let three = try PartialDependence.measure(
        model, sample: sample, seeds: SeedTree(seed: 1), threads: 3)
      #expect(one == three)
      #expect(
        try AccumulatedLocalEffects.measure(model, sample: sample, seeds: SeedTree(seed: 1))
          == AccumulatedLocalEffects.measure(
            model, sample: sample, seeds: SeedTree(seed: 1), threads: 3))
      let turned = try EffectSample(
        name: "turned", table: table.selecting(rows: Array((0..<300).reversed())),
        encoder: sample.encoder)
      let other = try PartialDependence.measure(model, sample: turned, seeds: SeedTree(seed: 1))
      for (left, right) in zip(one, other) {
        #expect(
          largestDisagreement(
            left.points.map(\.effect.value), right.points.map(\.effect.value)) < 1e-13)
        #expect(left.points.map(\.at.label) == right.points.map(\.at.label))
      }
    }
  }

  @Test("Weights act as repeated rows, in grid, means and shares")
  func weights() throws {
    let table = try EffectFixtures.mixed(120, seed: 5)
    let weights = (0..<120).map { Double($0 % 4) }
    let encoder = try Encoder.fit(table, features: table.names, options: EffectFixtures.native)
    let weighted = try EffectSample(
      name: "w", table: table, encoder: encoder, weights: weights)
    let repeated = try EffectSample(
      name: "r",
      table: table.selecting(rows: (0..<120).flatMap { [Int](repeating: $0, count: $0 % 4) }),
      encoder: encoder)
    let trees = EffectFixtures.trees(10, depth: 6, over: weighted, seed: 6)
    var options = EffectFixtures.quick
    options.points = 12
    options.curves = 0
    let model = try EffectFixtures.model(trees, weighted)
    let a = try FeatureEffect.measure(
      model, sample: weighted, options: options, seeds: SeedTree(seed: 1))
    let b = try FeatureEffect.measure(
      model, sample: repeated, options: options, seeds: SeedTree(seed: 1))
    for (left, right) in zip(a, b) {
      #expect(left.partial.points.map(\.at.label) == right.partial.points.map(\.at.label))
      #expect(
        largestDisagreement(
          left.partial.points.map(\.effect.value), right.partial.points.map(\.effect.value))
          < 1e-12)
      #expect(
        largestDisagreement(
          left.partial.points.map(\.at.share), right.partial.points.map(\.at.share)) < 1e-12)
      #expect(
        largestDisagreement(
          left.accumulated.points.map(\.effect.value),
          right.accumulated.points.map(\.effect.value)) < 1e-12)
      #expect(agree(left.partial.heterogeneity, right.partial.heterogeneity, within: 1e-9))
    }
  }

  @Test("Bands cover the mean over many applicants about 95 times in a hundred")
  func bands() throws {
    var inside = 0
    var errors: [Double] = []
    for seed in 0..<60 as Range<UInt64> {
      let sample = try EffectFixtures.sample(
        EffectFixtures.numbers(Fixtures.columns(80, 2, seed: 100 + seed)),
        options: EffectFixtures.native)
      // The mean of x0 at zero plus x1 squared: the expectation is 1.
      let model = try EffectFixtures.model(
        MinimalScorer(inputWidth: 2) { $0[0] + $0[1] * $0[1] }, sample)
      let grid = try FeatureGrid(feature: "x0", at: [0, 1], sample: sample)
      let point = try PartialDependence.measure(
        model, on: [grid], sample: sample, seeds: SeedTree(seed: seed))[0].points[0]
      let (lower, upper) = (try #require(point.effect.lower), try #require(point.effect.upper))
      inside += lower <= 1 && 1 <= upper ? 1 : 0
      errors.append(try #require(point.effect.standardError))
      // The shape of an additive model is the same in every resample.
      #expect((point.centred.standardError ?? 1) < 1e-12)
    }
    #expect((49...60).contains(inside))
    // The standard deviation of a squared normal is √2.
    #expect(agree(Moments.mean(errors), (2.0 / 80).squareRoot(), within: 0.03))
  }

  @Test("A grid of values that the model does not take is refused, and so is a foreign sample")
  func refused() throws {
    let table = try EffectFixtures.mixed(60, seed: 7)
    let sample = try EffectFixtures.sample(table)
    let native = try EffectFixtures.sample(table, options: EffectFixtures.native)
    let model = try EffectFixtures.model(
      MinimalScorer(inputWidth: native.background.rows.width) { _ in 0 }, native)
    #expect(throws: ExplanationError.self) {
      try PartialDependence.measure(model, sample: native, seeds: SeedTree(seed: 1))
    }
    #expect(throws: ExplanationError.self) {
      try PartialDependence.measure(model, sample: sample, seeds: SeedTree(seed: 1))
    }
    #expect(throws: ExplanationError.self) {
      try FeatureGrid(feature: "aa", sample: sample)
    }
    var options = EffectOptions()
    options.points = 1
    #expect(throws: ExplanationError.self) { try options.validated() }
  }
}

extension Fixtures {
  /// Columns of independent standard normal numbers.
  static func columns(_ rows: Int, _ columns: Int, seed: UInt64) -> [[Double]] {
    let matrix = normal(rows, columns, seed: seed).matrix
    return (0..<columns).map { matrix.column($0) }
  }

  /// Every combination of the axes' values, one list a column.
  static func factorial(_ axes: [[Double]]) -> [[Double]] {
    var rows: [[Double]] = [[]]
    for axis in axes { rows = rows.flatMap { row in axis.map { row + [$0] } } }
    return axes.indices.map { column in rows.map { $0[column] } }
  }
}

/// What scikit-learn and PyALE found on a small forest.
struct EffectReference: Decodable {
  struct Tree: Decodable {
    let feature: [Int32]
    let threshold: [Double]
    let left: [Int32]
    let right: [Int32]
    let value: [Double]
  }
  struct Effect: Decodable {
    let grid: [Double]
    let average: [Double]
    let individual: [[Double]]
  }
  struct Accumulated: Decodable {
    let points: [Double]
    let effect: [Double]
    let size: [Int]
  }

  let rows: [[Double]]
  let trees: [Tree]
  let effects: [Effect]
  let accumulated: [Accumulated]

  static func load() throws -> EffectReference {
    try ReferenceValues.decode(from: "scikit-learn/effects.json")
  }

  func sample() throws -> EffectSample {
    try EffectFixtures.sample(
      EffectFixtures.numbers((0..<3).map { column in rows.map { $0[column] } }),
      options: EffectFixtures.native)
  }

  /// The forest, whose trees compare in single precision.
  var scorer: PlainTrees {
    PlainTrees(
      inputWidth: 3,
      ensemble: TreeEnsemble(
        trees: trees.map { tree in
          var neutral = TreeEnsemble.Tree(weight: 1 / Double(trees.count))
          for node in tree.left.indices {
            _ = neutral.appendLeaf(value: tree.value[node], cover: 1)
            guard tree.left[node] >= 0 else { continue }
            neutral.feature[node] = tree.feature[node]
            neutral.threshold[node] = tree.threshold[node]
            neutral.left[node] = tree.left[node]
            neutral.right[node] = tree.right[node]
          }
          return neutral
        }, precision: .single))
  }
}
