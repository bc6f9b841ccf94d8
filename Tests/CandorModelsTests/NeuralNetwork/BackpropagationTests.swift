import CandorModels
import CandorNumerics
import Testing

/// An output activation with a loss that it goes with.
struct OutputCase: Sendable, CustomTestStringConvertible {
  let loss: NetworkLoss
  var testDescription: String {
    "\(loss.kind.rawValue) (gamma \(loss.gamma)) with \(loss.output.rawValue) output"
  }

  static let all =
    [
      OutputCase(loss: NetworkLoss(kind: .crossEntropy, output: .sigmoid)),
      OutputCase(loss: NetworkLoss(kind: .focal, output: .sigmoid, gamma: 2)),
      OutputCase(loss: NetworkLoss(kind: .focal, output: .sigmoid, gamma: 0.5)),
    ]
    + Activation.allCases.map {
      OutputCase(loss: NetworkLoss(kind: .squaredError, output: $0))
    }
}

/// A kind of layer in a network of four numbers and 0/1 blocks of three and five columns.
struct LayerCase: Sendable, CustomTestStringConvertible {
  let name: String
  var dimensions = [0, 0]
  var dropout = 0.0
  var isNormalised = false
  var hidden = [6, 5, 3]
  var testDescription: String { name }

  static let all = [
    LayerCase(name: "dense"), LayerCase(name: "embedded", dimensions: [2, 3]),
    LayerCase(name: "half embedded", dimensions: [0, 2]),
    LayerCase(name: "dropout with fixed masks", dropout: 0.4),
    LayerCase(name: "batch normalisation", isNormalised: true),
    LayerCase(
      name: "embeddings, dropout and batch normalisation", dimensions: [2, 0], dropout: 0.3,
      isNormalised: true),
    LayerCase(name: "no hidden layer", hidden: []),
    LayerCase(name: "embeddings without hidden layer", dimensions: [2, 2], hidden: []),
  ]

  func plan(_ activation: Activation, _ output: Activation) -> NetworkPlan {
    NetworkPlan(
      numbers: 4, blocks: [(3, dimensions[0]), (5, dimensions[1])], hidden: hidden,
      activation: activation, output: output, dropout: dropout, isNormalised: isNormalised)
  }
}

@Suite("Backpropagation")
struct BackpropagationTests {
  static let rowCount = 7

  private func parameters(_ plan: NetworkPlan, seed: UInt64) -> [Double] {
    var generator = SeedTree(seed: seed).child("layers").generator()
    return (0..<plan.parameterCount).map { _ in 0.5 * generator.nextNormal() }
  }

  private func loaded(_ plan: NetworkPlan, seed: UInt64) -> Backpropagation<Double> {
    var generator = SeedTree(seed: seed).child("rows").generator()
    // More room than rows, so that what lies beyond them must not count.
    var passes = Backpropagation<Double>(plan: plan, capacity: Self.rowCount + 2)
    passes.rows = Self.rowCount
    for i in passes.inputs.indices { passes.inputs[i] = generator.nextNormal() }
    for r in 0..<passes.capacity {
      passes.codes[2 * r] = Int32(generator.nextInteger(below: 4)) - 1
      passes.codes[2 * r + 1] = Int32(generator.nextInteger(below: 6)) - 1
      passes.targets[r] = Double(r % 2)
      passes.weights[r] = 0.25 + generator.nextUniform()
    }
    for l in passes.masks.indices {
      for i in passes.masks[l].indices {
        passes.masks[l][i] = generator.nextUniform() < 0.4 ? 0 : 1 / 0.6
      }
    }
    return passes
  }

  /// Whether gradient and difference quotients agree; nil where the one-sided quotients show a kink.
  private func agrees(
    _ gradient: Double, at centre: Double, above: Double, below: Double, step: Double
  ) -> Bool? {
    let right = (above - centre) / step
    let left = (centre - below) / step
    if abs(right - left) > 1e-3 * max(1, abs(right)) { return nil }
    return abs((above - below) / (2 * step) - gradient) < 1e-6 * max(1, abs(gradient))
  }

