import Foundation

/// The passes of a network over a batch of one fixed number of rows, with the room that they need.
///
/// The output layer has one unit; its value before the activation is kept as the row's margin.
/// Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", 1986,
/// doi:10.1038/323533a0.
package struct Backpropagation<Scalar: NetworkScalar> {
  /// The number of rows of a batch.
  package let rows: Int
  /// The batch, row-major.
  package var inputs: [Scalar]
  /// One target a row.
  package var targets: [Scalar]
  /// One weight a row.
  package var rowWeights: [Scalar]
  /// The margins of the last forward pass: the output before its activation.
  package private(set) var margins: [Scalar]
  /// The gradient of the batch's loss in each layer's weights, after `backward`.
  package private(set) var weightGradients: [[Scalar]]
  /// The gradient of the batch's loss in each layer's biases, after `backward`.
  package private(set) var biasGradients: [[Scalar]]
  /// The gradient of each row's margin in its inputs, after `inputGradients`.
  package private(set) var inputDeltas: [Scalar]
  private var outputs: [[Scalar]]
  private var deltas: [[Scalar]]

  /// Room for batches of so many rows through these layers.
  package init(rows: Int, layers: [DenseLayer<Scalar>]) {
    self.rows = rows
    let width = layers.first?.inputs ?? 0
    inputs = Array(repeating: 0, count: rows * width)
    inputDeltas = inputs
    targets = Array(repeating: 0, count: rows)
    rowWeights = Array(repeating: 1, count: rows)
    margins = targets
    outputs = layers.map { [Scalar](repeating: 0, count: rows * $0.units) }
    deltas = outputs
    weightGradients = layers.map { [Scalar](repeating: 0, count: $0.weights.count) }
    biasGradients = layers.map { [Scalar](repeating: 0, count: $0.units) }
  }

  /// Computes the margins of `inputs`.
  package mutating func forward(_ layers: [DenseLayer<Scalar>]) {
    for (l, layer) in layers.enumerated() {
      let previous = l == 0 ? inputs : outputs[l - 1]
      Self.multiply(rows: rows, layer: layer, inputs: previous, into: &outputs[l])
      let isLast = l == layers.count - 1
      Self.activate(isLast ? .identity : layer.activation, layer.biases, &outputs[l])
      if isLast { margins = outputs[l] }
    }
  }

  /// The sum over the rows of weight times loss, divided by the number of rows, from the margins.
  package func meanLoss(_ loss: NetworkOptions.Loss, output: Activation) -> Double {
    var total = 0.0
    for r in 0..<rows {
      total +=
        Double(rowWeights[r])
        * Self.loss(loss, output: output, margin: margins[r], target: targets[r])
    }
    return total / Double(rows)
  }

  /// One row's loss.
  package static func loss(
    _ loss: NetworkOptions.Loss, output: Activation, margin: Scalar, target: Scalar
  ) -> Double {
    let z = Double(margin)
    let t = Double(target)
    switch loss {
    case .crossEntropy: return max(z, 0) - t * z + log1p(exp(-abs(z)))
    case .squaredError:
      let difference = Double(answer(output, margin)) - t
      return difference * difference
    }
  }

  /// Computes the gradients of the batch's mean loss after a forward pass.
  package mutating func backward(
    _ layers: [DenseLayer<Scalar>], loss: NetworkOptions.Loss, output: Activation
  ) {
    let scale = 1 / Scalar(rows)
    let last = layers.count - 1
    for r in 0..<rows {
      let y = Self.answer(output, margins[r])
      let slope: Scalar =
        switch loss {
        case .crossEntropy: y - targets[r]
        case .squaredError: 2 * (y - targets[r]) * Self.derivative(output, margin: margins[r], y)
        }
      deltas[last][r] = slope * rowWeights[r] * scale
    }
    propagate(layers, wantsParameters: true, wantsInputs: false)
  }

  /// Computes the gradient of every row's margin in its inputs after a forward pass.
  package mutating func differentiateInputs(_ layers: [DenseLayer<Scalar>]) {
    for r in 0..<rows { deltas[layers.count - 1][r] = 1 }
    propagate(layers, wantsParameters: false, wantsInputs: true)
  }

  private mutating func propagate(
    _ layers: [DenseLayer<Scalar>], wantsParameters: Bool, wantsInputs: Bool
  ) {
    for l in layers.indices.reversed() {
      let layer = layers[l]
      if wantsParameters {
        Self.parameterGradients(
          rows: rows, layer: layer, deltas: deltas[l], inputs: l == 0 ? inputs : outputs[l - 1],
          weights: &weightGradients[l], biases: &biasGradients[l])
      }
      if l > 0 {
        Self.passBack(rows: rows, layer: layer, deltas: deltas[l], into: &deltas[l - 1])
        Self.multiplyByDerivative(layers[l - 1].activation, outputs[l - 1], &deltas[l - 1])
      } else if wantsInputs {
        Self.passBack(rows: rows, layer: layer, deltas: deltas[l], into: &inputDeltas)
      }
    }
  }

  private static func answer(_ output: Activation, _ margin: Scalar) -> Scalar {
    switch output {
    case .relu: max(margin, 0)
    case .tanh: Scalar.hyperbolicTangent(margin)
    case .sigmoid: ActivationKernel.sigmoid(margin)
    case .identity: margin
    }
  }

  private static func derivative(
    _ output: Activation, margin: Scalar, _ y: Scalar
  ) -> Scalar {
    switch output {
    case .relu: margin > 0 ? 1 : 0
    case .tanh: 1 - y * y
    case .sigmoid: y * (1 - y)
    case .identity: 1
    }
  }

  private static func multiply(
    rows: Int, layer: DenseLayer<Scalar>, inputs: [Scalar], into outputs: inout [Scalar]
  ) {
    var span = outputs.mutableSpan
    if layer.units == 1 {
      ActivationKernel.singleUnit(
        inputs: inputs.span, weights: layer.weights.span, into: &span)
    } else {
      Scalar.product(
        rows: rows, columns: layer.units, inner: layer.inputs, inputs.span, transposeA: false,
        layer.weights.span, transposeB: true, into: &span)
    }
  }

  private static func activate(
    _ activation: Activation, _ biases: [Scalar], _ values: inout [Scalar]
  ) {
    var span = values.mutableSpan
    ActivationKernel.apply(activation, biases: biases.span, to: &span)
  }

  private static func multiplyByDerivative(
    _ activation: Activation, _ outputs: [Scalar], _ deltas: inout [Scalar]
  ) {
    var span = deltas.mutableSpan
    ActivationKernel.multiplyByDerivative(activation, outputs: outputs.span, deltas: &span)
  }

  private static func parameterGradients(
    rows: Int, layer: DenseLayer<Scalar>, deltas: [Scalar], inputs: [Scalar],
    weights: inout [Scalar], biases: inout [Scalar]
  ) {
    var weightSpan = weights.mutableSpan
    Scalar.product(
      rows: layer.units, columns: layer.inputs, inner: rows, deltas.span, transposeA: true,
      inputs.span, transposeB: false, into: &weightSpan)
    var biasSpan = biases.mutableSpan
    ActivationKernel.columnSums(deltas.span, into: &biasSpan)
  }

  private static func passBack(
    rows: Int, layer: DenseLayer<Scalar>, deltas: [Scalar], into target: inout [Scalar]
  ) {
    var span = target.mutableSpan
    Scalar.product(
      rows: rows, columns: layer.inputs, inner: layer.units, deltas.span, transposeA: false,
      layer.weights.span, transposeB: false, into: &span)
  }
}
