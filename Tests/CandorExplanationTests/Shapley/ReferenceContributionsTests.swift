import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Contributions against single reference rows")
struct ReferenceContributionsTests {
  private let map = Fixtures.singles(6)

  private func agrees(_ model: ExplainedModel, _ groups: [PlayerGroup] = []) throws {
    let players = try Players(featureMap: map, groups: groups)
    let background = try Background(name: "b", rows: Fixtures.normal(20, 6, seed: 3))
    let applicant = Array(Fixtures.normal(1, 6, seed: 4).matrix.row(0))
    let found = try #require(
      try ReferenceContributions(
        model, applicant: applicant, players: players, background: background, threads: 2))
    for seed in 0..<5 {
      var generator = SeedTree(seed: UInt64(seed)).generator()
      let weights = (0..<20).map { _ in Double(generator.nextInteger(below: 3)) }
      let direct = try MethodSelection.shapley(
        for: model, rows: EncodedRows(row: applicant), players: players,
        background: try Background(name: "b", rows: background.rows, weights: weights),
        seeds: SeedTree(seed: 1))[0]
      let mixed = found.explanation(weights: weights)
      #expect(agree(mixed.baseValue, direct.baseValue, within: 1e-11))
      #expect(mixed.explainedValue == direct.explainedValue && mixed.method == direct.method)
      for (one, other) in zip(mixed.attributions, direct.attributions) {
        #expect(one.source == other.source && agree(one.value, other.value, within: 1e-11))
      }
      #expect(mixed.fidelity.warnings.isEmpty)
    }
  }

  @Test("Weighted means of them are the values against any weighting of the background")
  func means() throws {
    let groups = [PlayerGroup(name: "g", members: ["x0", "x3"])]
    let linear = AffineScorer(coefficients: [1, -2, 3, 0.5, 0, 1], intercept: -1)
    try agrees(
      try ExplainedModel(
        scorer: linear, calibrator: .platt(slope: 2, offset: 1), featureMap: map), groups)
    let knotted = MinimalScorer(inputWidth: 6) { Fixtures.knotted($0) }
    try agrees(try ExplainedModel(scorer: knotted, calibrator: .identity, featureMap: map), groups)
    let trees = PlainTrees(
      inputWidth: 6, ensemble: .random(trees: 5, depth: 4, width: 6, seed: 7))
    try agrees(
      try ExplainedModel(
        scorer: trees, calibrator: .platt(slope: 3, offset: 0), featureMap: map), groups)
  }

  @Test("Where values are sampled there are none")
  func sampled() throws {
    let wide = Fixtures.singles(18)
    let model = try ExplainedModel(
      scorer: MinimalScorer(inputWidth: 18) { x in x[0] * x[17] }, calibrator: .identity,
      featureMap: wide)
    #expect(
      try ReferenceContributions(
        model, applicant: Array(repeating: 1, count: 18), players: Players(featureMap: wide),
        background: Background(name: "b", rows: Fixtures.normal(5, 18, seed: 1)), threads: 1)
        == nil)
  }
}
