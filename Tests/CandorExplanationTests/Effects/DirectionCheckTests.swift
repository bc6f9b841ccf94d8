import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Checks of declared directions")
struct DirectionCheckTests {
  /// A tree over x0 whose value falls by 0.75 between 0.4 and 0.5 where x1 is above 0, else rises.
  private var dip: PlainTrees {
    var tree = TreeEnsemble.Tree(weight: 1)
    func leaf(_ value: Double) -> Int { tree.appendLeaf(value: value, cover: 1) }
    func test(_ node: Int, _ column: Int32, _ threshold: Double, _ left: Int, _ right: Int) {
      tree.feature[node] = column
      tree.threshold[node] = threshold
      tree.left[node] = Int32(left)
      tree.right[node] = Int32(right)
    }
    let (root, upper, side) = (leaf(0), leaf(0), leaf(0))
    test(root, 0, 0.4, leaf(1), upper)
    test(upper, 0, 0.5, side, leaf(2))
    test(side, 1, 0, leaf(1.5), leaf(0.25))
    return PlainTrees(inputWidth: 2, ensemble: TreeEnsemble(trees: [tree]))
  }

  private func sample(scaling: Scaling) throws -> EffectSample {
    var generator = SeedTree(seed: 1).generator()
    // No applicant between the thresholds, so that no quantile lies there.
    let x = (0..<200).map { _ in
      let u = generator.nextUniform()
      return u < 0.5 ? u * 0.7 : 0.6 + u
    }
    let y = (0..<200).map { $0 % 4 == 0 ? 1.0 : -1 }
    var options = EffectFixtures.native
    options.scaling = scaling
    return try EffectFixtures.sample(EffectFixtures.numbers([x, y]), options: options)
  }

  @Test("A dip between two thresholds is found exactly, though no applicant stands in it")
  func exact() throws {
    let sample = try sample(scaling: .none)
    let model = try EffectFixtures.model(dip, sample)
    let found = try DirectionCheck.check(
      model, directions: ["x0": .increasing], sample: sample, listed: 7)[0]
    #expect(found.coverage == .everyThreshold)
    #expect(!found.holds)
    #expect(found.rowsTouched == 50)
    #expect(agree(found.shareTouched, 0.25, within: 1e-12))
    #expect(found.violations.count == 7)
    let largest = try #require(found.largest)
    #expect(agree(largest.size, 0.75, within: 1e-12))
    #expect(agree(largest.before - largest.after, largest.size, within: 1e-12))
    #expect(largest.row == 0 && largest.to.number == 0.5)
    #expect((largest.from.number ?? 1) <= 0.4)
    #expect(found.intervals.count == 1)
    #expect(agree(found.intervals[0].share, 0.25, within: 1e-12))
    // On average 0.75 · 1.5 + 0.25 · 0.25 is still above 1.
    #expect(found.meanViolation == 0)
    let plain = try DirectionCheck.check(
      EffectFixtures.model(ScoringOnly(inner: dip), sample), directions: ["x0": .increasing],
      sample: sample)[0]
    #expect(plain.coverage == .grid && plain.holds)
    let other = try DirectionCheck.check(
      model, directions: ["x0": .decreasing], sample: sample)[0]
    #expect(other.rowsTouched == 200)
    // The largest rise goes over the dip: from 0.25 to 2.
    #expect(agree(try #require(other.largest).size, 1.75, within: 1e-12))
  }

  @Test("Thresholds of scaled columns are met exactly, in the feature's own unit")
  func scaled() throws {
    let plain = try sample(scaling: .none)
    let scaled = try sample(scaling: .standard)
    var scorer = dip
    let step = scaled.encoder.steps[0]
    guard case .scale(_, let center, let scale)? = step.transformations.last else {
      Issue.record("not scaled")
      return
    }
    var ensemble = scorer.ensemble
    for node in ensemble.trees[0].left.indices where ensemble.trees[0].feature[node] == 0 {
      ensemble.trees[0].threshold[node] = (ensemble.trees[0].threshold[node] - center) / scale
    }
    scorer = PlainTrees(inputWidth: 2, ensemble: ensemble)
    let found = try DirectionCheck.check(
      EffectFixtures.model(scorer, scaled), directions: ["x0": .increasing], sample: scaled)[0]
    let expected = try DirectionCheck.check(
      EffectFixtures.model(dip, plain), directions: ["x0": .increasing], sample: plain)[0]
    #expect(found.rowsTouched == expected.rowsTouched)
    #expect(agree(try #require(found.largest?.to.number), 0.5, within: 1e-12))
  }

