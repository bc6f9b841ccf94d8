/// A sparse matrix of `Double` in compressed rows: the elements of row `r` are at the positions
/// `offsets[r]..<offsets[r + 1]` of `places` (columns, rising) and `values`.
///
/// Twelve bytes an element and eight a row. Elements that are not stored are zero.
public struct SparseMatrix: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// Where each row starts, and where the last one ends: `rows + 1` rising positions.
  public let offsets: [Int]
  /// The column of each stored element.
  public let places: [Int32]
  /// The stored elements.
  public let values: [Double]

  /// Takes compressed rows as they are; O(elements).
  ///
  /// - Parameters:
  ///   - columns: The number of columns.
  ///   - offsets: Where each row starts, and where the last one ends.
  ///   - places: The column of each element, rising within a row.
  ///   - values: The elements.
  /// - Throws: `LinearAlgebraError.shapeMismatch` where the parts do not fit each other.
  public init(
    columns: Int, offsets: [Int], places: [Int32], values: [Double]
  ) throws(LinearAlgebraError) {
    guard columns >= 0, columns <= Int(Int32.max), offsets.first == 0,
      offsets.last == values.count, places.count == values.count
    else {
      throw .shapeMismatch(
        "\(places.count) places and \(values.count) elements up to \(offsets.last ?? -1)")
    }
    for r in 0..<offsets.count - 1 {
      guard offsets[r] <= offsets[r + 1], offsets[r + 1] <= values.count else {
        throw .shapeMismatch("row \(r) from \(offsets[r]) to \(offsets[r + 1])")
      }
      var previous: Int32 = -1
      for position in offsets[r]..<offsets[r + 1] {
        guard places[position] > previous, Int(places[position]) < columns else {
          throw .shapeMismatch(
            "column \(places[position]) after \(previous) of \(columns) in row \(r)")
        }
        previous = places[position]
      }
    }
    rows = offsets.count - 1
    self.columns = columns
    self.offsets = offsets
    self.places = places
    self.values = values
  }

  /// The elements of a dense matrix that are not zero; O(rows · columns).
  public init(_ dense: Matrix) {
    var offsets = [0]
    var places: [Int32] = []
    var values: [Double] = []
    offsets.reserveCapacity(dense.rows + 1)
    for r in 0..<dense.rows {
      for (c, value) in dense.row(r).enumerated() where value != 0 {
        places.append(Int32(truncatingIfNeeded: c))
        values.append(value)
      }
      offsets.append(values.count)
    }
    rows = dense.rows
    columns = dense.columns
    self.offsets = offsets
    self.places = places
    self.values = values
  }

  /// The same matrix in dense form; O(rows · columns) bytes.
  public var dense: Matrix {
    var matrix = Matrix(rows: rows, columns: columns)
    for r in 0..<rows {
      for position in offsets[r]..<offsets[r + 1] {
        matrix[r, Int(places[position])] = values[position]
      }
    }
    return matrix
  }

  /// The number of stored elements.
  public var elementCount: Int { values.count }

  /// The rows at these positions, in this order, copied.
  public func selecting(rows positions: [Int]) -> SparseMatrix {
    var newOffsets = [0]
    var newPlaces: [Int32] = []
    var newValues: [Double] = []
    newOffsets.reserveCapacity(positions.count + 1)
    for r in positions {
      newPlaces.append(contentsOf: places[offsets[r]..<offsets[r + 1]])
      newValues.append(contentsOf: values[offsets[r]..<offsets[r + 1]])
      newOffsets.append(newValues.count)
    }
    return SparseMatrix(
      checkedColumns: columns, offsets: newOffsets, places: newPlaces, values: newValues)
  }

  /// The matrix with one more column, at the right, of one value that is not zero; O(elements).
  public func appendingColumn(repeating value: Double) -> SparseMatrix {
    var newPlaces: [Int32] = []
    var newValues: [Double] = []
    newPlaces.reserveCapacity(values.count + rows)
    newValues.reserveCapacity(values.count + rows)
    for r in 0..<rows {
      newPlaces.append(contentsOf: places[offsets[r]..<offsets[r + 1]])
      newValues.append(contentsOf: values[offsets[r]..<offsets[r + 1]])
      newPlaces.append(Int32(truncatingIfNeeded: columns))
      newValues.append(value)
    }
    return SparseMatrix(
      checkedColumns: columns + 1, offsets: offsets.enumerated().map { $0.element + $0.offset },
      places: newPlaces, values: newValues)
  }

  private init(checkedColumns: Int, offsets: [Int], places: [Int32], values: [Double]) {
    rows = offsets.count - 1
    columns = checkedColumns
    self.offsets = offsets
    self.places = places
    self.values = values
  }
}