  private func compare(_ plan: NetworkPlan, _ loss: NetworkLoss, seed: UInt64) -> (Int, Int) {
    let step = 1e-5
    let parameters = parameters(plan, seed: seed)
    var passes = loaded(plan, seed: seed)
    func value(_ changed: [Double]) -> Double {
      var other = passes
      other.forward(changed)
      return other.lossOnly(loss)
    }
    passes.forward(parameters)
    let centre = passes.backward(parameters, loss: loss, scale: 1)
    #expect(centre == value(parameters))
    var kinks = 0
    for i in parameters.indices {
      var (up, down) = (parameters, parameters)
      up[i] += step
      down[i] -= step
      let verdict = agrees(
        passes.gradient[i], at: centre, above: value(up), below: value(down), step: step)
      if let verdict { #expect(verdict, "parameter \(i)") } else { kinks += 1 }
    }
    return (kinks, parameters.count)
  }

  @Test(
    "Parameter gradients agree with central differences for every activation and loss",
    arguments: Activation.allCases, OutputCase.all)
  func parameterGradients(activation: Activation, output: OutputCase) {
    let plan = LayerCase.all[0].plan(activation, output.loss.output)
    let (kinks, compared) = compare(plan, output.loss, seed: 1)
    // 12 columns into 6-5-3-1 units: 78 + 35 + 18 + 4 parameters.
    #expect(compared == 135)
    #expect(kinks * 20 < compared)
  }

  @Test(
    "Parameter gradients agree with central differences for every kind of layer",
    arguments: LayerCase.all, Activation.allCases)
  func layerGradients(layer: LayerCase, activation: Activation) {
    let loss = NetworkLoss(kind: .crossEntropy, output: .sigmoid)
    let (kinks, compared) = compare(layer.plan(activation, .sigmoid), loss, seed: 2)
    #expect(kinks * 10 < compared)
  }

  @Test("Gradients are added to what is there, and rows beyond those at hand do not count")
  func accumulation() {
    let plan = LayerCase.all[2].plan(.tanh, .sigmoid)
    let loss = NetworkLoss(kind: .crossEntropy, output: .sigmoid)
    let parameters = parameters(plan, seed: 3)
    var once = loaded(plan, seed: 3)
    once.forward(parameters)
    _ = once.backward(parameters, loss: loss, scale: 0.5)
    var twice = once
    for i in Self.rowCount * plan.inputWidth..<twice.inputs.count { twice.inputs[i] = 1e9 }
    twice.forward(parameters)
    _ = twice.backward(parameters, loss: loss, scale: 0.5)
    for (a, b) in zip(once.gradient, twice.gradient) {
      #expect(abs(2 * a - b) <= 1e-12 * max(1, abs(b)))
    }
  }

  @Test("Single precision gives the gradients of double precision", arguments: LayerCase.all)
  func precisionsAgree(layer: LayerCase) {
    let plan = layer.plan(.gelu, .sigmoid)
    let loss = NetworkLoss(kind: .focal, output: .sigmoid)
    let parameters = parameters(plan, seed: 5)
    var double = loaded(plan, seed: 5)
    let single = parameters.map { Float($0) }
    var float = Backpropagation<Float>(plan: plan, capacity: double.capacity)
    float.rows = double.rows
    float.inputs = double.inputs.map { Float($0) }
    float.codes = double.codes
    float.targets = double.targets.map { Float($0) }
    float.weights = double.weights.map { Float($0) }
    float.masks = double.masks.map { $0.map { Float($0) } }
    double.forward(parameters)
    float.forward(single)
    let inDouble = double.backward(parameters, loss: loss, scale: 1)
    let inFloat = float.backward(single, loss: loss, scale: 1)
    #expect(abs(inDouble - inFloat) < 1e-4)
    for (a, b) in zip(double.gradient, float.gradient) {
      #expect(abs(a - Double(b)) < 2e-4 * max(1, abs(a)))
    }
  }

  @Test("The focal loss without focus is the cross-entropy")
  func focalWithoutFocus() {
    let plan = LayerCase.all[0].plan(.tanh, .sigmoid)
    let parameters = parameters(plan, seed: 6)
    var passes = loaded(plan, seed: 6)
    passes.forward(parameters)
    let plain = passes.lossOnly(NetworkLoss(kind: .crossEntropy, output: .sigmoid))
    let focal = passes.lossOnly(NetworkLoss(kind: .focal, output: .sigmoid, gamma: 0))
    let focused = passes.lossOnly(NetworkLoss(kind: .focal, output: .sigmoid, gamma: 2))
    #expect(abs(plain - focal) < 1e-12 * plain)
    #expect(focused < plain)
  }

  @Test("The normalised sums of a batch have mean zero and variance one")
  func normalisation() {
    let plan = NetworkPlan(
      numbers: 4, blocks: [], hidden: [5], activation: .identity, output: .sigmoid,
      isNormalised: true)
    var parameters = parameters(plan, seed: 7)
    for i in plan.layers[0].scales { parameters[i] = 1 }
    for i in plan.layers[0].biases { parameters[i] = 0 }
    // The output takes the first unit alone: margins are its normalised sums.
    for i in plan.layers[1].weights { parameters[i] = 0 }
    parameters[plan.layers[1].weights.lowerBound] = 1
    parameters[plan.layers[1].biases.lowerBound] = 0
    var passes = Backpropagation<Double>(plan: plan, capacity: 40)
    var generator = SeedTree(seed: 8).generator()
    for i in passes.inputs.indices { passes.inputs[i] = 3 + generator.nextNormal() }
    passes.forward(parameters)
    let mean = passes.margins.reduce(0, +) / 40
    let variance = passes.margins.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40
    #expect(abs(mean) < 1e-12)
    #expect(abs(variance - 1) < 1e-3)
  }

  @Test("Layers start with the variances of He and Glorot")
  func initialVariances() {
    var generator = SeedTree(seed: 3).generator()
    for activation in Activation.allCases {
      let layer = DenseLayer<Double>(
        inputs: 300, units: 100, activation: activation, using: &generator)
      let mean = layer.weights.reduce(0, +) / 30_000
      let variance = layer.weights.reduce(0) { $0 + $1 * $1 } / 30_000
      let isRectifier = [.relu, .leakyRelu, .gelu].contains(activation)
      let expected = isRectifier ? 2.0 / 300 : 2.0 / 400
      #expect(abs(variance / expected - 1) < 0.03)
      #expect(abs(mean) < 4 * (expected / 30_000).squareRoot())
      #expect(layer.biases.allSatisfy { $0 == 0 })
    }
  }
}
