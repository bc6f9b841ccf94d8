import CandorNumerics

/// Rows whose cells are replaced by bins, a byte a cell, row after row.
///
/// Trees search their splits on it. Of a column of numbers, `value <= edges[column][b]` is the same
/// as `bin <= b`, and there are 255 bins at most; of a column of level codes the bin is the code.
/// The bin 255 is that of missing cells (NaN), and of codes that are none of the column's levels.
/// Row weights play no part.
@frozen
public struct BinnedMatrix: Sendable, Equatable {
  /// The most bins that a column's numbers can have, and the most levels of a column of codes.
  public static let binLimit = 255
  /// The bin of missing cells.
  public static let missingBin: UInt8 = 255

  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// How far the first cells of neighbouring rows are apart: the columns and some filling.
  public let stride: Int
  /// The bins; the cell at row `r` and column `c` is `values[r * stride + c]`.
  public let values: [UInt8]
  /// The inner edges of every column of numbers, strictly rising, one fewer than its bins; none for
  /// a column of level codes.
  public let edges: [[Double]]
  /// The number of levels of every column that holds level codes.
  public let levelCounts: [Int: Int]

  /// Bins training rows.
  ///
  /// A column of no more than `maximumBins` distinct numbers gets a bin for each; others get bins of
  /// about equally many rows. An edge is the midpoint between neighbouring distinct values. Where
  /// there are more than 262,144 rows the edges are those of so many rows, one drawn at random from
  /// each of as many equal stretches. O(rows) a column after a radix sort, in parts: never a dense
  /// matrix of compact rows. The result does not depend on the number of threads.
  ///
  /// - Parameters:
  ///   - rows: The training rows.
  ///   - levelCounts: The columns that hold level codes and their numbers of levels, 255 at most.
  ///   - maximumBins: At most so many bins a column of numbers; taken into 2 to 255.
  ///   - threads: At most so many threads.
  public init(
    _ rows: EncodedRows, levelCounts: [Int: Int] = [:], maximumBins: Int = BinnedMatrix.binLimit,
    threads: Int = 1
  ) {
    let limit = min(max(maximumBins, 2), Self.binLimit)
    let reader = ColumnReader(rows)
    let sample = Self.sample(of: rows.count)
    let edges = Parallel.map(count: rows.width, threads: threads) { column -> [Double] in
      if levelCounts[column] != nil { return [] }
      let cells = sample.map { reader.cells(column, rows: $0) } ?? reader.cells(column)
      return QuantileBins.fit(cells, maximumBins: limit).edges
    }
    self.init(rows, edges: edges, levelCounts: levelCounts, threads: threads)
  }

  /// Bins rows by edges that are known, for example those of a fitted forest.
  ///
  /// - Parameters:
  ///   - rows: The rows; as many columns as there are lists of edges.
  ///   - edges: Strictly rising edges, at most 254 a column.
  ///   - levelCounts: The columns that hold level codes and their numbers of levels, 255 at most.
  ///   - threads: At most so many threads.
  public init(
    _ rows: EncodedRows, edges: [[Double]], levelCounts: [Int: Int] = [:], threads: Int = 1
  ) {
    // Scorers check the width of their input with an error before they come here.
    precondition(edges.count == rows.width, "one list of edges a column")
    let reader = ColumnReader(rows)
    let columns = rows.width
    // Whole groups of eight bytes, so that kernels can copy a row word by word.
    let stride = max((columns + 7) / 8 * 8, 8)
    let blocks = Parallel.blocks(of: rows.count, size: 1024)
    let parts = Parallel.map(count: blocks.count, threads: threads) { index -> [UInt8] in
      let range = blocks[index]
      var part = [UInt8](repeating: 0, count: range.count * stride)
      var numbers = [Double](repeating: 0, count: range.count)
      var bins = [UInt8](repeating: 0, count: range.count)
      var target = part.mutableSpan
      for column in 0..<columns {
        var cells = numbers.mutableSpan
        reader.read(column, range, into: &cells)
        var binned = bins.mutableSpan
        let cuts = edges[column]
        Self.assign(
          numbers.span, count: range.count, edges: cuts.span,
          levels: levelCounts[column], into: &binned)
        BinningKernel.scatter(
          bins.span, count: range.count, from: column, stride: stride, into: &target)
      }
      return part
    }
    self.rows = rows.count
    self.columns = columns
    self.stride = stride
    self.edges = edges
    self.levelCounts = levelCounts
    var values: [UInt8] = []
    values.reserveCapacity(rows.count * stride)
    for part in parts { values.append(contentsOf: part) }
    self.values = values
  }

  /// Bins the first `count` numbers of a column by its edges, or as codes of so many levels.
  package static func assign(
    _ numbers: Span<Double>, count: Int, edges: Span<Double>, levels: Int?,
    into bins: inout MutableSpan<UInt8>
  ) {
    if let levels {
      BinningKernel.assignLevels(numbers, count: count, levels: levels, into: &bins)
    } else {
      BinningKernel.assign(numbers, count: count, edges: edges, into: &bins)
    }
  }

  /// The rows whose cells decide on the edges; nil for all.
  private static func sample(of rows: Int) -> [Int]? {
    let wanted = 1 << 18
    guard rows > wanted else { return nil }
    var generator = SeedTree(seed: 0).child("bin edges").generator()
    return (0..<wanted).map { part in
      let first = part * rows / wanted
      return first + generator.nextInteger(below: (part + 1) * rows / wanted - first)
    }
  }

  /// The bin of a cell.
  @inlinable
  public subscript(row: Int, column: Int) -> UInt8 { values[row * stride + column] }

  /// The number of bins of a column, that of missing cells apart.
  @inlinable
  public func binCount(_ column: Int) -> Int { levelCounts[column] ?? (edges[column].count + 1) }

  /// Other rows of the same columns, binned by the same edges.
  public func bins(of other: EncodedRows, threads: Int = 1) -> BinnedMatrix {
    BinnedMatrix(other, edges: edges, levelCounts: levelCounts, threads: threads)
  }
}
