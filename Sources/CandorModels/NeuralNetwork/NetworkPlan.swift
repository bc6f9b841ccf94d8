/// The shape of a network in training, and where each of its numbers stands in one flat list.
///
/// Weights are stored a row an input, so that the row of a 0/1 column is looked up instead of
/// multiplied. The rows of the first layer are those of the numbers, then of the embedded blocks'
/// dimensions, then of the columns of the other 0/1 blocks.
package struct NetworkPlan: Sendable, Equatable {
  /// A block of 0/1 columns.
  package struct Block: Sendable, Equatable {
    /// The number of columns.
    package let width: Int
    /// The numbers that stand for a level; 0 where the columns go into the first layer themselves.
    package let dimension: Int
    /// Where the levels' numbers are, a row a level; empty without an embedding.
    package let table: Range<Int>
    /// The block's first row among those of the first layer.
    package let firstRow: Int
  }

  /// A layer.
  package struct Layer: Sendable, Equatable {
    /// The inputs that are multiplied.
    package let inputs: Int
    /// The rows of weights: the inputs, and in the first layer the 0/1 columns looked up.
    package let rows: Int
    /// The number of units.
    package let units: Int
    /// How the units answer.
    package let activation: Activation
    /// The share of the outputs that dropout sets to zero in training.
    package let dropout: Double
    /// Where the weights are, `rows × units`.
    package let weights: Range<Int>
    /// Where the biases are; with batch normalisation the shifts after it.
    package let biases: Range<Int>
    /// Where the scales of batch normalisation are; empty without.
    package let scales: Range<Int>
    /// The layer's first place among the means and variances of batch normalisation.
    package let statistics: Int
    /// Whether the sums are normalised before the activation.
    package var isNormalised: Bool { !scales.isEmpty }
    /// Where the weights of the multiplied inputs are.
    package var denseWeights: Range<Int> {
      weights.lowerBound..<weights.lowerBound + inputs * units
    }
  }

  /// The number of plain columns.
  package let numbers: Int
  /// The blocks of 0/1 columns.
  package let blocks: [Block]
  /// The layers from input to output.
  package let layers: [Layer]
  /// The number of parameters.
  package let parameterCount: Int
  /// The number of means (and of variances) of batch normalisation.
  package let statisticCount: Int
  /// Runs of parameters in order, each with whether penalty and decay apply: to weights and
  /// embeddings, not to biases and scales.
  package let runs: [(range: Range<Int>, isPenalised: Bool)]

  /// Lays a network out.
  ///
  /// - Parameters:
  ///   - numbers: The number of plain columns.
  ///   - blocks: The widths of the 0/1 blocks with the dimension of each one's embedding, 0 for none.
  ///   - hidden: The units of each hidden layer.
  ///   - activation: That of the hidden layers.
  ///   - output: That of the output unit.
  ///   - dropout: The share that dropout sets to zero after each hidden layer.
  ///   - isNormalised: Whether hidden layers have batch normalisation.
  package init(
    numbers: Int, blocks: [(width: Int, dimension: Int)], hidden: [Int], activation: Activation,
    output: Activation, dropout: Double = 0, isNormalised: Bool = false
  ) {
    self.numbers = numbers
    var place = 0
    var runs: [(range: Range<Int>, isPenalised: Bool)] = []
    func take(_ count: Int, isPenalised: Bool) -> Range<Int> {
      let range = place..<place + count
      place += count
      if count > 0 { runs.append((range, isPenalised)) }
      return range
    }
    let inputs = numbers + blocks.reduce(0) { $0 + $1.dimension }
    var embedded = numbers
    var direct = inputs
    var placed: [Block] = []
    for (width, dimension) in blocks {
      let table = take(width * dimension, isPenalised: true)
      placed.append(
        Block(
          width: width, dimension: dimension, table: table,
          firstRow: dimension > 0 ? embedded : direct))
      if dimension > 0 { embedded += dimension } else { direct += width }
    }
    self.blocks = placed
    var layers: [Layer] = []
    var statistics = 0
    for (l, units) in (hidden + [1]).enumerated() {
      let isLast = l == hidden.count
      let dense = layers.last?.units ?? inputs
      let rows = l == 0 ? direct : dense
      let weights = take(rows * units, isPenalised: true)
      let biases = take(units, isPenalised: false)
      let scales = take(!isLast && isNormalised ? units : 0, isPenalised: false)
      layers.append(
        Layer(
          inputs: dense, rows: rows, units: units, activation: isLast ? output : activation,
          dropout: isLast ? 0 : dropout, weights: weights, biases: biases, scales: scales,
          statistics: statistics))
      statistics += scales.count
    }
    self.layers = layers
    self.runs = runs
    parameterCount = place
    statisticCount = statistics
  }

  /// The inputs of the first layer that are multiplied: numbers and embeddings.
  package var inputWidth: Int { layers.first?.inputs ?? 0 }

  /// Whether a block has an embedding.
  package var hasEmbeddings: Bool { blocks.contains { $0.dimension > 0 } }

  /// The number of 0/1 and plain columns together.
  package var columnCount: Int { blocks.reduce(numbers) { $0 + $1.width } }

  package static func == (a: NetworkPlan, b: NetworkPlan) -> Bool {
    a.numbers == b.numbers && a.blocks == b.blocks && a.layers == b.layers
  }
}
