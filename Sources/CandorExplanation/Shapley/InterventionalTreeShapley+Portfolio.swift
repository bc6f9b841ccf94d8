public import CandorData
public import CandorNumerics
import CandorScoring

extension InterventionalTreeShapley {
  /// Exact values of the raw margin for thousands of rows: those of `marginValues` to rounding, by
  /// tables that all applicants look their values up in.
  ///
  /// A table is filled for each leaf and each two thousand rows, which pays from about a thousand rows
  /// on: O(leaves · players on the path) a row. Memory is that of the result and a few megabytes a
  /// thread, so that a stream is best given in portions of some thousands. Ensembles with more than
  /// twelve players on a path are left to `marginValues`.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: `rows × players`.
  /// - Throws: `ExplanationError.badShape` where the rows have another width.
  public func portfolioMarginValues(
    of rows: EncodedRows, threads: Int = 1
  ) throws(ExplanationError) -> Matrix {
    guard trees.mostOnPath <= TreePatternKernel.mostPlayers else {
      return try marginValues(of: rows, threads: threads)
    }
    try players.check(rows: rows)
    let cells = trees.cells(of: rows)
    let treeBlocks = trees.blocks
    let rowBlocks = Parallel.blocks(of: rows.count, size: TreePortfolio.rowBlock)
    let tables = TreePortfolio(trees, sides: sides)
    let parts = Parallel.map(count: rowBlocks.count * treeBlocks.count, threads: threads) {
      unit -> [Double] in
      tables.values(
        of: rowBlocks[unit / treeBlocks.count], block: treeBlocks[unit % treeBlocks.count],
        cells: cells)
    }
    return Matrix(
      rows: rows.count, columns: players.count,
      joining: parts, rowBlocks: rowBlocks, partsEach: treeBlocks.count)
  }
}
