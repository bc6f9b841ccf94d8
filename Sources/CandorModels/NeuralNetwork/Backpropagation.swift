import CandorNumerics

/// The passes of a network over a part of a batch, with the room that they need.
///
/// The output layer has one unit; its value before the activation is the row's margin. Rumelhart,
/// Hinton and Williams, "Learning representations by back-propagating errors", 1986,
/// doi:10.1038/323533a0. Batch normalisation takes the moments of the rows at hand, a part of a batch
/// whose size does not depend on threads ("ghost batches": Hoffer, Hubara and Soudry, "Train longer,
/// generalize better", 2017, arXiv:1705.08741).
package struct Backpropagation<Scalar: NetworkScalar> {
  /// The shape of the network.
  package let plan: NetworkPlan
  /// The most rows of a pass.
  package let capacity: Int
  /// The rows of this pass.
  package var rows: Int
  /// The inputs that are multiplied, `inputWidth` a row; embeddings are filled in.
  package var inputs: [Scalar]
  /// A code a row and 0/1 block, below zero for none.
  package var codes: [Int32]
  /// One target a row.
  package var targets: [Scalar]
  /// One weight a row.
  package var weights: [Scalar]
  /// The masks of dropout by layer, zeros and inverse kept shares.
  package var masks: [[Scalar]]
  /// The margins of the last forward pass: the output before its activation.
  package private(set) var margins: [Scalar]
  /// The gradient of the loss in all parameters; `backward` adds to it.
  package var gradient: [Scalar]
  /// The means of batch normalisation over the rows of the last training pass.
  package private(set) var means: [Scalar]
  /// The variances likewise, divided by the rows.
  package private(set) var variances: [Scalar]
  private var outputs: [[Scalar]]
  private var dropped: [[Scalar]]
  private var sums: [[Scalar]]
  private var normalised: [[Scalar]]
  private var deltas: [[Scalar]]
  private let directBlocks: [Int]
  private var embeddingDeltas: [Scalar]
  private var shiftSums: [Scalar] = []
  private var scaleSums: [Scalar] = []

  /// Room for passes of at most so many rows.
  package init(plan: NetworkPlan, capacity: Int) {
    self.plan = plan
    self.capacity = capacity
    rows = capacity
    func room(_ width: Int) -> [Scalar] { [Scalar](repeating: 0, count: capacity * width) }
    inputs = room(plan.inputWidth)
    codes = [Int32](repeating: -1, count: capacity * plan.blocks.count)
    targets = room(1)
    weights = [Scalar](repeating: 1, count: capacity)
    margins = room(1)
    gradient = [Scalar](repeating: 0, count: plan.parameterCount)
    means = [Scalar](repeating: 0, count: plan.statisticCount)
    variances = means
    outputs = plan.layers.map { room($0.units) }
    deltas = outputs
    masks = plan.layers.map { $0.dropout > 0 ? room($0.units) : [] }
    dropped = masks
    sums = plan.layers.map { $0.activation == .gelu ? room($0.units) : [] }
    normalised = plan.layers.map { $0.isNormalised ? room($0.units) : [] }
    directBlocks = plan.blocks.indices.filter { plan.blocks[$0].dimension == 0 }
    embeddingDeltas = room(plan.inputWidth - plan.numbers)
  }

  /// Computes the margins as training does: moments of these rows, outputs masked.
  package mutating func forward(_ parameters: [Scalar]) {
    pass(parameters, statistics: nil)
  }

  /// Computes the margins as scoring does: fixed means, then variances of batch normalisation, nothing
  /// masked.
  package mutating func evaluate(_ parameters: [Scalar], statistics: [Scalar]) {
    pass(parameters, statistics: statistics)
  }

  private mutating func pass(_ parameters: [Scalar], statistics: [Scalar]?) {
    embed(parameters)
    for l in plan.layers.indices {
      let layer = plan.layers[l]
      let input = layerInput(l, isTraining: statistics == nil)
      if l > 0, l == plan.layers.count - 1 {
        Self.output(rows, layer, input, parameters, &margins)
        return
      }
      Self.multiply(rows, layer, input, parameters, &outputs[l])
      if l == 0 {
        Self.addRows(rows, plan, directBlocks, parameters, codes, &outputs[0])
      }
      if layer.isNormalised {
        normalise(l, layer, parameters, statistics)
      }
      if l == plan.layers.count - 1 {
        Self.activate(.identity, rows, layer, parameters, &outputs[l], &sums[l])
        margins = outputs[l]
        return
      }
      Self.activate(layer.activation, rows, layer, parameters, &outputs[l], &sums[l])
      if layer.dropout > 0, statistics == nil {
        Self.drop(rows, layer.units, outputs[l], masks[l], &dropped[l])
      }
    }
  }

  /// The sum over the rows of weight times loss after a forward pass; adds the gradient of that sum
  /// times `scale` to `gradient`.
  package mutating func backward(
    _ parameters: [Scalar], loss: NetworkLoss, scale: Scalar
  ) -> Double {
    let total = lossOnly(loss, scale: scale)
    for l in plan.layers.indices.reversed() {
      let layer = plan.layers[l]
      let isLast = l == plan.layers.count - 1
      if !isLast {
        if layer.dropout > 0 { Self.applyMask(rows, layer.units, masks[l], &deltas[l]) }
        differentiate(l, layer, parameters)
      } else if l == 0 {
        Self.derivative(.identity, rows, layer, outputs[l], &deltas[l], &gradient, at: layer.biases)
      }
      let input = layerInput(l, isTraining: true)
      if isLast, l > 0 {
        Self.outputGradient(rows, layer, deltas[l], input, &gradient)
        Self.outputPassBack(rows, layer, deltas[l], parameters, &deltas[l - 1])
        continue
      }
      Self.weightGradient(rows, layer, deltas[l], input, &gradient)
      if l == 0 {
        firstLayerGradient(parameters)
      } else {
        Self.passBack(rows, layer, deltas[l], parameters, &deltas[l - 1])
      }
    }
    return total
  }

  /// The sum over the rows of weight times loss after a pass.
  package mutating func lossOnly(_ loss: NetworkLoss, scale: Scalar = 0) -> Double {
    Self.loss(loss, margins, targets, weights, rows, scale, &deltas[plan.layers.count - 1])
  }

  /// What a layer multiplies.
  private func layerInput(_ l: Int, isTraining: Bool) -> [Scalar] {
    if l == 0 { return inputs }
    return isTraining && plan.layers[l - 1].dropout > 0 ? dropped[l - 1] : outputs[l - 1]
  }

  private mutating func embed(_ parameters: [Scalar]) {
    for (b, block) in plan.blocks.enumerated() where block.dimension > 0 {
      Self.embed(
        rows, block, codes, b, plan.blocks.count, parameters, &inputs, stride: plan.inputWidth)
    }
  }

  private mutating func normalise(
    _ l: Int, _ layer: NetworkPlan.Layer, _ parameters: [Scalar], _ statistics: [Scalar]?
  ) {
    if let statistics {
      Self.normalise(
        rows, layer, parameters, Array(statistics.prefix(plan.statisticCount)),
        Array(statistics.suffix(plan.statisticCount)), &outputs[l], &normalised[l])
    } else if rows > 0 {
      Self.moments(rows, layer, outputs[l], &means, &variances)
      Self.normalise(rows, layer, parameters, means, variances, &outputs[l], &normalised[l])
    }
  }

  private mutating func differentiate(
    _ l: Int, _ layer: NetworkPlan.Layer, _ parameters: [Scalar]
  ) {
    let answers = layer.activation == .gelu ? sums[l] : outputs[l]
    guard layer.isNormalised else {
      Self.derivative(
        layer.activation, rows, layer, answers, &deltas[l], &gradient, at: layer.biases)
      return
    }
    guard rows > 0 else { return }
    // The scratch sums are apart from the gradient, which may hold those of earlier rows.
    shiftSums = [Scalar](repeating: 0, count: layer.units)
    scaleSums = shiftSums
    Self.derivative(
      layer.activation, rows, layer, answers, &deltas[l], &shiftSums, at: 0..<layer.units)
    Self.passBackNormalised(
      rows, layer, parameters, variances, normalised[l], shiftSums, &deltas[l], &scaleSums)
    for u in 0..<layer.units {
      gradient[layer.biases.lowerBound + u] += shiftSums[u]
      gradient[layer.scales.lowerBound + u] += scaleSums[u]
    }
  }

  private mutating func firstLayerGradient(_ parameters: [Scalar]) {
    let layer = plan.layers[0]
    if plan.hasEmbeddings {
      let first = layer.weights.lowerBound + plan.numbers * layer.units
      Self.embeddingPassBack(
        rows, plan.inputWidth - plan.numbers, layer.units, deltas[0], parameters, first,
        &embeddingDeltas)
    }
    for (b, block) in plan.blocks.enumerated() {
      if block.dimension > 0 {
        Self.scatter(
          rows, embeddingDeltas, stride: plan.inputWidth - plan.numbers,
          offset: block.firstRow - plan.numbers, width: block.dimension, codes, b,
          plan.blocks.count, &gradient, at: block.table.lowerBound)
      } else {
        Self.scatter(
          rows, deltas[0], stride: layer.units, offset: 0, width: layer.units, codes, b,
          plan.blocks.count, &gradient,
          at: layer.weights.lowerBound + block.firstRow * layer.units)
      }
    }
  }
}
