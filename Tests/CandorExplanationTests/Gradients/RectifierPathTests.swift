import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Integrated gradients of nets")
struct RectifierPathTests {
  private func integrated(
    _ net: some LayeredScorer, _ rows: EncodedRows, from start: [Double],
    quantity: ExplainedQuantity = Fixtures.margin, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws -> [Explanation] {
    try IntegratedGradients.explain(
      rows, of: net, quantity: quantity,
      players: try Players(featureMap: Fixtures.singles(start.count)),
      background: try Background(name: "rows", rows: rows),
      baseline: try GradientBaseline(name: "baseline", row: start), threads: threads,
      thresholds: thresholds)
  }

  private func residual(_ explanation: Explanation) -> (residual: Double, nodes: Int)? {
    guard case .completeness(let residual, _, let nodes) = explanation.fidelity.evidence else {
      return nil
    }
    return (residual, nodes)
  }

  private func layer(_ weights: [[Double]], _ biases: [Double], _ name: String) -> LayerView {
    LayerView(
      weights: Matrix(rows: weights.count, columns: weights[0].count) { weights[$0][$1] },
      biases: biases, activation: name)
  }

  @Test("Two nets that compute one function get one answer, exactly")
  func implementationInvariance() throws {
    // Reference case E13.
    let output = layer([[1]], [0], "identity")
    let first = PlainNet([
      layer([[1, 0], [0, 1]], [0, 0], "relu"), layer([[1, -1]], [-1], "relu"), output,
    ])
    let second = PlainNet([
      layer([[1, 0], [0, 1]], [-1, 0], "relu"), layer([[1, -1]], [0], "relu"), output,
    ])
    for net in [first, second] {
      let found = try integrated(net, Fixtures.rows([[3, 1]]), from: [0, 0])[0]
      #expect(largestDisagreement(Fixtures.values(found), [1.5, -0.5]) < 1e-12)
    }
  }

  @Test(
    "The pieces of a net of rectifiers add up to the difference, and are those of many small steps",
    arguments: ["relu", "leaky-relu", "identity"], [[7], [9, 6], [8, 7, 5], [6, 6, 5, 4]])
  func pieces(_ activation: String, _ hidden: [Int]) throws {
    for seed in 0..<6 as Range<UInt64> {
      let net = PlainNet(inputs: 5, hidden: hidden, activation: activation, seed: seed)
      let rows = Fixtures.normal(3, 5, seed: seed + 100)
      let start = Array(Fixtures.normal(1, 5, seed: seed + 200).matrix.row(0))
      let found = try integrated(net, rows, from: start)
      for r in 0..<3 {
        let evidence = try #require(residual(found[r]))
        #expect(abs(evidence.residual) < 1e-11)
        #expect(evidence.nodes < 16 || hidden.count > 1)
        let slow = net.midpointIntegral(
          from: start, to: Array(rows.matrix.row(r)), steps: 4000)
        #expect(largestDisagreement(Fixtures.values(found[r]), slow) < 2e-3)
      }
    }
  }

  @Test("On the scale of probability the pieces add up too, and agree with fine quadrature")
  func probability() throws {
    let quantity = ExplainedQuantity(
      scale: .probability, calibrator: .platt(slope: 1.4, offset: -0.3))
    var strict = FidelityThresholds()
    strict.completenessShare = 1e-7
    for seed in 0..<5 as Range<UInt64> {
      let net = PlainNet(inputs: 4, hidden: [8, 6], activation: "relu", seed: seed)
      let rows = Fixtures.normal(2, 4, seed: seed + 1)
      let start = [0.1, -0.2, 0.3, 0]
      let found = try integrated(net, rows, from: start, quantity: quantity)
      let general: any DifferentiableScorer = net
      let slow = try IntegratedGradients.explain(
        rows, of: general, quantity: quantity,
        players: try Players(featureMap: Fixtures.singles(4)),
        background: try Background(name: "rows", rows: rows),
        baseline: try GradientBaseline(name: "baseline", row: start), thresholds: strict)
      for r in 0..<2 {
        #expect(abs(try #require(residual(found[r])).residual) < 1e-11)
        #expect(largestDisagreement(Fixtures.values(found[r]), Fixtures.values(slow[r])) < 1e-6)
      }
    }
  }

  @Test("Nets of smooth units are integrated by quadrature, within tolerance")
  func smooth() throws {
    for activation in ["tanh", "sigmoid", "gelu"] {
      let net = PlainNet(inputs: 4, hidden: [7, 5], activation: activation, seed: 3)
      let rows = Fixtures.normal(70, 4, seed: 4)
      let found = try integrated(net, rows, from: [0, 0, 0, 0])
      let one = net.midpointIntegral(
        from: [0, 0, 0, 0], to: Array(rows.matrix.row(69)), steps: 2000)
      #expect(largestDisagreement(Fixtures.values(found[69]), one) < 1e-4)
      #expect(found.allSatisfy { $0.fidelity.warnings.isEmpty })
    }
  }

  @Test("A scorer that is more than its layers is not explained by them")
  func notItsLayers() throws {
    var net = PlainNet(inputs: 3, hidden: [6], activation: "relu", seed: 1)
    let plain = net
    net.extra = { _ in 1 }
    // The margin differs by a constant: the gradients are right, but the layers are not the score.
    let rows = Fixtures.normal(3, 3, seed: 2)
    let found = try integrated(net, rows, from: [0, 0, 0])
    let expected = try integrated(plain, rows, from: [0, 0, 0])
    for r in 0..<3 {
      #expect(try #require(residual(found[r])).nodes % IntegratedGradients.panelNodes == 0)
      #expect(largestDisagreement(Fixtures.values(found[r]), Fixtures.values(expected[r])) < 1e-2)
    }
    let odd = PlainNet([
      layer([[1, 1, 1]], [0], "swish"), layer([[1]], [0], "identity"),
    ])
    #expect(try integrated(odd, rows, from: [0, 0, 0]).count == 3)
  }

  @Test("Threads and neighbours change nothing")
  func threadsAndNeighbours() throws {
    let net = PlainNet(inputs: 6, hidden: [12, 8], activation: "relu", seed: 9)
    let rows = Fixtures.normal(150, 6, seed: 10)
    let start = [0.0, 0, 0, 0, 0, 0]
    let alone = try integrated(net, rows, from: start)
    #expect(try integrated(net, rows, from: start, threads: 3) == alone)
    for r in [0, 63, 64, 149] {
      let single = try integrated(net, rows.selecting(rows: [r]), from: start)[0]
      #expect(
        largestDisagreement(Fixtures.values(single), Fixtures.values(alone[r])) < 1e-13)
    }
  }