  @Test("A straight line keeps its own direction and breaks the other for everybody")
  func linear() throws {
    let sample = try EffectFixtures.sample(
      EffectFixtures.numbers(Fixtures.columns(100, 2, seed: 3)),
      options: EffectFixtures.native)
    let model = try EffectFixtures.model(
      AffineScorer(coefficients: [1, -2], intercept: 0), sample, scale: .points)
    let found = try DirectionCheck.check(
      model, directions: ["x1": .increasing, "x0": .increasing], sample: sample)
    #expect(found.map(\.feature) == ["x0", "x1"])
    #expect(found.allSatisfy { $0.coverage == .straightLine })
    #expect(found[0].holds && found[0].violations.isEmpty && found[0].intervals.isEmpty)
    #expect(found[1].shareTouched == 1 && found[1].meanViolation > 0)
    // Positive is towards bad on every scale: points lost.
    let largest = try #require(found[1].largest)
    #expect(largest.size > 0 && largest.after < largest.before)
  }

  @Test("Ordered levels are checked in full; names and unknown features are refused")
  func levels() throws {
    var options = EncodingOptions()
    options.scaling = .none
    let sample = try EffectFixtures.sample(
      EffectFixtures.mixed(150, seed: 4), options: options)
    let grade = try #require(sample.encoder.risingColumn(of: "grade"))
    let flag = try #require(sample.encoder.risingColumn(of: "flag"))
    // A is above B for those whose flag is yes.
    let model = try EffectFixtures.model(
      MinimalScorer(inputWidth: sample.background.rows.width) { row in
        [0, -1, -2, row[flag] == 1 ? -1.5 : -3][Int(row[grade])]
      }, sample)
    let found = try DirectionCheck.check(
      model, directions: ["grade": .decreasing, "flag": .decreasing], sample: sample)
    #expect(found.map(\.feature) == ["grade", "flag"])
    #expect(found.allSatisfy { $0.coverage == .everyLevel })
    let flags = sample.background.rows.matrix.column(flag)
    #expect(found[0].rowsTouched == flags.count { $0 == 1 })
    let largest = try #require(found[0].largest)
    #expect(largest.size == 0.5 && largest.from.label == "B" && largest.to.label == "A")
    // The flag matters at grade A alone.
    let grades = sample.background.rows.matrix.column(grade)
    #expect(found[1].rowsTouched == grades.count { $0 == 3 })
    for name in ["colour", "other"] {
      #expect(throws: ExplanationError.self) {
        try DirectionCheck.check(model, directions: [name: .increasing], sample: sample)
      }
    }
  }

  @Test("Of equal curves nothing moves; tolerance and weights count")
  func details() throws {
    let table = try EffectFixtures.numbers([[0, 1, 2, 3], [1, 0, 0, 0]])
    let encoder = try Encoder.fit(table, features: table.names, options: EffectFixtures.native)
    let sample = try EffectSample(
      name: "s", table: table, encoder: encoder, weights: [3, 1, 1, 1])
    let model = try EffectFixtures.model(
      MinimalScorer(inputWidth: 2) { $0[1] == 1 ? -1e-3 * $0[0] : $0[0] }, sample)
    let found = try DirectionCheck.check(
      model, directions: ["x0": .increasing], sample: sample)[0]
    #expect(found.shareTouched == 0.5 && found.rowsTouched == 1)
    #expect(agree(try #require(found.largest).size, 3e-3, within: 1e-12))
    #expect(found.largest?.from.label == "0" && found.largest?.to.label == "3")
    let loose = try DirectionCheck.check(
      model, directions: ["x0": .increasing], sample: sample, tolerance: 0.01)[0]
    #expect(loose.holds)
  }
}
