import CandorNumerics

/// The doors from lists to kernels: each takes what it reads as values and what it writes as inout,
/// so that no list is copied.
extension Backpropagation {
  static func embed(
    _ rows: Int, _ block: NetworkPlan.Block, _ codes: [Int32], _ b: Int, _ blocks: Int,
    _ parameters: [Scalar], _ inputs: inout [Scalar], stride: Int
  ) {
    var span = inputs.mutableSpan
    FirstLayerKernel.embed(
      parameters.span.extracting(block.table), dimension: block.dimension, codes: codes.span,
      block: b, blocks: blocks, rows: rows, into: &span, stride: stride, offset: block.firstRow)
  }

  /// Adds the rows of the 0/1 blocks in `direct` to the first layer's sums, two blocks at a time.
  static func addRows(
    _ rows: Int, _ plan: NetworkPlan, _ direct: [Int], _ parameters: [Scalar], _ codes: [Int32],
    _ values: inout [Scalar]
  ) {
    let layer = plan.layers[0]
    func table(_ b: Int) -> Range<Int> {
      let first = layer.weights.lowerBound + plan.blocks[b].firstRow * layer.units
      return first..<first + plan.blocks[b].width * layer.units
    }
    var span = values.mutableSpan
    for pair in stride(from: 0, to: direct.count - 1, by: 2) {
      FirstLayerKernel.addRows(
        of: parameters.span, firstTable: table(direct[pair]),
        secondTable: table(direct[pair + 1]), units: layer.units, codes: codes.span,
        first: direct[pair], second: direct[pair + 1], blocks: plan.blocks.count, rows: rows,
        to: &span)
    }
    if direct.count % 2 == 1 {
      let b = direct[direct.count - 1]
      FirstLayerKernel.addRows(
        of: parameters.span, table: table(b), units: layer.units, codes: codes.span, block: b,
        blocks: plan.blocks.count, rows: rows, to: &span)
    }
  }

  static func scatter(
    _ rows: Int, _ deltas: [Scalar], stride: Int, offset: Int, width: Int, _ codes: [Int32],
    _ b: Int, _ blocks: Int, _ gradient: inout [Scalar], at place: Int
  ) {
    var span = gradient.mutableSpan
    FirstLayerKernel.scatterRows(
      deltas.span, stride: stride, offset: offset, width: width, codes: codes.span, block: b,
      blocks: blocks, rows: rows, into: &span, at: place)
  }

  static func multiply(
    _ rows: Int, _ layer: NetworkPlan.Layer, _ inputs: [Scalar], _ parameters: [Scalar],
    _ outputs: inout [Scalar]
  ) {
    var span = outputs.mutableSpan
    Scalar.product(
      rows: rows, columns: layer.units, inner: layer.inputs,
      inputs.span.extracting(0..<rows * layer.inputs), transposeA: false,
      parameters.span.extracting(layer.denseWeights), transposeB: false, accumulate: false,
      into: &span, at: 0)
  }

  static func weightGradient(
    _ rows: Int, _ layer: NetworkPlan.Layer, _ deltas: [Scalar], _ inputs: [Scalar],
    _ gradient: inout [Scalar]
  ) {
    var span = gradient.mutableSpan
    Scalar.product(
      rows: layer.inputs, columns: layer.units, inner: rows,
      inputs.span.extracting(0..<rows * layer.inputs), transposeA: true,
      deltas.span.extracting(0..<rows * layer.units), transposeB: false, accumulate: true,
      into: &span, at: layer.weights.lowerBound)
  }

  static func passBack(
    _ rows: Int, _ layer: NetworkPlan.Layer, _ deltas: [Scalar], _ parameters: [Scalar],
    _ target: inout [Scalar]
  ) {
    var span = target.mutableSpan
    Scalar.product(
      rows: rows, columns: layer.inputs, inner: layer.units,
      deltas.span.extracting(0..<rows * layer.units), transposeA: false,
      parameters.span.extracting(layer.denseWeights), transposeB: true, accumulate: false,
      into: &span, at: 0)
  }

  static func embeddingPassBack(
    _ rows: Int, _ width: Int, _ units: Int, _ deltas: [Scalar], _ parameters: [Scalar],
    _ first: Int, _ target: inout [Scalar]
  ) {
    var span = target.mutableSpan
    Scalar.product(
      rows: rows, columns: width, inner: units, deltas.span.extracting(0..<rows * units),
      transposeA: false, parameters.span.extracting(first..<first + width * units),
      transposeB: true, accumulate: false, into: &span, at: 0)
  }

  static func activate(
    _ activation: Activation, _ rows: Int, _ layer: NetworkPlan.Layer, _ parameters: [Scalar],
    _ values: inout [Scalar], _ sums: inout [Scalar]
  ) {
    var span = values.mutableSpan
    var sumSpan = sums.mutableSpan
    ActivationKernel.apply(
      activation, rows: rows, biases: parameters.span.extracting(layer.biases), to: &span,
      sums: &sumSpan)
  }

  static func derivative(
    _ activation: Activation, _ rows: Int, _ layer: NetworkPlan.Layer, _ outputs: [Scalar],
    _ deltas: inout [Scalar], _ sums: inout [Scalar], at place: Range<Int>
  ) {
    var span = deltas.mutableSpan
    var sumSpan = sums.mutableSpan
    ActivationKernel.multiplyByDerivative(
      activation, rows: rows, units: layer.units, outputs: outputs.span, deltas: &span,
      sums: &sumSpan, at: place.lowerBound)
  }

