import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Expected and smoothed gradients")
struct DrawnGradientTests {
  private let players = try? Players(featureMap: Fixtures.singles(4))

  private func draws(_ explanation: Explanation) -> DrawEvidence? {
    if case .draws(let evidence) = explanation.fidelity.evidence { return evidence }
    return nil
  }

  @Test("Expected gradients of a net of rectifiers are the weighted mean over baselines")
  func meanOverBaselines() throws {
    let players = try #require(players)
    let net = PlainNet(inputs: 4, hidden: [9, 6], activation: "relu", seed: 1)
    let others = Fixtures.normal(70, 4, seed: 2)
    let weights = (0..<70).map { Double($0 % 3) }
    let background = try Background(name: "b", rows: others, weights: weights)
    let rows = Fixtures.normal(3, 4, seed: 3)
    let found = try ExpectedGradients.explain(
      rows, of: net, quantity: Fixtures.margin, players: players, background: background,
      seeds: SeedTree(seed: 1), threads: 2)
    let total = weights.reduce(0, +)
    for r in 0..<3 {
      var expected = [Double](repeating: 0, count: 4)
      for b in 0..<70 where weights[b] > 0 {
        let single = try IntegratedGradients.explain(
          rows.selecting(rows: [r]), of: net, quantity: Fixtures.margin, players: players,
          background: background,
          baseline: try GradientBaseline(name: "one", row: Array(others.matrix.row(b))))[0]
        for (c, value) in Fixtures.values(single).enumerated() {
          expected[c] += weights[b] / total * value
        }
      }
      #expect(largestDisagreement(Fixtures.values(found[r]), expected) < 1e-11)
      #expect(found[r].attributions.allSatisfy { $0.standardError == 0 })
      let sum = Fixtures.values(found[r]).reduce(found[r].baseValue, +)
      #expect(abs(sum - found[r].explainedValue) < 1e-11)
    }
  }

  @Test("Drawn expected gradients are within four standard errors, and stop at their target")
  func drawn() throws {
    let players = try #require(players)
    let background = try Background(name: "b", rows: Fixtures.normal(25, 4, seed: 2))
    let rows = Fixtures.normal(2, 4, seed: 3)
    var far = 0
    var all = 0
    for seed in 0..<8 as Range<UInt64> {
      let net = PlainNet(inputs: 4, hidden: [9, 6], activation: "relu", seed: seed)
      let exact = try ExpectedGradients.explain(
        rows, of: net, quantity: Fixtures.margin, players: players, background: background,
        seeds: SeedTree(seed: seed))
      let general: any DifferentiableScorer = net
      let found = try ExpectedGradients.explain(
        rows, of: general, quantity: Fixtures.margin, players: players, background: background,
        options: .init(pairs: 100), seeds: SeedTree(seed: seed))
      for r in 0..<2 {
        for (drawn, truth) in zip(found[r].attributions, exact[r].attributions) {
          let error = try #require(drawn.standardError)
          #expect(abs(drawn.value - truth.value) <= 5 * error + 1e-12)
          let (lower, upper) = (try #require(drawn.lower), try #require(drawn.upper))
          all += 1
          if truth.value < lower || truth.value > upper { far += 1 }
        }
        let evidence = try #require(draws(found[r]))
        #expect(evidence.pairs == 100 && evidence.gradients == 200)
        #expect(
          abs(try #require(evidence.residual)) <= 5 * (try #require(evidence.residualStandardError))
        )
      }
    }
    #expect(far <= all / 8, "intervals of 95% missed \(far) of \(all)")
    let net = PlainNet(inputs: 4, hidden: [9, 6], activation: "tanh", seed: 1)
    func run(_ target: Double, most: Int) throws -> DrawEvidence {
      let found = try ExpectedGradients.explain(
        rows, of: net, quantity: Fixtures.margin, players: players, background: background,
        options: .init(pairs: 50, targetStandardError: target, mostPairs: most),
        seeds: SeedTree(seed: 1))[0]
      return try #require(draws(found))
    }
    let reached = try run(0.005, most: 100_000)
    #expect(reached.largestStandardError <= 0.005 && reached.reachedTarget && reached.pairs > 50)
    let missed = try run(1e-9, most: 100)
    #expect(!missed.reachedTarget && missed.pairs == 100)
  }

  @Test("On an affine score expected gradients are the exact Shapley values, without error")
  func affine() throws {
    let players = try #require(players)
    let scorer = AffineScorer(coefficients: [1, -2, 3, 0.5], intercept: 2)
    let background = try Background(name: "b", rows: Fixtures.normal(30, 4, seed: 1))
    let rows = Fixtures.normal(2, 4, seed: 2)
    let expected = try ExpectedGradients.explain(
      rows, of: scorer, quantity: Fixtures.margin, players: players, background: background,
      seeds: SeedTree(seed: 1))
    let shapley = try LinearShapley.explain(
      rows, of: scorer, quantity: Fixtures.margin, players: players, background: background)
    for r in 0..<2 {
      #expect(
        largestDisagreement(Fixtures.values(expected[r]), Fixtures.values(shapley[r])) < 1e-12)
      #expect(expected[r].fidelity.warnings.isEmpty)
    }
  }

