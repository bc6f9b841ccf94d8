import CandorModels
import CandorNumerics
import Testing

/// An output activation with a loss that it goes with.
struct OutputCase: Sendable, CustomTestStringConvertible {
  let loss: NetworkOptions.Loss
  let output: Activation
  var testDescription: String { "\(loss.rawValue) with \(output.rawValue) output" }

  static let all =
    [OutputCase(loss: .crossEntropy, output: .sigmoid)]
    + Activation.allCases.map { OutputCase(loss: .squaredError, output: $0) }
}

@Suite("Backpropagation")
struct BackpropagationTests {
  private func layers(
    _ activation: Activation, _ output: Activation, seed: UInt64
  ) -> [DenseLayer<Double>] {
    let sizes = [4, 6, 5, 3, 1]
    var generator = SeedTree(seed: seed).child("layers").generator()
    return (1..<sizes.count).map { l in
      var layer = DenseLayer<Double>(
        inputs: sizes[l - 1], units: sizes[l],
        activation: l == sizes.count - 1 ? output : activation, using: &generator)
      for unit in layer.biases.indices { layer.biases[unit] = 0.3 * generator.nextNormal() }
      return layer
    }
  }

  private func loaded(
    _ layers: [DenseLayer<Double>], seed: UInt64
  ) -> Backpropagation<Double> {
    var generator = SeedTree(seed: seed).child("rows").generator()
    var passes = Backpropagation<Double>(rows: 7, layers: layers)
    for i in passes.inputs.indices { passes.inputs[i] = generator.nextNormal() }
    for r in 0..<7 {
      passes.targets[r] = Double(r % 2)
      passes.rowWeights[r] = 0.25 + generator.nextUniform()
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
    return abs((above - below) / (2 * step) - gradient) < 2e-7 * max(1, abs(gradient))
  }

  @Test(
    "Parameter gradients agree with central differences", arguments: Activation.allCases,
    OutputCase.all)
  func parameterGradients(activation: Activation, output: OutputCase) {
    let step = 1e-5
    var compared = 0
    var kinks = 0
    for seed in 0..<3 as Range<UInt64> {
      let layers = layers(activation, output.output, seed: seed)
      var passes = loaded(layers, seed: seed)
      func loss(_ changed: [DenseLayer<Double>]) -> Double {
        var other = passes
        other.forward(changed)
        return other.meanLoss(output.loss, output: output.output)
      }
      passes.forward(layers)
      passes.backward(layers, loss: output.loss, output: output.output)
      let centre = passes.meanLoss(output.loss, output: output.output)
      for l in layers.indices {
        for i in layers[l].weights.indices {
          var (up, down) = (layers, layers)
          up[l].weights[i] += step
          down[l].weights[i] -= step
          let verdict = agrees(
            passes.weightGradients[l][i], at: centre, above: loss(up), below: loss(down),
            step: step)
          if let verdict { #expect(verdict, "weight \(i) of layer \(l)") } else { kinks += 1 }
          compared += 1
        }
        for i in layers[l].biases.indices {
          var (up, down) = (layers, layers)
          up[l].biases[i] += step
          down[l].biases[i] -= step
          let verdict = agrees(
            passes.biasGradients[l][i], at: centre, above: loss(up), below: loss(down),
            step: step)
          if let verdict { #expect(verdict, "bias \(i) of layer \(l)") } else { kinks += 1 }
          compared += 1
        }
      }
    }
    // Layers of 4-6-5-3-1 units have 87 parameters.
    #expect(compared == 3 * 87)
    #expect(kinks * 20 < compared)
  }

  @Test("Input gradients agree with central differences", arguments: Activation.allCases)
  func inputGradients(activation: Activation) {
    let step = 1e-5
    let layers = layers(activation, .sigmoid, seed: 8)
    var passes = loaded(layers, seed: 8)
    passes.forward(layers)
    passes.differentiateInputs(layers)
    for i in passes.inputs.indices {
      let row = i / 4
      func margin(_ shift: Double) -> Double {
        var other = passes
        other.inputs[i] += shift
        other.forward(layers)
        return other.margins[row]
      }
      let verdict = agrees(
        passes.inputDeltas[i], at: passes.margins[row], above: margin(step),
        below: margin(-step), step: step)
      #expect(verdict ?? true)
    }
  }

  @Test("Single precision gives the gradients of double precision", arguments: OutputCase.all)
  func precisionsAgree(output: OutputCase) {
    let layers = layers(.tanh, output.output, seed: 5)
    var double = loaded(layers, seed: 5)
    let single = layers.map { $0.converted(to: Float.self) }
    var float = Backpropagation<Float>(rows: 7, layers: single)
    float.inputs = double.inputs.map { Float($0) }
    float.targets = double.targets.map { Float($0) }
    float.rowWeights = double.rowWeights.map { Float($0) }
    double.forward(layers)
    double.backward(layers, loss: output.loss, output: output.output)
    float.forward(single)
    float.backward(single, loss: output.loss, output: output.output)
    for l in layers.indices {
      for (a, b) in zip(double.weightGradients[l], float.weightGradients[l]) {
        #expect(abs(a - Double(b)) < 1e-5)
      }
    }
  }

  @Test("Layers start with the variances of He and Glorot")
  func initialVariances() {
    var generator = SeedTree(seed: 3).generator()
    for activation in Activation.allCases {
      let layer = DenseLayer<Double>(
        inputs: 300, units: 100, activation: activation, using: &generator)
      let mean = layer.weights.reduce(0, +) / 30_000
      let variance = layer.weights.reduce(0) { $0 + $1 * $1 } / 30_000
      let expected = activation == .relu ? 2.0 / 300 : 2.0 / 400
      #expect(abs(variance / expected - 1) < 0.03)
      #expect(abs(mean) < 4 * (expected / 30_000).squareRoot())
      #expect(layer.biases.allSatisfy { $0 == 0 })
    }
  }
}
