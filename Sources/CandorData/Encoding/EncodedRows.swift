public import CandorNumerics

/// Rows as a scorer sees them, one column an encoded column: dense in row-major order, or compact in
/// blocks of columns, where a one-hot feature costs four bytes a row whatever its levels.
///
/// Both forms say the same; scorers and learners take either, and `matrix` gives the dense one. Level
/// codes and missing cells (NaN) stand only in rows encoded for a family that takes them as they
/// are.
@frozen
public struct EncodedRows: Sendable, Equatable {
  /// One or several neighbouring encoded columns in compact form.
  @frozen
  public enum Block: Sendable, Equatable {
    /// One encoded column, a number a row.
    case numbers([Double])
    /// `width` encoded columns of zeros with a single one at most: its place in each row, -1 where
    /// there is none.
    case indicators([Int32], width: Int)

    /// The number of encoded columns.
    @inlinable
    public var width: Int {
      switch self {
      case .numbers: 1
      case .indicators(_, let width): width
      }
    }

    /// The number of rows.
    @inlinable
    public var count: Int {
      switch self {
      case .numbers(let numbers): numbers.count
      case .indicators(let places, _): places.count
      }
    }
  }

  /// The two forms.
  @frozen
  public enum Storage: Sendable, Equatable {
    case dense(Matrix)
    case compact([Block])
  }

  /// The rows in the form in which they were made.
  public let storage: Storage
  /// The number of rows.
  public let count: Int
  /// The number of encoded columns.
  public let width: Int

  /// Wraps dense encoded values.
  @inlinable
  public init(_ matrix: Matrix) {
    storage = .dense(matrix)
    count = matrix.rows
    width = matrix.columns
  }

  /// Joins blocks, from the left encoded column to the right; O(rows) a block.
  ///
  /// - Parameters:
  ///   - blocks: The blocks, each with a cell for every row.
  ///   - count: The number of rows.
  /// - Throws: `DataError` where a block has another number of rows, or a place lies outside its
  ///   block.
  public init(blocks: [Block], count: Int) throws(DataError) {
    for block in blocks {
      guard block.count == count else {
        throw DataError(
          .shapeMismatch, "a block of encoded columns has \(block.count) rows instead of \(count)")
      }
      if case .indicators(let places, let width) = block,
        let place = places.first(where: { $0 < -1 || Int($0) >= width })
      {
        throw DataError(.shapeMismatch, "place \(place) lies outside \(width) 0/1 columns")
      }
    }
    self.init(checked: blocks, count: count)
  }

  /// Joins blocks that are known to fit.
  init(checked blocks: [Block], count: Int) {
    storage = .compact(blocks)
    self.count = count
    width = blocks.reduce(0) { $0 + $1.width }
  }

  /// The rows as a dense matrix: free where they are dense, O(rows · width) where they are compact.
  /// Ask once, not in a loop.
  public var matrix: Matrix {
    switch storage {
    case .dense(let matrix): return matrix
    case .compact(let blocks):
      var matrix = Matrix(rows: count, columns: width)
      let columns = width
      matrix.withMutableValues { output in
        var start = 0
        for block in blocks {
          switch block {
          case .numbers(let numbers):
            for i in numbers.indices { output[i * columns + start] = numbers[i] }
          case .indicators(let places, _):
            for i in places.indices where places[i] >= 0 {
              output[i * columns + start + Int(places[i])] = 1
            }
          }
          start += block.width
        }
      }
      return matrix
    }
  }

  /// The same rows in dense form.
  public var dense: EncodedRows { EncodedRows(matrix) }

  /// The rows at these positions, in this order, copied, in the same form.
  public func selecting(rows: [Int]) -> EncodedRows {
    switch storage {
    case .dense(let matrix): return EncodedRows(matrix.selecting(rows: rows))
    case .compact(let blocks):
      let selected: [Block] = blocks.map { block in
        switch block {
        case .numbers(let numbers): .numbers(rows.map { numbers[$0] })
        case .indicators(let places, let width):
          .indicators(rows.map { places[$0] }, width: width)
        }
      }
      return EncodedRows(checked: selected, count: rows.count)
    }
  }

  /// The first cell, in the order of the rows, that `isRefused` refuses: O(rows · width), 0/1 blocks
  /// apart.
  package func firstCell(
    where isRefused: (Double) -> Bool
  ) -> (row: Int, column: Int, value: Double)? {
    switch storage {
    case .dense(let matrix):
      guard let place = matrix.values.firstIndex(where: isRefused) else { return nil }
      return (place / max(width, 1), place % max(width, 1), matrix.values[place])
    case .compact(let blocks):
      var found: (row: Int, column: Int, value: Double)?
      var start = 0
      for block in blocks {
        if case .numbers(let numbers) = block, let row = numbers.firstIndex(where: isRefused),
          found.map({ row < $0.row }) ?? true
        {
          found = (row, start, numbers[row])
        }
        start += block.width
      }
      return found
    }
  }
}