  @Test("Attributions that miss the difference by more than chance are said to")
  func incomplete() throws {
    func codes(_ residual: Double) -> [FidelityWarning.Code] {
      Fidelity(
        .draws(
          DrawEvidence(
            pairs: 10, gradients: 20, errors: [0.001], values: [1], residual: residual,
            residualStandardError: 0.01, reachedTarget: true))
      ).warnings.map(\.code)
    }
    #expect(codes(0.03) == [])
    #expect(codes(0.05) == [.incomplete])
    let poor = DrawEvidence(
      pairs: 2, gradients: 4, errors: [0.5], values: [1], reachedTarget: false)
    #expect(
      Fidelity(.draws(poor)).warnings.map(\.code) == [.largeStandardError, .targetNotReached])
    #expect(throws: ExplanationError.self) { try GradientDrawOptions(pairs: 1).validated() }
    #expect(throws: ExplanationError.self) {
      try GradientDrawOptions(targetStandardError: 0).validated()
    }
  }

  @Test("Smoothing averages a kink, keeps a constant slope, and has honest errors")
  func smoothing() throws {
    let kink = FunctionScorer(
      inputWidth: 1, margin: { max($0[0], 0) }, gradient: { [$0[0] > 0 ? 1 : 0] })
    let map = Fixtures.singles(1)
    let background = try Background(name: "b", rows: Fixtures.normal(200, 1, seed: 1))
    func smooth(_ scorer: some DifferentiableScorer, _ x: Double, _ seed: UInt64) throws
      -> Explanation
    {
      try SmoothGradient.explain(
        Fixtures.rows([[x]]), of: scorer, quantity: Fixtures.margin, featureMap: map,
        players: try Players(featureMap: map), background: background, seeds: SeedTree(seed: seed)
      )[0]
    }
    // Opposite noise about a kink gives one half every time.
    #expect(try smooth(kink, 0, 1).attributions[0].value == 0.5)
    #expect(try smooth(kink, 5, 1).attributions[0].value == 1)
    let cubic = FunctionScorer(
      inputWidth: 1, margin: { $0[0] * $0[0] * $0[0] }, gradient: { [3 * $0[0] * $0[0]] })
    let sigma =
      SmoothGradient.usualShare
      * background.standardDeviation(
        of: background.rows.matrix.column(0))
    for seed in 0..<10 as Range<UInt64> {
      let found = try smooth(cubic, 1, seed).attributions[0]
      // The mean of 3 (1 + ε)² is 3 + 3 σ².
      #expect(abs(found.value - 3 - 3 * sigma * sigma) <= 5 * (try #require(found.standardError)))
      #expect(try #require(found.standardError) > 0)
    }
    #expect(throws: ExplanationError.self) {
      try SmoothGradient.explain(
        Fixtures.rows([[0]]), of: kink, quantity: Fixtures.margin, featureMap: map,
        players: try Players(featureMap: map), background: background, share: 0,
        seeds: SeedTree(seed: 1))
    }
  }

  @Test("No level is made up: one-hot blocks take a background row's level whole")
  func levels() throws {
    let map = Fixtures.blocks([1, 3])
    // A number and three levels; the gradient tells of a block that is no level.
    let scorer = FunctionScorer(
      inputWidth: 4, margin: { $0[0] },
      gradient: { x in
        let isLevel = x[1] + x[2] + x[3] == 1 && x[1...3].allSatisfy { $0 == 0 || $0 == 1 }
        return [1, isLevel ? 0 : 1000, x[1], x[3]]
      })
    let background = try Background(
      name: "b", rows: Fixtures.rows([[0, 1, 0, 0], [1, 0, 1, 0], [2, 0, 0, 1], [3, 0, 0, 1]]))
    let found = try SmoothGradient.explain(
      Fixtures.rows([[1, 1, 0, 0]]), of: scorer, quantity: Fixtures.margin, featureMap: map,
      players: try Players(featureMap: map), background: background, share: 0.4,
      options: .init(pairs: 2000), seeds: SeedTree(seed: 1))[0]
    // The level stays in 60% and is drawn anew in 40%: of these a quarter is level 1, half level 3.
    let expected = 0.6 + 0.4 * 0.25 + 0.4 * 0.5
    let block = found.attributions[1]
    #expect(abs(block.value - expected) < 5 * (try #require(block.standardError)))
    #expect(found.attributions[0].value == 1)
  }
}
