import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

/// Walks that were prepared once say what scoring rows, and preparing anew, say.
@Suite("Prepared Shapley values")
struct PreparedShapleyTests {
  private static let width = 9

  private func rows(_ count: Int, seed: UInt64) -> EncodedRows {
    var generator = SeedTree(seed: seed).child("rows").generator()
    return Fixtures.rows(
      (0..<count).map { _ in
        (0..<Self.width).map { column in
          // Few values in some columns, so that rows agree in them, and some cells are missing.
          if generator.nextInteger(below: 12) == 0 { return .nan }
          return column % 3 == 0
            ? Double(generator.nextInteger(below: 2)) - 0.5 : generator.nextNormal()
        }
      })
  }

  private struct Case {
    let model: ExplainedModel
    let trees: PlainTrees
    let players: Players
    let background: Background
  }

  private func made(seed: UInt64, background count: Int) throws -> Case {
    let trees = PlainTrees(
      inputWidth: Self.width,
      ensemble: .random(trees: 12, depth: 6, width: Self.width, seed: seed))
    let weights = (0..<count).map { Double($0 % 4) }
    return Case(
      model: try ExplainedModel(
        scorer: trees, calibrator: .platt(slope: 0.6, offset: -0.5),
        featureMap: Fixtures.singles(Self.width), scale: .probability), trees: trees,
      players: try Players(featureMap: Fixtures.singles(Self.width)),
      background: try Background(
        name: "weighted", rows: rows(count, seed: seed + 1000), weights: weights))
  }

  @Test(
    "Margins along orders by walks give the values of scored rows",
    arguments: [(7, 160), (70, 150), (130, 300)])
  func walksAgainstScoredRows(_ count: Int, _ pairs: Int) throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      let found = try made(seed: seed, background: count)
      let applicants = rows(2, seed: seed)
      let exact = try InterventionalTreeShapley(
        found.trees, players: found.players, background: found.background)
      let scored = try SampledShapley.explain(
        applicants, of: found.trees, quantity: found.model.quantity, players: found.players,
        background: found.background, options: .init(pairs: pairs),
        control: ControlVariate { row, weights throws(ExplanationError) in
          Array(
            try exact.marginValues(of: applicants.selecting(rows: [row]), weights: weights).row(0))
        }, seeds: SeedTree(seed: seed))
      let walked = try MethodSelection.sampledShapley(
        for: found.model, rows: applicants, players: found.players,
        background: found.background, options: .init(pairs: pairs), seeds: SeedTree(seed: seed),
        threads: 2)
      for (a, b) in zip(scored, walked) {
        #expect(agree(a.baseValue, b.baseValue, within: 1e-12))
        for (one, other) in zip(a.attributions, b.attributions) {
          #expect(agree(one.value, other.value, within: 1e-10))
          #expect(
            agree(try #require(one.standardError), try #require(other.standardError), within: 1e-9))
        }
      }
    }
  }

  @Test("Other weights give the values of a background prepared with them")
  func otherWeights() throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      let found = try made(seed: seed, background: 90)
      let applicants = rows(3, seed: seed)
      let exact = try InterventionalTreeShapley(
        found.trees, players: found.players, background: found.background)
      let weights = (0..<90).map { (row: Int) -> Double in
        row % 4 == 0 ? 0 : Double(1 + row * 7 % 5)
      }
      let anew = try InterventionalTreeShapley(
        found.trees, players: found.players,
        background: Background(name: "other", rows: found.background.rows, weights: weights))
      let first = try exact.marginValues(of: applicants, weights: weights)
      let second = try anew.marginValues(of: applicants)
      for (a, b) in zip(first.values, second.values) { #expect(agree(a, b, within: 1e-12)) }
    }
  }

  @Test("Weights that are none are refused")
  func badWeights() throws {
    let found = try made(seed: 1, background: 8)
    let exact = try InterventionalTreeShapley(
      found.trees, players: found.players, background: found.background)
    let refused: [[Double]] = [
      [1, 2], Array(repeating: 0, count: 8), Array(repeating: -1, count: 8),
    ]
    for weights in refused {
      #expect(throws: ExplanationError.self) {
        try exact.marginValues(of: rows(1, seed: 1), weights: weights)
      }
    }
  }

  @Test("What is prepared once gives the bits of what is prepared anew, on any number of threads")
  func preparedOnce() throws {
    let found = try made(seed: 3, background: 40)
    let applicants = rows(3, seed: 9)
    for model in [found.model, found.model.on(.margin)] {
      let prepared = try PreparedShapley(
        model, players: found.players, background: found.background)
      let first = try prepared.explain(
        applicants, options: .init(pairs: 80), seeds: SeedTree(seed: 2))
      #expect(prepared.method == first[0].method)
      let anew = try MethodSelection.shapley(
        for: model, rows: applicants, players: found.players, background: found.background,
        options: .init(pairs: 80), seeds: SeedTree(seed: 2), threads: 3)
      #expect(first == anew)
      let alone = try prepared.explain(
        applicants.selecting(rows: [1]), options: .init(pairs: 80), seeds: SeedTree(seed: 2),
        threads: 2)
      #expect(alone[0] == first[1])
    }
  }
}
