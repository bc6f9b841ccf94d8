import CandorData
import CandorNumerics
import CandorScoring

/// The dense layers of any `LayeredScorer` as flat arrays in `Double`, for batches of gradients and
/// for walks along lines.
struct LayeredNet: Sendable {
  /// How a unit answers, by the names that `LayerView` has for it.
  enum Answer: String, Sendable {
    case relu
    case leakyRelu = "leaky-relu"
    case gelu, tanh, sigmoid, identity

    /// The slopes below and above zero where the answer is made of two lines through zero.
    var slopes: (below: Double, above: Double)? {
      switch self {
      case .relu: (0, 1)
      case .leakyRelu: (0.01, 1)
      case .identity: (1, 1)
      case .gelu, .tanh, .sigmoid: nil
      }
    }

    /// The answer to a sum and its derivative there; at a kink the one of the side below.
    func callAsFunction(_ z: Double) -> (value: Double, slope: Double) {
      switch self {
      case .relu: return z > 0 ? (z, 1) : (0, 0)
      case .leakyRelu: return z > 0 ? (z, 1) : (0.01 * z, 0.01)
      case .identity: return (z, 1)
      case .tanh:
        let y = SystemMath.tanh(z)
        return (y, 1 - y * y)
      case .sigmoid:
        let e = SystemMath.exp(-abs(z))
        let y = (z >= 0 ? 1 : e) / (1 + e)
        return (y, y * (1 - y))
      case .gelu:
        let root = 0.797_884_560_802_865_4
        let inner = root * (z + 0.044715 * z * z * z)
        let t = SystemMath.tanh(inner)
        let ofInner = root * (1 + 3 * 0.044715 * z * z)
        return (0.5 * z * (1 + t), 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * ofInner)
      }
    }
  }

  /// One hidden layer.
  struct Layer: Sendable {
    let inputs: Int
    let units: Int
    /// A row a unit.
    let weights: [Double]
    /// A row an input.
    let transposed: [Double]
    let biases: [Double]
    let answer: Answer
  }

  /// The number of encoded columns.
  let width: Int
  /// The layers before the output unit, one at least.
  let hidden: [Layer]
  /// The output unit's weights.
  let output: [Double]
  /// The output unit's bias.
  let bias: Double

  /// Rows of one tile: the sums of a layer of 128 units for them take 64 kB.
  static let tileRows = 64

  /// Reads a scorer's layers; nil where they are no chain of known layers that ends in one unit whose
  /// sum is the margin.
  init?(of scorer: some LayeredScorer) {
    self.init(scorer.layers)
    guard width == scorer.inputWidth else { return nil }
    // A scorer may add something to its layers: then they are not the score.
    let zeros = EncodedRows(row: [Double](repeating: 0, count: width))
    guard let margin = try? scorer.margins(of: zeros)[0],
      abs(self.margin(at: [Double](repeating: 0, count: width)) - margin)
        <= 1e-9 * max(1, abs(margin))
    else { return nil }
  }

  /// Reads layers; nil as above.
  init?(_ layers: [LayerView]) {
    guard let last = layers.last, layers.count > 1, last.weights.rows == 1,
      last.biases.count == 1, let first = layers.first
    else { return nil }
    var hidden: [Layer] = []
    for layer in layers.dropLast() {
      guard let answer = Answer(rawValue: layer.activation),
        layer.biases.count == layer.weights.rows, layer.weights.rows > 0,
        layer.weights.columns > 0,
        hidden.last.map({ $0.units == layer.weights.columns }) ?? true
      else { return nil }
      hidden.append(
        Layer(
          inputs: layer.weights.columns, units: layer.weights.rows, weights: layer.weights.values,
          transposed: layer.weights.transposed.values, biases: layer.biases, answer: answer))
    }
    guard hidden.last?.units == last.weights.columns else { return nil }
    self.hidden = hidden
    width = first.weights.columns
    output = last.weights.values
    bias = last.biases[0]
  }