  static func drop(
    _ rows: Int, _ units: Int, _ inputs: [Scalar], _ mask: [Scalar], _ outputs: inout [Scalar]
  ) {
    var span = outputs.mutableSpan
    ActivationKernel.mask(
      rows: rows, units: units, inputs: inputs.span, mask: mask.span, into: &span)
  }

  static func applyMask(
    _ rows: Int, _ units: Int, _ mask: [Scalar], _ deltas: inout [Scalar]
  ) {
    var span = deltas.mutableSpan
    ActivationKernel.applyMask(rows: rows, units: units, mask.span, to: &span)
  }

  static func moments(
    _ rows: Int, _ layer: NetworkPlan.Layer, _ values: [Scalar], _ means: inout [Scalar],
    _ variances: inout [Scalar]
  ) {
    var meanSpan = means.mutableSpan
    var varianceSpan = variances.mutableSpan
    NormalisationKernel.moments(
      values.span, rows: rows, units: layer.units, means: &meanSpan, variances: &varianceSpan,
      at: layer.statistics)
  }

  static func normalise(
    _ rows: Int, _ layer: NetworkPlan.Layer, _ parameters: [Scalar], _ means: [Scalar],
    _ variances: [Scalar], _ values: inout [Scalar], _ normalised: inout [Scalar]
  ) {
    var span = values.mutableSpan
    var normalisedSpan = normalised.mutableSpan
    NormalisationKernel.normalise(
      &span, rows: rows, scales: parameters.span.extracting(layer.scales), means: means.span,
      variances: variances.span, at: layer.statistics, normalised: &normalisedSpan)
  }

  static func passBackNormalised(
    _ rows: Int, _ layer: NetworkPlan.Layer, _ parameters: [Scalar], _ variances: [Scalar],
    _ normalised: [Scalar], _ shiftSums: [Scalar], _ deltas: inout [Scalar],
    _ scaleSums: inout [Scalar]
  ) {
    var span = deltas.mutableSpan
    var sumSpan = scaleSums.mutableSpan
    NormalisationKernel.passBack(
      &span, rows: rows, scales: parameters.span.extracting(layer.scales),
      variances: variances.span, at: layer.statistics, normalised: normalised.span,
      shiftSums: shiftSums.span, scaleSums: &sumSpan)
  }

  static func output(
    _ rows: Int, _ layer: NetworkPlan.Layer, _ inputs: [Scalar], _ parameters: [Scalar],
    _ margins: inout [Scalar]
  ) {
    var span = margins.mutableSpan
    OutputKernel.margins(
      inputs: inputs.span, rows: rows, weights: parameters.span.extracting(layer.weights),
      bias: parameters[layer.biases.lowerBound], into: &span)
  }

  static func outputGradient(
    _ rows: Int, _ layer: NetworkPlan.Layer, _ deltas: [Scalar], _ inputs: [Scalar],
    _ gradient: inout [Scalar]
  ) {
    var span = gradient.mutableSpan
    OutputKernel.addGradient(
      deltas: deltas.span, inputs: inputs.span, rows: rows, width: layer.inputs, into: &span,
      at: layer.weights.lowerBound, biasAt: layer.biases.lowerBound)
  }

  static func outputPassBack(
    _ rows: Int, _ layer: NetworkPlan.Layer, _ deltas: [Scalar], _ parameters: [Scalar],
    _ target: inout [Scalar]
  ) {
    var span = target.mutableSpan
    OutputKernel.passBack(
      deltas: deltas.span, rows: rows, weights: parameters.span.extracting(layer.weights),
      into: &span)
  }

  static func loss(
    _ loss: NetworkLoss, _ margins: [Scalar], _ targets: [Scalar], _ weights: [Scalar],
    _ rows: Int, _ scale: Scalar, _ deltas: inout [Scalar]
  ) -> Double {
    var span = deltas.mutableSpan
    return OutputKernel.loss(
      loss, margins: margins.span, targets: targets.span, weights: weights.span, rows: rows,
      scale: scale, deltas: &span)
  }

  /// Sets the gradient to zero.
  mutating func clearGradient() {
    var span = gradient.mutableSpan
    span.update(repeating: 0)
  }

  /// Draws the masks of this pass, each layer's by the child of its number.
  mutating func drawMasks(_ seeds: SeedTree) {
    for (l, layer) in plan.layers.enumerated() where layer.dropout > 0 {
      var generator = seeds.child(l).generator()
      Self.fill(&masks[l], rows * layer.units, layer.dropout, &generator)
    }
  }

  private static func fill(
    _ mask: inout [Scalar], _ count: Int, _ share: Double, _ generator: inout CounterGenerator
  ) {
    var span = mask.mutableSpan
    DropoutKernel.fill(&span, count: count, dropping: share, using: &generator)
  }
}

extension Backpropagation where Scalar == Float {
  /// Loads the rows of one range of an order from records.
  mutating func load(_ records: NetworkRecords, order: [Int32], range: Range<Int>) {
    rows = range.count
    Self.gather(records, order, range, plan.inputWidth, &inputs, &codes, &targets, &weights)
  }

  private static func gather(
    _ records: NetworkRecords, _ order: [Int32], _ range: Range<Int>, _ inputWidth: Int,
    _ inputs: inout [Float], _ codes: inout [Int32], _ targets: inout [Float],
    _ weights: inout [Float]
  ) {
    var inputSpan = inputs.mutableSpan
    var codeSpan = codes.mutableSpan
    var targetSpan = targets.mutableSpan
    var weightSpan = weights.mutableSpan
    FirstLayerKernel.gather(
      records.values.span, layout: records.layout, order: order.span, start: range.lowerBound,
      rows: range.count, inputWidth: inputWidth, inputs: &inputSpan, codes: &codeSpan,
      targets: &targetSpan, weights: &weightSpan)
  }
}
