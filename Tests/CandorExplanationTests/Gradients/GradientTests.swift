import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Gradients")
struct GradientTests {
  /// ReLU and its slope; at zero the unit is off.
  private static func relu(_ x: Double) -> Double { max(x, 0) }
  private static func step(_ x: Double) -> Double { x > 0 ? 1 : 0 }

  private func integrated(
    _ scorer: some DifferentiableScorer, at x: [Double], from start: [Double],
    quantity: ExplainedQuantity = Fixtures.margin, thresholds: FidelityThresholds = .standard
  ) throws -> Explanation {
    let players = try Players(featureMap: Fixtures.singles(x.count))
    return try IntegratedGradients.explain(
      Fixtures.rows([x]), of: scorer, quantity: quantity, players: players,
      background: try Background(name: "both", rows: Fixtures.rows([x, start])),
      baseline: try GradientBaseline(name: "baseline", row: start), thresholds: thresholds)[0]
  }

  @Test("No rows get no explanations, by every method that takes rows")
  func noRows() throws {
    let scorer = AffineScorer(coefficients: [0.8, -1.2], intercept: -0.4)
    let none = EncodedRows(Matrix(rows: 0, columns: 2))
    let players = try Players(featureMap: Fixtures.singles(2))
    let background = try Background(name: "b", rows: Fixtures.normal(5, 2, seed: 1))
    let baseline = try GradientBaseline(meanOf: background)
    let quantity = Fixtures.margin
    let seeds = SeedTree(seed: 1)
    #expect(
      try LinearShapley.explain(
        none, of: scorer, quantity: quantity, players: players, background: background
      ).isEmpty)
    #expect(
      try EnumeratedShapley.explain(
        none, of: scorer, quantity: quantity, players: players, background: background
      ).isEmpty)
    #expect(
      try SampledShapley.explain(
        none, of: scorer, quantity: quantity, players: players, background: background,
        seeds: seeds
      ).isEmpty)
    #expect(
      try IntegratedGradients.explain(
        none, of: scorer, quantity: quantity, players: players, background: background,
        baseline: baseline
      ).isEmpty)
    #expect(
      try Saliency.explain(
        none, of: scorer, quantity: quantity, players: players, baseline: baseline,
        form: .gradient
      ).isEmpty)
    let model = try ExplainedModel(
      scorer: scorer, calibrator: .identity, featureMap: Fixtures.singles(2))
    #expect(
      try MethodSelection.shapley(
        for: model, rows: none, players: players, background: background, seeds: seeds
      ).isEmpty)
    #expect(throws: ExplanationError.self) {
      try PermutationImportance.measure(
        model, on: .init(name: "none", rows: none, targets: []), players: players, seeds: seeds)
    }
    #expect(throws: ExplanationError.self) { try Background(name: "none", rows: none) }
  }

  @Test("Two networks that compute one function get one answer")
  func implementationInvariance() throws {
    // Reference case E13: the functions agree at non-negative inputs.
    let first = FunctionScorer(
      inputWidth: 2,
      margin: { x in Self.relu(Self.relu(x[0]) - 1 - Self.relu(x[1])) },
      gradient: { x in
        let on = Self.step(Self.relu(x[0]) - 1 - Self.relu(x[1]))
        return [on * Self.step(x[0]), -on * Self.step(x[1])]
      })
    let second = FunctionScorer(
      inputWidth: 2,
      margin: { x in Self.relu(Self.relu(x[0] - 1) - Self.relu(x[1])) },
      gradient: { x in
        let on = Self.step(Self.relu(x[0] - 1) - Self.relu(x[1]))
        return [on * Self.step(x[0] - 1), -on * Self.step(x[1])]
      })
    for explanation in [
      try integrated(first, at: [3, 1], from: [0, 0]),
      try integrated(second, at: [3, 1], from: [0, 0]),
    ] {
      let values = Fixtures.values(explanation)
      #expect(abs(values[0] - 1.5) < 3e-3)
      #expect(abs(values[1] + 0.5) < 1e-3)
      #expect(explanation.fidelity.warnings.isEmpty)
    }
  }

  @Test("A logistic unit has the closed form on the probability scale")
  func logisticUnit() throws {
    // Reference case E14.
    let scorer = AffineScorer(coefficients: [0.8, -1.2, 0.3], intercept: -0.4)
    let quantity = ExplainedQuantity(scale: .probability, calibrator: .identity)
    let found = try integrated(scorer, at: [1, 0.5, 2], from: [0, 0, 0], quantity: quantity)
    #expect(largestDisagreement(Fixtures.values(found), [0.197375, -0.148031, 0.148031]) < 1e-6)
    let total = sigmoid(0.4) - sigmoid(-0.4)
    let expected = [0.8, -0.6, 0.6].map { $0 / 0.8 * total }
    #expect(largestDisagreement(Fixtures.values(found), expected) < 1e-12)
  }

  @Test("On an affine score integrated gradients are coefficient times difference, any blocks")
  func affine() throws {
    let scorer = AffineScorer(coefficients: [1, -2, 3, 0.5], intercept: 2)
    let players = try Players(featureMap: Fixtures.blocks([1, 3]))
    let background = try Background(name: "b", rows: Fixtures.normal(30, 4, seed: 1))
    let baseline = try GradientBaseline(meanOf: background)
    let rows = Fixtures.normal(4, 4, seed: 2)
    let platt = ExplainedQuantity(calibrator: .platt(slope: 1.7, offset: 0.2))
    let integrated = try IntegratedGradients.explain(
      rows, of: scorer, quantity: platt, players: players, background: background,
      baseline: baseline, threads: 2)
    let saliency = try Saliency.explain(
      rows, of: scorer, quantity: platt, players: players, baseline: baseline,
      form: .gradientTimesDifference)
    let shapley = try LinearShapley.explain(
      rows, of: scorer, quantity: platt, players: players, background: background)
    for r in 0..<4 {
      let expected = Fixtures.values(shapley[r])
      #expect(largestDisagreement(Fixtures.values(integrated[r]), expected) < 1e-12)
      #expect(largestDisagreement(Fixtures.values(saliency[r]), expected) < 1e-12)
    }
    #expect(integrated[0].backgroundName == "mean of b")
  }

  @Test("Completeness holds within the stated tolerance, and what misses it is said")
  func completeness() throws {
    let kinks = FunctionScorer(
      inputWidth: 3, margin: { x in Fixtures.captumNet(x) },
      gradient: { x in
        let sum = x.reduce(0, +)
        let slope = [-10.0, 1, 1, 1].reduce(0) { $0 + Self.step(sum + $1) }
        return [slope, slope, slope]
      })
    for seed in 0..<20 {
      let x = Fixtures.normal(1, 3, seed: UInt64(seed)).matrix.values.map { 10 * $0 }
      let found = try integrated(kinks, at: x, from: [1, -2, 3])
      guard case .completeness(let residual, let tolerance, _) = found.fidelity.evidence else {
        Issue.record("no completeness evidence")
        return
      }
      let sum = Fixtures.values(found).reduce(found.baseValue, +)
      #expect(abs(found.explainedValue - sum - residual) < 1e-9)
      #expect(abs(residual) <= tolerance)
    }
    var strict = FidelityThresholds()
    strict.completenessShare = 1e-16
    strict.completenessSpread = 0
    let missed = try integrated(kinks, at: [20, 50, 30], from: [0, 0, 0], thresholds: strict)
    #expect(missed.fidelity.warnings.map(\.code) == [.incomplete])
  }

  @Test("The gradient of a kinked function has its sign and its off side")
  func kinks() throws {
    // Reference case E17: 1 − ReLU(1 − x).
    let scorer = FunctionScorer(
      inputWidth: 1, margin: { 1 - Self.relu(1 - $0[0]) }, gradient: { [Self.step(1 - $0[0])] })
    let found = try Saliency.explain(
      Fixtures.rows([[1], [2], [3], [0], [-1], [7]]), of: scorer, quantity: Fixtures.margin,
      players: try Players(featureMap: Fixtures.singles(1)),
      baseline: try GradientBaseline(name: "zero", row: [0]), form: .gradient)
    #expect(found.map { $0.attributions[0].value } == [0, 0, 0, 1, 1, 0])
    let negated = FunctionScorer(
      inputWidth: 1, margin: { Self.relu(1 - $0[0]) - 1 }, gradient: { [-Self.step(1 - $0[0])] })
    let other = try Saliency.explain(
      Fixtures.rows([[0], [-1]]), of: negated, quantity: Fixtures.margin,
      players: try Players(featureMap: Fixtures.singles(1)),
      baseline: try GradientBaseline(name: "zero", row: [0]), form: .gradient)
    #expect(other.map { $0.attributions[0].value } == [-1, -1])
    #expect(found.allSatisfy { $0.attributions[0].standardError == nil })
  }

  @Test("Without a derivative there is an error that says what to use instead")
  func unsupported() throws {
    let model = try ExplainedModel(
      scorer: AffineScorer(coefficients: [1], intercept: 0),
      calibrator: .isotonic(margins: [0, 1], probabilities: [0.2, 0.4]),
      featureMap: Fixtures.singles(1))
    let background = try Background(name: "b", rows: Fixtures.rows([[0], [1]]))
    let players = try Players(featureMap: Fixtures.singles(1))
    let baseline = try GradientBaseline(meanOf: background)
    func code(_ model: ExplainedModel) -> ExplanationError.Code? {
      do throws(ExplanationError) {
        _ = try MethodSelection.integratedGradients(
          for: model, rows: background.rows, players: players, background: background,
          baseline: baseline)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(model) == .unsupported)
    #expect(code(model.on(.margin)) == nil)
    let blind = try ExplainedModel(
      scorer: MinimalScorer(inputWidth: 1) { $0[0] }, calibrator: .identity,
      featureMap: Fixtures.singles(1))
    #expect(code(blind) == .unsupported)
    #expect(!MethodSelection.available(for: model).contains(.integratedGradients))
    #expect(MethodSelection.available(for: model.on(.margin)).contains(.linearShapley))
  }
}
