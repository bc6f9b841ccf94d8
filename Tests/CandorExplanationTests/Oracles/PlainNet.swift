import CandorData
import CandorNumerics
import CandorScoring
import Foundation

/// Dense layers computed straight from their definition, a row at a time.
struct PlainNet: LayeredScorer {
  let layers: [LayerView]
  /// Added to the margin beside the layers: a scorer that is more than its layers.
  var extra: @Sendable ([Double]) -> Double = { _ in 0 }
  var inputWidth: Int { layers.first?.weights.columns ?? 0 }
  var marginScale: MarginScale { .logOdds }

  init(_ layers: [LayerView]) { self.layers = layers }

  /// A net with normal weights; hidden layers of the given sizes, all with one activation.
  init(inputs: Int, hidden: [Int], activation: String, seed: UInt64, sign: Double = 1) {
    var generator = SeedTree(seed: seed).child("net").generator()
    var layers: [LayerView] = []
    var width = inputs
    for units in hidden + [1] {
      let scale = (2 / Double(width)).squareRoot()
      let isOutput = layers.count == hidden.count
      let factor = isOutput ? sign : 1
      let weights = Matrix(rows: units, columns: width) { _, _ in
        factor * scale * generator.nextNormal()
      }
      layers.append(
        LayerView(
          weights: weights, biases: (0..<units).map { _ in factor * 0.3 * generator.nextNormal() },
          activation: isOutput ? "sigmoid" : activation))
      width = units
    }
    self.layers = layers
  }

  static func answer(_ name: String, _ z: Double) -> Double {
    switch name {
    case "relu": max(z, 0)
    case "leaky-relu": z > 0 ? z : 0.01 * z
    case "tanh": tanh(z)
    case "sigmoid": 1 / (1 + exp(-z))
    case "gelu": 0.5 * z * (1 + tanh((2 / Double.pi).squareRoot() * (z + 0.044715 * z * z * z)))
    default: z
    }
  }

  /// Central differences would do away with kinks: the slope of the side below at zero.
  static func slope(_ name: String, _ z: Double) -> Double {
    switch name {
    case "relu": return z > 0 ? 1 : 0
    case "leaky-relu": return z > 0 ? 1 : 0.01
    case "identity": return 1
    default:
      let h = 1e-5
      return
        (8 * (answer(name, z + h) - answer(name, z - h))
        - (answer(name, z + 2 * h) - answer(name, z - 2 * h))) / (12 * h)
    }
  }

  private func sums(_ row: [Double]) -> [[Double]] {
    var inputs = row
    var all: [[Double]] = []
    for layer in layers {
      let sums = layer.biases.indices.map { u in
        zip(layer.weights.row(u), inputs).reduce(layer.biases[u]) { $0 + $1.0 * $1.1 }
      }
      all.append(sums)
      inputs = sums.map { Self.answer(layer.activation, $0) }
    }
    return all
  }

  func margin(_ row: [Double]) -> Double { (sums(row).last?[0] ?? 0) + extra(row) }

  func gradient(_ row: [Double]) -> [Double] {
    let sums = sums(row)
    var deltas = [1.0]
    for l in layers.indices.reversed() {
      let weights = layers[l].weights
      var below = (0..<weights.columns).map { c in
        (0..<weights.rows).reduce(0) { $0 + deltas[$1] * weights[$1, c] }
      }
      if l > 0 {
        for u in below.indices { below[u] *= Self.slope(layers[l - 1].activation, sums[l - 1][u]) }
      }
      deltas = below
    }
    return deltas
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count { output[r] = margin(Array(rows.matrix.row(r))) }
  }

  func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    try checkInput(rows, places: rows.count)
    let all = (0..<rows.count).map { gradient(Array(rows.matrix.row($0))) }
    return Matrix(rows: rows.count, columns: inputWidth) { all[$0][$1] }
  }

  /// Integrated gradients by the midpoint rule with very many steps.
  func midpointIntegral(from start: [Double], to end: [Double], steps: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: start.count)
    for k in 0..<steps {
      let t = (Double(k) + 0.5) / Double(steps)
      let slope = gradient(zip(start, end).map { $0 + t * ($1 - $0) })
      for c in sums.indices { sums[c] += slope[c] * (end[c] - start[c]) / Double(steps) }
    }
    return sums
  }
}
