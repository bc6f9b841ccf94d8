import CandorData
import CandorNumerics

/// Dense layers in `Double`, laid out to score rows one by one.
struct LayeredRowScorer: Sendable {
  private struct Layer: Sendable {
    let units: Int
    /// A row an input.
    let weights: [Double]
    let biases: [Double]
    let activation: Activation
  }

  private let width: Int
  private let layers: [Layer]

  /// Takes layers whose shapes have been checked.
  init(_ layers: [DenseLayer<Float>]) {
    width = layers.first?.inputs ?? 0
    self.layers = layers.map { layer in
      var weights = [Double](repeating: 0, count: layer.weights.count)
      for u in 0..<layer.units {
        for i in 0..<layer.inputs {
          weights[i * layer.units + u] = Double(layer.weights[u * layer.inputs + i])
        }
      }
      return Layer(
        units: layer.units, weights: weights,
        // A bias of −0 becomes +0, on which the lists of non-zero inputs rely.
        biases: layer.biases.map { Double($0) + 0 }, activation: layer.activation)
    }
  }

  /// Lists of non-zero inputs for a block of rows, and the sums of each layer for one row.
  private struct Room {
    let places: Int
    var columns: [Int32]
    var cells: [Double]
    var counts: [Int32]
    var unitColumns: [Int32]
    var unitCells: [Double]
    var sums: [[Double]]
  }

  private static let mostPlaces = 1 << 16

  private func room(_ rows: EncodedRows) -> (room: Room, block: Int) {
    let places =
      switch rows.storage {
      case .dense: width + 1
      case .compact(let blocks): blocks.count + 1
      }
    let block = max(1, min(64, rows.count, Self.mostPlaces / places))
    let units = (layers.map(\.units).max() ?? 0) + ScoringKernel.spare
    return (
      Room(
        places: places, columns: [Int32](repeating: 0, count: block * places),
        cells: [Double](repeating: 0, count: block * places),
        counts: [Int32](repeating: 0, count: block),
        unitColumns: [Int32](repeating: 0, count: units),
        unitCells: [Double](repeating: 0, count: units),
        sums: layers.map { [Double](repeating: 0, count: $0.units) }), block
    )
  }

  /// Writes one margin a row; rows have the layers' width and finite numbers.
  func margins(of rows: EncodedRows, into output: inout MutableSpan<Double>) {
    guard rows.count > 0 else { return }
    var (room, block) = room(rows)
    for range in Parallel.blocks(of: rows.count, size: block) {
      Self.list(rows, range, room.places, &room.columns, &room.cells, &room.counts)
      for r in range { output[r] = walk(r - range.lowerBound, &room) }
    }
  }

  /// The gradient of each row's margin.
  func gradients(at rows: EncodedRows) -> Matrix {
    var result = Matrix(rows: rows.count, columns: width)
    guard rows.count > 0 else { return result }
    var (room, block) = room(rows)
    var deltas = layers.map { [Double](repeating: 0, count: $0.units) }
    var gradient = [Double](repeating: 0, count: width)
    for range in Parallel.blocks(of: rows.count, size: block) {
      Self.list(rows, range, room.places, &room.columns, &room.cells, &room.counts)
      for r in range {
        _ = walk(r - range.lowerBound, &room)
        deltas[layers.count - 1][0] = 1
        for l in layers.indices.reversed() {
          if l > 0 {
            Self.passBack(layers[l].weights, deltas[l], into: &deltas[l - 1])
            Self.differentiate(layers[l - 1].activation, room.sums[l - 1], &deltas[l - 1])
          } else {
            Self.passBack(layers[0].weights, deltas[0], into: &gradient)
          }
        }
        result.setRow(r, to: gradient)
      }
    }
    return result
  }

  /// One row through all layers; the last one's sum is the margin.
  private func walk(_ row: Int, _ room: inout Room) -> Double {
    for (l, layer) in layers.enumerated() {
      if l == 0 {
        Self.layer(
          room.columns, room.cells, row * room.places, Int(room.counts[row]), layer,
          &room.sums[0])
      } else {
        let before = room.sums[l - 1]
        let count = Self.answer(
          layers[l - 1], before, &room.unitColumns, &room.unitCells)
        Self.layer(room.unitColumns, room.unitCells, 0, count, layer, &room.sums[l])
      }
    }
    return room.sums[layers.count - 1][0]
  }

  private static func list(
    _ rows: EncodedRows, _ range: Range<Int>, _ places: Int, _ columnList: inout [Int32],
    _ cellList: inout [Double], _ countList: inout [Int32]
  ) {
    let (first, count) = (range.lowerBound, range.count)
    var columns = columnList.mutableSpan
    var cells = cellList.mutableSpan
    var counts = countList.mutableSpan
    switch rows.storage {
    case .dense(let matrix):
      let values = matrix.values
      ScoringKernel.list(
        dense: values.span, width: matrix.columns, first: first, rows: count, room: places,
        columns: &columns, cells: &cells, counts: &counts)
    case .compact(let blocks):
      for r in 0..<count { counts[r] = 0 }
      var column = 0
      for block in blocks {
        switch block {
        case .numbers(let numbers):
          ScoringKernel.list(
            numbers: numbers.span, column: column, first: first, rows: count, room: places,
            columns: &columns, cells: &cells, counts: &counts)
        case .indicators(let codes, _):
          ScoringKernel.list(
            codes: codes.span, column: column, first: first, rows: count, room: places,
            columns: &columns, cells: &cells, counts: &counts)
        }
        column += block.width
      }
    }
  }

  private static func layer(
    _ columns: [Int32], _ cells: [Double], _ first: Int, _ count: Int, _ layer: Layer,
    _ sums: inout [Double]
  ) {
    var span = sums.mutableSpan
    ScoringKernel.layer(
      columns: columns.span, cells: cells.span, from: first, count: count,
      weights: layer.weights.span, biases: layer.biases.span, into: &span)
  }

  private static func answer(
    _ layer: Layer, _ sums: [Double], _ columns: inout [Int32], _ cells: inout [Double]
  ) -> Int {
    var columnSpan = columns.mutableSpan
    var cellSpan = cells.mutableSpan
    return ScoringKernel.answer(
      layer.activation, sums: sums.span, units: layer.units, columns: &columnSpan,
      cells: &cellSpan)
  }

  private static func passBack(
    _ weights: [Double], _ deltas: [Double], into target: inout [Double]
  ) {
    let inputs = target.count
    var span = target.mutableSpan
    OutputKernel.margins(
      inputs: weights.span, rows: inputs, weights: deltas.span, bias: 0, into: &span)
  }

  private static func differentiate(
    _ activation: Activation, _ sums: [Double], _ deltas: inout [Double]
  ) {
    var span = deltas.mutableSpan
    ScoringKernel.differentiate(activation, sums: sums.span, deltas: &span)
  }
}
