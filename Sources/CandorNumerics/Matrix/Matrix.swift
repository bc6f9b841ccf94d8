/// A dense matrix of `Double` in row-major order: the element at row `r` and column `c` is
/// `values[r * columns + c]`.
///
/// The storage is a plain array: `let values = matrix.values` is free, and `values.span` hands it
/// to a kernel without a copy.
@frozen
public struct Matrix: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The elements, row after row; always `rows * columns` of them.
  @inlinable
  public var values: [Double] { storage }
  @usableFromInline var storage: [Double]

  /// Makes a matrix whose elements all have one value.
  @inlinable
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.rows = max(rows, 0)
    self.columns = max(columns, 0)
    self.storage = Array(repeating: value, count: max(rows, 0) * max(columns, 0))
  }

  /// Takes row-major storage as it is, and throws where its length is not `rows * columns`.
  public init(rows: Int, columns: Int, values: [Double]) throws(LinearAlgebraError) {
    guard rows >= 0, columns >= 0, values.count == rows * columns else {
      throw .shapeMismatch("\(values.count) elements for \(rows) rows of \(columns)")
    }
    self.rows = rows
    self.columns = columns
    self.storage = values
  }

  /// Fills a matrix by a function of row and column; O(rows · columns) calls.
  @inlinable
  public init(rows: Int, columns: Int, _ element: (Int, Int) throws -> Double) rethrows {
    self.init(rows: rows, columns: columns)
    for r in 0..<self.rows {
      for c in 0..<self.columns { storage[r * self.columns + c] = try element(r, c) }
    }
  }

  /// The element at row `r` and column `c`.
  @inlinable
  public subscript(r: Int, c: Int) -> Double {
    get { storage[r * columns + c] }
    set { storage[r * columns + c] = newValue }
  }

  /// One row, as a slice of the storage (its indices are those of `values`).
  @inlinable
  public func row(_ r: Int) -> ArraySlice<Double> { storage[r * columns..<(r + 1) * columns] }

  /// One column, copied.
  public func column(_ c: Int) -> [Double] { (0..<rows).map { storage[$0 * columns + c] } }

  /// Replaces row `r`; surplus elements are ignored and missing ones left as they were.
  @inlinable
  public mutating func setRow(_ r: Int, to elements: some Sequence<Double>) {
    var position = r * columns
    let end = position + columns
    for element in elements where position < end {
      storage[position] = element
      position += 1
    }
  }

  /// Lends the storage to a function that may change elements but not their number.
  @inlinable
  public mutating func withMutableValues<Result>(
    _ body: (inout MutableSpan<Double>) throws -> Result
  ) rethrows -> Result {
    var span = storage.mutableSpan
    return try body(&span)
  }

  /// The rows at these positions, in this order, copied.
  public func selecting(rows positions: [Int]) -> Matrix {
    var result = Matrix(rows: positions.count, columns: columns)
    result.storage.removeAll(keepingCapacity: true)
    for position in positions { result.storage.append(contentsOf: row(position)) }
    return result
  }

  /// The columns at these positions, in this order, copied.
  public func selecting(columns positions: [Int]) -> Matrix {
    Matrix(rows: rows, columns: positions.count) { self[$0, positions[$1]] }
  }

  /// The transpose, copied.
  public var transposed: Matrix { Matrix(rows: columns, columns: rows) { self[$1, $0] } }
}
