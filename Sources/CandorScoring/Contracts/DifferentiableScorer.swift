public import CandorData
public import CandorNumerics

/// A scorer whose margin has a gradient in the encoded columns.
public protocol DifferentiableScorer: Scorer {
  /// The gradient of each row's margin in its encoded columns; where the margin has a kink (a ReLU
  /// at zero) the gradient of the side on which the unit is off.
  ///
  /// - Parameter rows: Encoded rows of width `inputWidth`.
  /// - Returns: A matrix of the rows' shape: element (r, c) is the derivative of margin r in column
  ///   c.
  /// - Throws: `ScoringError` as in scoring.
  func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix
}

/// A differentiable scorer made of dense layers, readable for export.
public protocol LayeredScorer: DifferentiableScorer {
  /// The layers from input to output; the last has one unit, and the margin is that unit's value before
  /// its activation. Explanations compare the two at one row, and go by the margin where they differ.
  var layers: [LayerView] { get }
}

/// One dense layer as numbers: `activation(weights · input + biases)`.
public struct LayerView: Sendable, Equatable {
  /// The weights, a row an output unit.
  public let weights: Matrix
  /// One bias an output unit.
  public let biases: [Double]
  /// The activation's name (`relu`, `leaky-relu` of slope 0.01, `gelu` in its tanh form, `tanh`,
  /// `sigmoid`, `identity`).
  public let activation: String

  /// Joins the parts of a layer.
  public init(weights: Matrix, biases: [Double], activation: String) {
    self.weights = weights
    self.biases = biases
    self.activation = activation
  }
}
