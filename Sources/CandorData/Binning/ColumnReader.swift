import CandorNumerics

/// Reads parts of single encoded columns out of dense or compact rows, without a dense matrix.
package struct ColumnReader: Sendable {
  private let rows: EncodedRows
  /// Of compact rows: the block of each column, and the column's place in the block.
  private let blocks: [Int32]
  private let places: [Int32]

  /// Finds where every column stands; O(columns).
  package init(_ rows: EncodedRows) {
    self.rows = rows
    var blocks: [Int32] = []
    var places: [Int32] = []
    if case .compact(let parts) = rows.storage {
      for (block, part) in parts.enumerated() {
        for place in 0..<part.width {
          blocks.append(Int32(block))
          places.append(Int32(place))
        }
      }
    }
    self.blocks = blocks
    self.places = places
  }

  /// Copies the cells of `column` in the rows of `range` to the front of `output`.
  package func read(_ column: Int, _ range: Range<Int>, into output: inout MutableSpan<Double>) {
    switch rows.storage {
    case .dense(let matrix):
      let values = matrix.values
      BinningKernel.gather(
        values.span, from: range.lowerBound * rows.width + column, stride: rows.width,
        count: range.count, into: &output)
    case .compact(let parts):
      switch parts[Int(blocks[column])] {
      case .numbers(let numbers):
        BinningKernel.gather(
          numbers.span, from: range.lowerBound, stride: 1, count: range.count, into: &output)
      case .indicators(let marks, _):
        BinningKernel.indicate(
          marks.span, place: places[column], from: range.lowerBound, count: range.count,
          into: &output)
      }
    }
  }

  /// The cells of `column` in these rows.
  func cells(_ column: Int, rows positions: [Int]) -> [Double] {
    switch rows.storage {
    case .dense(let matrix):
      let values = matrix.values
      let width = rows.width
      return positions.map { values[$0 * width + column] }
    case .compact(let parts):
      switch parts[Int(blocks[column])] {
      case .numbers(let numbers): return positions.map { numbers[$0] }
      case .indicators(let marks, _):
        let place = places[column]
        return positions.map { marks[$0] == place ? 1 : 0 }
      }
    }
  }

  /// All cells of a column.
  func cells(_ column: Int) -> [Double] {
    var cells = [Double](repeating: 0, count: rows.count)
    var span = cells.mutableSpan
    read(column, 0..<rows.count, into: &span)
    return cells
  }

  /// Whether a cell of these rows is infinite; compact 0/1 columns never are.
  package func hasInfinity(in range: Range<Int>) -> Bool {
    switch rows.storage {
    case .dense(let matrix):
      let width = rows.width
      let values = matrix.values
      return BinningKernel.hasInfinity(
        values.span, from: range.lowerBound * width, to: range.upperBound * width)
    case .compact(let parts):
      for part in parts {
        if case .numbers(let numbers) = part,
          BinningKernel.hasInfinity(numbers.span, from: range.lowerBound, to: range.upperBound)
        {
          return true
        }
      }
      return false
    }
  }
}
