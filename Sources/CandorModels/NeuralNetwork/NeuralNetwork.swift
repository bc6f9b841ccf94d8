public import CandorData
public import CandorNumerics
public import CandorScoring

/// A fitted network of dense layers with one output unit; the margin is that unit's value before its
/// activation.
///
/// With a sigmoid output and cross-entropy the margin is log-odds; with the focal loss or an identity
/// output (squared error) it orders rows but has no unit, hence called a distance; in a regression it
/// is the target. Embeddings and batch normalisation are folded into the layers when the fit ends.
/// Weights are kept in `Float`, as trained; scoring computes in `Double`, so that gradients and
/// differences of margins are not drowned in rounding.
public struct NeuralNetwork: LayeredScorer, PersistableScorer {
  /// The family's name in files.
  public static let familyName = "neural-network"

  /// The layers as trained.
  package let trainedLayers: [DenseLayer<Float>]
  /// What a margin is.
  public let marginScale: MarginScale
  private let rowScorer: LayeredRowScorer

  /// Takes layers whose shapes have been checked.
  init(layers: [DenseLayer<Float>], marginScale: MarginScale) {
    trainedLayers = layers
    self.marginScale = marginScale
    rowScorer = LayeredRowScorer(layers)
  }

  /// The number of encoded columns that a row must have.
  public var inputWidth: Int { trainedLayers.first?.inputs ?? 0 }

  /// The layers from input to output, the output's activation included; the margin is what that
  /// activation is applied to.
  public var layers: [LayerView] {
    trainedLayers.map { layer in
      LayerView(
        weights: Matrix(rows: layer.units, columns: layer.inputs) {
          Double(layer.weights[$0 * layer.inputs + $1])
        }, biases: layer.biases.map { Double($0) }, activation: layer.activation.rawValue)
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
    rowScorer.margins(of: rows, into: &output)
  }

  /// The gradient of each row's margin in its encoded columns, by backpropagation; a ReLU at zero
  /// counts as off.
  ///
  /// - Parameter rows: Encoded rows of width `inputWidth`.
  /// - Returns: A matrix of the rows' shape.
  /// - Throws: `ScoringError` as in scoring.
  public func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    try checkInput(rows, places: rows.count)
    return rowScorer.gradients(at: rows)
  }

  /// The layers as tensors `layer-N-weights` (units × inputs) and `layer-N-biases`, with the
  /// attributes `activations` and `margin`.
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
    archive.attributes["margin"] = marginScale.rawValue
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
    // The first files had no word for it: cross-entropy with sigmoid, else squared error.
    var scale: MarginScale = last.activation == .sigmoid ? .logOdds : .distance
    if let name = archive.attributes["margin"] {
      guard let named = MarginScale(rawValue: name), named != .probability,
        named != .logOdds || last.activation == .sigmoid
      else { throw Self.invalid("it names a margin that its output does not have") }
      scale = named
    }
    self.init(layers: layers, marginScale: scale)
  }

  private static func invalid(_ what: String) -> ScoringError {
    ScoringError(.invalidModel, "The neural network cannot be read: \(what).")
  }
}