  /// The sums of each hidden layer before its activation, for one row.
  func sums(at row: [Double]) -> [[Double]] {
    var inputs = row
    var all: [[Double]] = []
    for layer in hidden {
      var sums = layer.biases
      LayeredNetKernel.addProduct(
        layer.weights.span, rows: layer.units, columns: layer.inputs, inputs.span, into: &sums)
      all.append(sums)
      inputs = sums.map { layer.answer($0).value }
    }
    return all
  }

  /// The margin of one row.
  func margin(at row: [Double]) -> Double {
    guard let sums = sums(at: row).last, let layer = hidden.last else { return bias }
    return zip(output, sums).reduce(bias) { $0 + $1.0 * layer.answer($1.1).value }
  }

  /// The margins of rows from `first` on, `count` of them.
  func margins(_ values: [Double], first: Int, count: Int) -> [Double] {
    var inputs = Array(values[first * width..<(first + count) * width])
    for layer in hidden {
      var sums = [Double](repeating: 0, count: count * layer.units)
      var slopes = sums
      LayeredNetKernel.product(
        rows: count, columns: layer.units, inner: layer.inputs, inputs, layer.weights,
        transposed: true, into: &sums)
      LayeredNetKernel.answer(
        layer.answer, rows: count, biases: layer.biases, sums: &sums, slopes: &slopes)
      inputs = sums
    }
    var margins = [Double](repeating: bias, count: count)
    LayeredNetKernel.addProduct(
      inputs.span, rows: count, columns: output.count, output.span, into: &margins)
    return margins
  }

  /// The gradients of the margins of rows from `first` on, `count` of them, as row-major numbers.
  func gradients(_ values: [Double], first: Int, count: Int) -> [Double] {
    var inputs = Array(values[first * width..<(first + count) * width])
    var slopes: [[Double]] = []
    for layer in hidden {
      var sums = [Double](repeating: 0, count: count * layer.units)
      var slope = sums
      LayeredNetKernel.product(
        rows: count, columns: layer.units, inner: layer.inputs, inputs, layer.weights,
        transposed: true, into: &sums)
      LayeredNetKernel.answer(
        layer.answer, rows: count, biases: layer.biases, sums: &sums, slopes: &slope)
      inputs = sums
      slopes.append(slope)
    }
    var deltas = [Double](repeating: 0, count: count * output.count)
    for r in 0..<count {
      for u in output.indices { deltas[r * output.count + u] = output[u] }
    }
    for l in hidden.indices.reversed() {
      LayeredNetKernel.multiply(&deltas, by: slopes[l])
      var below = [Double](repeating: 0, count: count * hidden[l].inputs)
      LayeredNetKernel.product(
        rows: count, columns: hidden[l].inputs, inner: hidden[l].units, deltas, hidden[l].weights,
        transposed: false, into: &below)
      deltas = below
    }
    return deltas
  }
}

/// A layered scorer whose gradients come from matrix products over tiles of rows.
///
/// Its margins are those of the scorer itself; gradients differ from the scorer's own by rounding
/// only, since matrix products sum in another order.
struct TiledGradients<Base: LayeredScorer>: DifferentiableScorer {
  let base: Base
  let net: LayeredNet

  /// Wraps a scorer; nil where its layers are not of a known kind.
  init?(_ base: Base) {
    guard let net = LayeredNet(of: base) else { return nil }
    self.base = base
    self.net = net
  }

  var inputWidth: Int { base.inputWidth }
  var marginScale: MarginScale { base.marginScale }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try base.margins(of: rows, into: &output)
  }

  func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    try checkInput(rows, places: rows.count)
    let values = rows.matrix.values
    var result = Matrix(rows: rows.count, columns: net.width)
    for tile in Parallel.blocks(of: rows.count, size: LayeredNet.tileRows) {
      let gradients = net.gradients(values, first: tile.lowerBound, count: tile.count)
      let start = tile.lowerBound * net.width
      result.withMutableValues { output in
        for i in gradients.indices { output[start + i] = gradients[i] }
      }
    }
    return result
  }
}
