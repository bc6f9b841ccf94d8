import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Exact Shapley values")
struct ExactShapleyTests {
  @Test("A linear model's values are coefficient times the distance from the background's mean")
  func linearClosedForm() throws {
    // Reference case E9, with a duplicated, a constant and a zero column.
    var rows = Fixtures.arrays(Fixtures.normal(60, 6, seed: 1))
    for i in rows.indices {
      rows[i][3] = rows[i][0]
      rows[i][4] = 2.5
      rows[i][5] = 0
    }
    let encoded = Fixtures.rows(rows)
    let background = try Background(name: "sample", rows: encoded)
    let scorer = AffineScorer(coefficients: [1.5, -2, 0.25, 3, 4, -7], intercept: 0.3)
    let players = try Players(featureMap: Fixtures.singles(6))
    let found = try LinearShapley.explain(
      encoded, of: scorer, quantity: Fixtures.margin, players: players, background: background)
    let means = (0..<6).map { c in rows.map { $0[c] }.reduce(0, +) / 60 }
    let base = try scorer.margins(of: encoded).reduce(0, +) / 60
    for (row, explanation) in zip(rows, found) {
      let expected = (0..<6).map { scorer.coefficients[$0] * (row[$0] - means[$0]) }
      #expect(largestDisagreement(Fixtures.values(explanation), expected) < 1e-12)
      #expect(agree(explanation.baseValue, base, within: 1e-12))
      guard case .additivity(let residual, _) = explanation.fidelity.evidence else {
        Issue.record("no additivity evidence")
        return
      }
      #expect(abs(residual) < 1e-12)
      #expect(
        explanation.attributions[4].value == 0 || abs(explanation.attributions[4].value) < 1e-14)
    }
  }

  @Test("A calibrator that is a straight line scales the values; points keep the sign")
  func affineScales() throws {
    let scorer = AffineScorer(coefficients: [1, -0.5], intercept: 0.1)
    let players = try Players(featureMap: Fixtures.singles(2))
    let background = try Background(name: "b", rows: Fixtures.normal(20, 2, seed: 2))
    let row = Fixtures.rows([[1, 2]])
    func explain(_ quantity: ExplainedQuantity) throws -> Explanation {
      try LinearShapley.explain(
        row, of: scorer, quantity: quantity, players: players, background: background)[0]
    }
    let margin = try explain(Fixtures.margin)
    let platt = Calibrator.platt(slope: 2, offset: -0.7)
    let logOdds = try explain(ExplainedQuantity(calibrator: platt))
    let points = try explain(ExplainedQuantity(scale: .points, calibrator: platt))
    let perDoubling = 20 / 0.6931471805599453
    for ((m, l), p) in zip(
      zip(Fixtures.values(margin), Fixtures.values(logOdds)), Fixtures.values(points))
    {
      #expect(agree(l, 2 * m, within: 1e-12))
      #expect(agree(p, perDoubling * l, within: 1e-12))
    }
    #expect(agree(logOdds.explainedValue, 2 * margin.explainedValue - 0.7, within: 1e-12))
    #expect(throws: ExplanationError.self) {
      try explain(ExplainedQuantity(scale: .probability, calibrator: platt))
    }
  }

  @Test("Strong dependence does not move the marginal game's values")
  func correlatedColumns() throws {
    // Reference case E8, the marginal game: a twin that the model does not use gets nothing.
    var generator = SeedTree(seed: 3).generator()
    let rows = (0..<4000).map { _ -> [Double] in
      let a = generator.nextNormal()
      return [a, a + 0.0014 * generator.nextNormal(), generator.nextNormal()]
    }
    let background = try Background(name: "twins", rows: Fixtures.rows(rows))
    let means = background.meanRow
    let found = try LinearShapley.explain(
      Fixtures.rows([means.map { $0 + 1 }]),
      of: AffineScorer(coefficients: [1, 0, 0], intercept: 0),
      quantity: Fixtures.margin, players: try Players(featureMap: Fixtures.singles(3)),
      background: background)[0]
    #expect(largestDisagreement(Fixtures.values(found), [1, 0, 0]) < 1e-12)
  }

  @Test("Enumeration equals the mean over all orders, weights and blocks of columns included")
  func enumerationAgainstOrders() throws {
    let map = Fixtures.blocks([1, 2, 1, 2])
    let players = try Players(featureMap: map)
    let background = Fixtures.normal(7, 6, seed: 4)
    let weights: [Double] = [1, 0, 2, 3, 0.5, 1, 1]
    let scorer = MinimalScorer(inputWidth: 6, Fixtures.knotted)
    let rows = Fixtures.normal(3, 6, seed: 5)
    let found = try EnumeratedShapley.explain(
      rows, of: scorer, quantity: Fixtures.margin, players: players,
      background: try Background(name: "b", rows: background, weights: weights), threads: 2)
    for (row, explanation) in zip(Fixtures.arrays(rows), found) {
      let expected = BruteForceShapley.values(
        of: Fixtures.knotted, at: row, background: Fixtures.arrays(background), weights: weights,
        players: players.columns)
      #expect(largestDisagreement(Fixtures.values(explanation), expected) < Tolerance.exact)
    }
  }

  @Test("The network of captum's tests has the published Shapley values, grouped and not")
  func captumNetwork() throws {
    // Reference case E11.
    let scorer = MinimalScorer(inputWidth: 3, Fixtures.captumNet)
    let map = Fixtures.singles(3)
    let single = try Players(featureMap: map)
    let grouped = try Players(
      featureMap: map, groups: [PlayerGroup(name: "first", members: ["x0", "x1"])])
    func values(_ x: [Double], _ baseline: [Double], _ players: Players) throws -> [[Double]] {
      let background = try Background(name: "baseline", rows: Fixtures.rows([baseline]))
      let model = try ExplainedModel(
        scorer: scorer, calibrator: .identity, featureMap: map, scale: .margin)
      let exact = try MethodSelection.shapley(
        for: model, rows: Fixtures.rows([x]), players: players, background: background,
        seeds: SeedTree(seed: 1))[0]
      let sampled = try SampledShapley.explain(
        Fixtures.rows([x]), of: scorer, quantity: Fixtures.margin, players: players,
        background: background, options: .init(pairs: 10_000), seeds: SeedTree(seed: 1))[0]
      #expect(exact.method == .enumeratedShapley)
      for (a, b) in zip(exact.attributions, sampled.attributions) {
        #expect(abs(a.value - b.value) <= 4.5 * (b.standardError ?? 0) + 1e-9)
      }
      return [Fixtures.values(exact), Fixtures.values(sampled)]
    }
    let x = [20.0, 50, 30]
    let zero = try values(x, [0, 0, 0], single)
    #expect(largestDisagreement(zero[0], [230.0 / 3, 590.0 / 3, 350.0 / 3]) < 1e-12)
    #expect(agree(zero[0].reduce(0, +), 390, within: 1e-12))
    // With two players nothing is sampled.
    for found in try values(x, [0, 0, 0], grouped) {
      #expect(largestDisagreement(found, [275, 115]) < 1e-12)
    }
    for found in try values(x, [4, 4, 4], grouped) {
      #expect(largestDisagreement(found, [248, 104]) < 1e-12)
    }
    #expect(largestDisagreement(try values(x, [10, 20, 10], single)[0], [40, 120, 80]) < 1e-12)
    #expect(
      largestDisagreement(try values([2, 10, 3], [0, 0, 0], single)[0], [7, 32.5, 10.5]) < 1e-12)
  }

  @Test("A group as one player is the sum of its members for additive scores only")
  func groupsAndSums() throws {
    let map = Fixtures.singles(6)
    let single = try Players(featureMap: map)
    let grouped = try Players(
      featureMap: map,
      groups: [
        PlayerGroup(name: "pair", members: ["x1", "x2"]),
        PlayerGroup(name: "ends", members: ["x0", "x5"]),
      ])
    #expect(grouped.names == ["ends", "pair", "x3", "x4"])
    let background = try Background(name: "b", rows: Fixtures.normal(9, 6, seed: 6))
    let row = Fixtures.normal(1, 6, seed: 7)
    func largestGap(_ scorer: some Scorer) throws -> Double {
      func explain(_ players: Players) throws -> Explanation {
        try EnumeratedShapley.explain(
          row, of: scorer, quantity: Fixtures.margin, players: players, background: background)[0]
      }
      return try GroupedShapley.differences(
        grouped: explain(grouped), single: explain(single), players: grouped
      ).map { abs($0.asPlayer - $0.sumOfMembers) }.max() ?? .infinity
    }
    #expect(
      try largestGap(AffineScorer(coefficients: [1, 2, 3, -4, 5, 0.5], intercept: 1)) < 1e-12)
    #expect(try largestGap(MinimalScorer(inputWidth: 6, Fixtures.knotted)) > 0.01)
  }

  @Test("A scorer whose terms do not add up to its margins is refused")
  func refusesBrokenTerms() throws {
    struct Broken: AdditiveScorer {
      var inputWidth: Int { 1 }
      var marginScale: MarginScale { .logOdds }
      var constantTerm: Double { 0 }
      func margins(
        of rows: EncodedRows, into output: inout MutableSpan<Double>
      ) throws(ScoringError) {
        for r in 0..<rows.count { output[r] = rows.matrix[r, 0] * 1.00001 }
      }
      func terms(of rows: EncodedRows) throws(ScoringError) -> Matrix { rows.matrix }
    }
    #expect {
      try LinearShapley.explain(
        Fixtures.rows([[3]]), of: Broken(), quantity: Fixtures.margin,
        players: try Players(featureMap: Fixtures.singles(1)),
        background: try Background(name: "b", rows: Fixtures.rows([[0], [1]])))
    } throws: { ($0 as? ExplanationError)?.code == .notAdditive }
  }
}
