public import CandorNumerics

/// A matrix whose numbers are replaced by bins of at most 256 a column, a byte a cell, column after
/// column.
///
/// Trees search their splits on it: for every cell and every edge of its column,
/// `value <= edges[column][b]` is the same as `bin <= b`. Row weights play no part.
@frozen
public struct BinnedMatrix: Sendable, Equatable {
  /// The most bins that a column can have.
  public static let binLimit = 256

  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The bins; the cell at row `r` and column `c` is `values[c * rows + r]`.
  public let values: [UInt8]
  /// The inner edges of every column, strictly rising, one fewer than its bins.
  public let edges: [[Double]]

  /// Bins a training matrix.
  ///
  /// A column of no more than `maximumBins` distinct values gets a bin for each; others get bins of
  /// about equally many rows. An edge is the midpoint between neighbouring distinct values. O(rows)
  /// a column after a radix sort. The result does not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - matrix: The training rows; a NaN takes no part in the edges and goes to the last bin.
  ///   - maximumBins: At most so many bins a column; taken into 2 to 256.
  ///   - threads: At most so many threads, a column each.
  public init(_ matrix: Matrix, maximumBins: Int = BinnedMatrix.binLimit, threads: Int = 1) {
    let limit = min(max(maximumBins, 2), Self.binLimit)
    let edges = Parallel.map(count: matrix.columns, threads: threads) { column in
      QuantileBins.fit(matrix.column(column), maximumBins: limit).edges
    }
    self.init(matrix, edges: edges, threads: threads)
  }

  /// Bins a matrix by edges that are known, for example those of a fitted forest.
  ///
  /// - Parameters:
  ///   - matrix: The rows; as many columns as there are lists of edges.
  ///   - edges: Strictly rising edges, at most 255 a column.
  ///   - threads: At most so many threads, a column each.
  public init(_ matrix: Matrix, edges: [[Double]], threads: Int = 1) {
    // Scorers check the width of their input with an error before they come here.
    precondition(edges.count == matrix.columns, "one list of edges a column")
    let rows = matrix.rows
    let columns = Parallel.map(count: matrix.columns, threads: threads) { column -> [UInt8] in
      let numbers = matrix.column(column)
      let cuts = edges[column]
      var bins = [UInt8](repeating: 0, count: rows)
      var target = bins.mutableSpan
      BinningKernel.assign(numbers.span, edges: cuts.span, into: &target)
      return bins
    }
    self.rows = rows
    self.columns = matrix.columns
    self.edges = edges
    var values: [UInt8] = []
    values.reserveCapacity(rows * matrix.columns)
    for column in columns { values.append(contentsOf: column) }
    self.values = values
  }

  /// The bin of a cell.
  @inlinable
  public subscript(row: Int, column: Int) -> UInt8 { values[column * rows + row] }

  /// The bins of a column, as a slice of the storage.
  @inlinable
  public func column(_ column: Int) -> ArraySlice<UInt8> {
    values[column * rows..<(column + 1) * rows]
  }

  /// The number of bins of a column.
  @inlinable
  public func binCount(_ column: Int) -> Int { edges[column].count + 1 }

  /// Other rows of the same columns, binned by the same edges.
  public func bins(of other: Matrix, threads: Int = 1) -> BinnedMatrix {
    BinnedMatrix(other, edges: edges, threads: threads)
  }
}
