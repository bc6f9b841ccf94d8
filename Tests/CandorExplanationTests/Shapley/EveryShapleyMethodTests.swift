import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("What holds for every Shapley method")
struct EveryShapleyMethodTests {
  private func explain(
    _ scorer: some Scorer, _ rows: EncodedRows, _ background: Background, _ players: Players
  ) throws -> [[Explanation]] {
    let seeds = SeedTree(seed: 1)
    let quantity = Fixtures.margin
    return [
      try EnumeratedShapley.explain(
        rows, of: scorer, quantity: quantity, players: players, background: background),
      try SampledShapley.explain(
        rows, of: scorer, quantity: quantity, players: players, background: background,
        options: .init(pairs: 64), seeds: seeds),
      try KernelShapley.explain(
        rows, of: scorer, quantity: quantity, players: players, background: background,
        seeds: seeds),
      try OwenValues.explain(
        rows, of: scorer, quantity: quantity, players: players, groups: [],
        background: background, seeds: seeds),
    ]
  }

  @Test("A constant score gets zeros")
  func constants() throws {
    // Reference case E10.
    let found = try explain(
      MinimalScorer(inputWidth: 7) { _ in 3.5 }, Fixtures.normal(2, 7, seed: 61),
      try Background(name: "b", rows: Fixtures.normal(10, 7, seed: 62)),
      try Players(featureMap: Fixtures.singles(7)))
    for explanation in found.flatMap({ $0 }) {
      for attribution in explanation.attributions { #expect(abs(attribution.value) < 1e-12) }
      #expect(explanation.baseValue == 3.5)
    }
  }

  @Test("The network of captum's tests has the published values from every baseline")
  func captumNetwork() throws {
    // Reference case E11.
    let map = Fixtures.singles(3)
    let single = try Players(featureMap: map)
    let grouped = try Players(
      featureMap: map, groups: [PlayerGroup(name: "first", members: ["x0", "x1"])])
    let cases: [(x: [Double], baseline: [Double], players: Players, values: [Double])] = [
      ([20, 50, 30], [0, 0, 0], single, [230.0 / 3, 590.0 / 3, 350.0 / 3]),
      ([20, 50, 30], [0, 0, 0], grouped, [275, 115]),
      ([20, 50, 30], [4, 4, 4], grouped, [248, 104]),
      ([20, 50, 30], [10, 20, 10], single, [40, 120, 80]),
      ([2, 10, 3], [0, 0, 0], single, [7, 32.5, 10.5]),
    ]
    for one in cases {
      let found = try explain(
        MinimalScorer(inputWidth: 3, Fixtures.captumNet), Fixtures.rows([one.x]),
        try Background(name: "b", rows: Fixtures.rows([one.baseline])), one.players)
      for explanation in found.flatMap({ $0 }) {
        #expect(largestDisagreement(Fixtures.values(explanation), one.values) < Tolerance.exact)
      }
    }
  }

  @Test(
    "A linear score has its closed form, twins, constants and zeros included, and missing cells")
  func linear() throws {
    // Reference case E9; the sampled method and least squares have no error on additive scores.
    var rows = Fixtures.arrays(Fixtures.normal(40, 7, seed: 63))
    for i in rows.indices {
      rows[i][3] = rows[i][0]
      rows[i][4] = 2.5
      rows[i][5] = 0
      if i % 7 == 2 { rows[i][6] = .nan }
    }
    let beta: [Double] = [1.5, -2, 0.25, 3, 4, -7, 0.5]
    struct WithMissing: Scorer {
      let beta: [Double]
      var inputWidth: Int { beta.count }
      var marginScale: MarginScale { .logOdds }
      var acceptsMissing: Bool { true }
      func margins(
        of rows: EncodedRows, into output: inout MutableSpan<Double>
      ) throws(ScoringError) {
        try checkInput(rows, places: output.count)
        let matrix = rows.matrix
        for r in 0..<rows.count {
          var sum = 0.3
          for c in beta.indices { sum += beta[c] * (matrix[r, c].isNaN ? -1 : matrix[r, c]) }
          output[r] = sum
        }
      }
    }
    let filled = rows.map { row in row.map { $0.isNaN ? -1 : $0 } }
    let means = (0..<7).map { c in filled.map { $0[c] }.reduce(0, +) / 40 }
    let found = try explain(
      WithMissing(beta: beta), Fixtures.rows(Array(rows[..<5])),
      try Background(name: "b", rows: Fixtures.rows(rows)),
      try Players(featureMap: Fixtures.singles(7)))
    for explanations in found {
      for (row, explanation) in zip(filled, explanations) {
        let expected = (0..<7).map { beta[$0] * (row[$0] - means[$0]) }
        #expect(largestDisagreement(Fixtures.values(explanation), expected) < Tolerance.exact)
      }
    }
  }
}
