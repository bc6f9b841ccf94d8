import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Conductance of hidden layers")
struct LayerConductanceTests {
  private func conductance(
    _ net: PlainNet, layer: Int, rows: EncodedRows, start: [Double],
    quantity: ExplainedQuantity = Fixtures.margin
  ) throws -> [LayerConductance] {
    try LayerConductance.explain(
      rows, of: net, layer: layer, quantity: quantity,
      background: try Background(name: "rows", rows: rows),
      baseline: try GradientBaseline(name: "baseline", row: start), threads: 2)
  }

  @Test("Every layer's conductance adds up to the difference")
  func completeness() throws {
    let rows = Fixtures.normal(4, 5, seed: 2)
    let start = [0.2, -0.1, 0, 0.3, -0.4]
    for activation in ["relu", "leaky-relu", "tanh", "gelu"] {
      let net = PlainNet(inputs: 5, hidden: [9, 7, 4], activation: activation, seed: 1)
      for quantity in [Fixtures.margin, .init(scale: .probability, calibrator: .identity)] {
        for layer in 1...3 {
          for found in try conductance(
            net, layer: layer, rows: rows, start: start, quantity: quantity)
          {
            #expect(found.units.count == [9, 7, 4][layer - 1])
            let sum = found.units.reduce(found.baseValue, +)
            let difference = abs(found.explainedValue - found.baseValue)
            #expect(abs(found.explainedValue - sum) <= 1e-3 * difference + 1e-9)
            #expect(found.fidelity.warnings.isEmpty)
          }
        }
      }
    }
  }

  @Test("Through linear units flows weight times change, and nothing through a dead unit")
  func closedForm() throws {
    let first = Matrix(rows: 3, columns: 2) { [[1, 2], [0, -1], [3, 0.5]][$0][$1] }
    let output = Matrix(rows: 1, columns: 3) { [2, -1, 0.5][$1] }
    let linear = PlainNet([
      LayerView(weights: first, biases: [1, 2, 3], activation: "identity"),
      LayerView(weights: output, biases: [0], activation: "identity"),
    ])
    let found = try conductance(linear, layer: 1, rows: Fixtures.rows([[1, 2]]), start: [0, 1])[0]
    // The change (1, 1) moves the units by 3, −1 and 3.5.
    #expect(largestDisagreement(found.units, [6, 1, 1.75]) < 1e-12)
    let dead = PlainNet([
      LayerView(weights: first, biases: [-100, 2, 3], activation: "relu"),
      LayerView(weights: output, biases: [0], activation: "identity"),
    ])
    let other = try conductance(dead, layer: 1, rows: Fixtures.rows([[1, 1.5]]), start: [0, 1])[0]
    #expect(largestDisagreement(other.units, [0, 0.5, 0.5 * 3.25]) < 1e-12)
  }

  @Test("Without layers, and for a layer that is not there, there is an error")
  func refusals() throws {
    let net = PlainNet(inputs: 2, hidden: [3], activation: "relu", seed: 1)
    let rows = Fixtures.rows([[1, 2]])
    for layer in [0, 2] {
      #expect(throws: ExplanationError.self) {
        try conductance(net, layer: layer, rows: rows, start: [0, 0])
      }
    }
    #expect(throws: ExplanationError.self) {
      try conductance(net, layer: 1, rows: Fixtures.rows([[1, 2, 3]]), start: [0, 0])
    }
    let model = try ExplainedModel(
      scorer: AffineScorer(coefficients: [1, 2], intercept: 0), calibrator: .identity,
      featureMap: Fixtures.singles(2))
    #expect(throws: ExplanationError.self) {
      try MethodSelection.conductance(
        for: model, rows: rows, layer: 1, background: try Background(name: "b", rows: rows),
        baseline: try GradientBaseline(name: "zero", row: [0, 0]))
    }
  }
}