  @Test("Negating the score negates every attribution of every gradient method")
  func negation() throws {
    let players = try Players(featureMap: Fixtures.singles(4))
    let background = try Background(name: "b", rows: Fixtures.normal(20, 4, seed: 5))
    let rows = Fixtures.normal(5, 4, seed: 6)
    func all(_ sign: Double, _ activation: String) throws -> [[Double]] {
      let net = PlainNet(inputs: 4, hidden: [9, 5], activation: activation, seed: 7, sign: sign)
      let model = try ExplainedModel(
        scorer: net, calibrator: .identity, featureMap: Fixtures.singles(4))
      let baseline = try GradientBaseline(meanOf: background)
      let seeds = SeedTree(seed: 8)
      var lists = try MethodSelection.integratedGradients(
        for: model, rows: rows, players: players, background: background, baseline: baseline)
      lists += try MethodSelection.expectedGradients(
        for: model, rows: rows, players: players, background: background, seeds: seeds)
      lists += try MethodSelection.smoothGradient(
        for: model, rows: rows, players: players, background: background, seeds: seeds)
      for form in [Saliency.Form.gradient, .gradientTimesDifference] {
        lists += try MethodSelection.saliency(
          for: model, rows: rows, players: players, baseline: baseline, form: form)
      }
      return lists.map(Fixtures.values)
        + (try MethodSelection.conductance(
          for: model, rows: rows, layer: 2, background: background, baseline: baseline
        ).map(\.units))
    }
    for activation in ["relu", "tanh"] {
      for (one, other) in zip(try all(1, activation), try all(-1, activation)) {
        #expect(one.contains { $0 != 0 })
        #expect(largestDisagreement(one, other.map { -$0 }) < 1e-12)
      }
    }
  }

  @Test("Gradients from matrix products are those of the definition")
  func tiledGradients() throws {
    for activation in ["relu", "leaky-relu", "tanh", "sigmoid", "gelu", "identity"] {
      let net = PlainNet(inputs: 5, hidden: [9, 7], activation: activation, seed: 11)
      let rows = Fixtures.normal(130, 5, seed: 12)
      let model = try ExplainedModel(
        scorer: net, calibrator: .identity, featureMap: Fixtures.singles(5))
      let found = try MethodSelection.saliency(
        for: model, rows: rows, players: try Players(featureMap: Fixtures.singles(5)),
        baseline: try GradientBaseline(name: "zero", row: [0, 0, 0, 0, 0]), form: .gradient,
        threads: 2)
      for r in 0..<130 {
        let expected = net.gradient(Array(rows.matrix.row(r)))
        #expect(largestDisagreement(Fixtures.values(found[r]), expected) < 1e-9)
      }
    }
  }
}
