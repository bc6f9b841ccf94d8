public import CandorData
public import CandorNumerics
public import CandorScoring

/// A fitted network of dense layers with one output unit; the margin is that unit's value before its
/// activation.
///
/// With a sigmoid output the margin is log-odds; with an identity output (squared error) it is an
/// estimate of the share of bad that may leave [0, 1], hence called a distance. Weights are kept in
/// `Float`, as trained; scoring computes in `Double`, so that gradients and differences of margins
/// are not drowned in rounding.
public struct NeuralNetwork: LayeredScorer, PersistableScorer {
  /// The family's name in files.
  public static let familyName = "neural-network"

  /// Rows are scored in blocks of exactly so many, the last one filled up with zeros, since the
  /// order in which BLAS sums may depend on the extents of a product.
  static let block = 64

  /// The layers as trained.
  package let trainedLayers: [DenseLayer<Float>]
  private let scoringLayers: [DenseLayer<Double>]

  /// Takes layers whose shapes have been checked.
  init(layers: [DenseLayer<Float>]) {
    trainedLayers = layers
    scoringLayers = layers.map { $0.converted(to: Double.self) }
  }

  /// The number of encoded columns that a row must have.
  public var inputWidth: Int { trainedLayers.first?.inputs ?? 0 }

  /// Log-odds with a sigmoid output, else a distance.
  public var marginScale: MarginScale {
    trainedLayers.last?.activation == .sigmoid ? .logOdds : .distance
  }

  /// The layers from input to output, the output's activation included; the margin is what that
  /// activation is applied to.
  public var layers: [LayerView] {
    scoringLayers.map { layer in
      LayerView(
        weights: Matrix(rows: layer.units, columns: layer.inputs) {
          layer.weights[$0 * layer.inputs + $1]
        }, biases: layer.biases, activation: layer.activation.rawValue)
    }
  }

  /// Writes one margin a row; O(rows · weights).
  ///
  /// - Parameters:
  ///   - rows: Encoded rows of width `inputWidth`.
  ///   - output: Where the margins go, in the rows' order.
  /// - Throws: `ScoringError` where the width differs, a value is not finite, or `output` has
  ///   another length.
  public func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    let layers = scoringLayers
    var passes = Backpropagation<Double>(rows: Self.block, layers: layers)
    for range in Parallel.blocks(of: rows.count, size: Self.block) {
      load(rows, range, into: &passes)
      passes.forward(layers)
      for r in range { output[r] = passes.margins[r - range.lowerBound] }
    }
  }

  /// The gradient of each row's margin in its encoded columns, by backpropagation; a ReLU at zero
  /// counts as off.
  ///
  /// - Parameter rows: Encoded rows of width `inputWidth`.
  /// - Returns: A matrix of the rows' shape.
  /// - Throws: `ScoringError` as in scoring.
  public func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    try checkInput(rows, places: rows.count)
    let layers = scoringLayers
    var passes = Backpropagation<Double>(rows: Self.block, layers: layers)
    var result = Matrix(rows: rows.count, columns: inputWidth)
    for range in Parallel.blocks(of: rows.count, size: Self.block) {
      load(rows, range, into: &passes)
      passes.forward(layers)
      passes.differentiateInputs(layers)
      for r in range {
        let start = (r - range.lowerBound) * inputWidth
        result.setRow(r, to: passes.inputDeltas[start..<start + inputWidth])
      }
    }
    return result
  }

  private func load(
    _ rows: EncodedRows, _ range: Range<Int>, into passes: inout Backpropagation<Double>
  ) {
    let width = inputWidth
    let filled = range.count * width
    let source = rows.matrix.values
    let start = range.lowerBound * width
    for i in 0..<filled { passes.inputs[i] = source[start + i] }
    for i in filled..<passes.inputs.count { passes.inputs[i] = 0 }
  }

  /// The layers as tensors `layer-N-weights` (units × inputs) and `layer-N-biases`, with the
  /// attribute `activations`.
  public var archive: TensorArchive {
    var archive = TensorArchive()
    for (l, layer) in trainedLayers.enumerated() {
      archive.tensors["layer-\(l)-weights"] = .init(
        shape: [layer.units, layer.inputs], elements: .float32(layer.weights))
      archive.tensors["layer-\(l)-biases"] = .init(
        shape: [layer.units], elements: .float32(layer.biases))
    }
    archive.attributes["activations"] =
      trainedLayers.map(\.activation.rawValue).joined(separator: ",")
    return archive
  }

  /// Reads what `archive` wrote, and checks all of it.
  ///
  /// - Parameter archive: The tensors.
  /// - Throws: `ScoringError` where a tensor is absent, shapes do not follow on one another, a
  ///   number is not finite, or an activation is unknown.
  public init(archive: TensorArchive) throws(ScoringError) {
    let names = try archive.attribute("activations").split(
      separator: ",", omittingEmptySubsequences: false)
    guard names.count <= NetworkSize.mostLayers else {
      throw Self.invalid(
        "it has \(names.count) layers, more than the \(NetworkSize.mostLayers) allowed")
    }
    var layers: [DenseLayer<Float>] = []
    for (l, name) in names.enumerated() {
      guard let activation = Activation(rawValue: String(name)) else {
        throw Self.invalid("it names an unknown activation in layer \(l)")
      }
      let weights = try archive.floats("layer-\(l)-weights")
      let biases = try archive.floats("layer-\(l)-biases")
      guard let shape = archive.tensors["layer-\(l)-weights"]?.shape, shape.count == 2,
        shape[0] > 0, shape[1] > 0, shape[0] <= NetworkSize.mostUnits,
        shape[1] <= NetworkSize.mostInputs,
        weights.count == shape[0] * shape[1], biases.count == shape[0]
      else { throw Self.invalid("the shapes in layer \(l) do not fit its numbers") }
      if let previous = layers.last, previous.units != shape[1] {
        throw Self.invalid("layer \(l) takes another number of inputs than layer \(l - 1) gives")
      }
      guard weights.allSatisfy(\.isFinite), biases.allSatisfy(\.isFinite) else {
        throw Self.invalid("layer \(l) holds a number that is not finite")
      }
      layers.append(
        DenseLayer(
          inputs: shape[1], units: shape[0], weights: weights, biases: biases,
          activation: activation))
    }
    guard let last = layers.last, last.units == 1,
      last.activation == .sigmoid || last.activation == .identity
    else { throw Self.invalid("its last layer is not one sigmoid or identity unit") }
    self.init(layers: layers)
  }

  private static func invalid(_ what: String) -> ScoringError {
    ScoringError(.invalidModel, "The neural network cannot be read: \(what).")
  }
}
