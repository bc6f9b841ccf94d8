import CandorData
import CandorNumerics
import CandorScoring

/// Where the curves of single rows come from: the margins of every row with the columns of one player
/// set to each point of a grid.
struct CurveSource: Sendable {
  /// The ways to compute the same margins.
  enum Way: Sendable {
    /// Every changed row is scored.
    case scoring
    /// One walk a row and tree for all points of all players.
    case trees(TreeEffectTables)
    /// One term a column: nothing is scored twice.
    case additive(any AdditiveScorer)
  }

  /// The scorer.
  let scorer: any Scorer
  /// How.
  let way: Way

  /// Rows of one batch of changed rows: enough for any scorer, few enough to stay small.
  private static let batchRows = 8192
  /// Rows of one block of walks: their differences stay in the second-level cache.
  private static let blockRows = 64

  /// The margins: rows × all points, grid after grid.
  ///
  /// Trees: O(rows · trees · depth²) whatever the number of points. Additive: O(rows · points).
  /// Otherwise rows · points scored rows. A row's margins do not depend on the other rows or the
  /// threads.
  ///
  /// - Parameters:
  ///   - rows: Dense rows of the scorer's width.
  ///   - grids: Grids of players that share no column.
  ///   - threads: At most so many threads.
  /// - Returns: One row a row, one column a point.
  /// - Throws: `ExplanationError` where the scorer refuses rows, or values of a grid.
  func margins(
    of rows: EncodedRows, grids: [GridColumns], threads: Int
  ) throws(ExplanationError) -> Matrix {
    try check(rows, grids: grids)
    let count = grids.reduce(0) { $0 + $1.count }
    guard count > 0, rows.count > 0 else { return Matrix(rows: rows.count, columns: count) }
    let matrix = rows.matrix
    let parts: [[Double]]
    switch way {
    case .trees(let tables):
      let plan = TreeEffectPlan(tables, grids: grids)
      let blocks = Parallel.blocks(of: rows.count, size: Self.blockRows)
      parts = Parallel.map(count: blocks.count, threads: threads) {
        Self.walk(matrix, rows: blocks[$0], tables: tables, plan: plan)
      }
    case .additive(let additive):
      let blocks = Parallel.blocks(of: rows.count, size: Self.batchRows)
      let changes = try grids.map { grid throws(ExplanationError) in
        try Self.terms(of: grid, like: matrix.row(0), additive: additive)
      }
      parts = try Parallel.map(count: blocks.count, threads: threads) {
        index throws(ExplanationError) -> [Double] in
        try Self.sum(
          rows.rows(in: blocks[index]), grids: grids, changes: changes, additive: additive)
      }
    case .scoring:
      let size = max(1, Self.batchRows / count)
      let blocks = Parallel.blocks(of: rows.count, size: size)
      parts = try Parallel.map(count: blocks.count, threads: threads) {
        index throws(ExplanationError) -> [Double] in
        try score(matrix, rows: blocks[index], grids: grids)
      }
    }
    var values: [Double] = []
    values.reserveCapacity(rows.count * count)
    for part in parts { values.append(contentsOf: part) }
    do throws(LinearAlgebraError) {
      return try Matrix(rows: rows.count, columns: count, values: values)
    } catch {
      throw ExplanationError(numerical: error)
    }
  }

  /// Checks rows and grids as a scorer would check the rows that they make.
  private func check(_ rows: EncodedRows, grids: [GridColumns]) throws(ExplanationError) {
    do throws(ScoringError) {
      try scorer.checkInput(rows, places: rows.count)
    } catch {
      throw ExplanationError(error)
    }
    for grid in grids {
      for cell in grid.encoded.values where !cell.isFinite {
        guard cell.isNaN, scorer.acceptsMissing else {
          throw ExplanationError(
            .unsupported,
            "A grid has the encoded value \(cell), which the model does not take; the encoder must "
              + "fill missing cells first.")
        }
      }
    }
  }

  /// Scores every row of a range with every point.
  private func score(
    _ matrix: Matrix, rows: Range<Int>, grids: [GridColumns]
  ) throws(ExplanationError) -> [Double] {
    let count = grids.reduce(0) { $0 + $1.count }
    let width = matrix.columns
    var batch = Matrix(rows: rows.count * count, columns: width)
    let source = matrix.values
    batch.withMutableValues { output in
      var start = 0
      for row in rows {
        for grid in grids {
          for point in 0..<grid.count {
            for column in 0..<width { output[start + column] = source[row * width + column] }
            for (position, column) in grid.columns.enumerated() {
              output[start + column] = grid.encoded[point, position]
            }
            start += width
          }
        }
      }
    }
    do throws(ScoringError) {
      return try scorer.margins(of: EncodedRows(batch))
    } catch {
      throw ExplanationError(error)
    }
  }

  /// The sum of a player's terms at each point of its grid.
  private static func terms(
    of grid: GridColumns, like row: ArraySlice<Double>, additive: any AdditiveScorer
  ) throws(ExplanationError) -> [Double] {
    let first = row.startIndex
    var rows = Matrix(rows: grid.count, columns: row.count) { row[first + $1] }
    for point in 0..<grid.count {
      for (position, column) in grid.columns.enumerated() {
        rows[point, column] = grid.encoded[point, position]
      }
    }
    do throws(ScoringError) {
      let terms = try additive.terms(of: EncodedRows(rows))
      return (0..<grid.count).map { point in grid.columns.reduce(0) { $0 + terms[point, $1] } }
    } catch {
      throw ExplanationError(error)
    }
  }

  /// Margins of rows without a player's own terms and with those of each point.
  private static func sum(
    _ rows: EncodedRows, grids: [GridColumns], changes: [[Double]], additive: any AdditiveScorer
  ) throws(ExplanationError) -> [Double] {
    let terms: Matrix
    do throws(ScoringError) {
      terms = try additive.terms(of: rows)
    } catch {
      throw ExplanationError(error)
    }
    var result: [Double] = []
    result.reserveCapacity(rows.count * changes.reduce(0) { $0 + $1.count })
    for row in 0..<rows.count {
      for (grid, change) in zip(grids, changes) {
        // Summed anew without the player's columns, so that nothing cancels.
        var rest = additive.constantTerm
        for column in 0..<terms.columns where !grid.columns.contains(column) {
          rest += terms[row, column]
        }
        for term in change { result.append(rest + term) }
      }
    }
    return result
  }

  /// Walks a block of rows through all trees.
  private static func walk(
    _ matrix: Matrix, rows: Range<Int>, tables: TreeEffectTables, plan: TreeEffectPlan
  ) -> [Double] {
    let ranks = tables.ranks(of: matrix, rows: rows)
    var path = [Int32](repeating: 0, count: tables.depth)
    var stackNodes = path
    var stackMasks = [UInt64](repeating: 0, count: tables.depth)
    var alive = [UInt64](repeating: 0, count: plan.parts.count)
    var sums = [Double](repeating: 0, count: rows.count)
    var differences = [Double](repeating: 0, count: rows.count * plan.slotCount)
    var pathSpan = path.mutableSpan
    var nodeSpan = stackNodes.mutableSpan
    var maskSpan = stackMasks.mutableSpan
    var aliveSpan = alive.mutableSpan
    var sumSpan = sums.mutableSpan
    var differenceSpan = differences.mutableSpan
    TreeEffectKernel.addTrees(
      tables, plan, ranks: ranks.span, rows: rows.count, path: &pathSpan, alive: &aliveSpan,
      stackNodes: &nodeSpan, stackMasks: &maskSpan, sums: &sumSpan, differences: &differenceSpan)
    var result = [Double](repeating: 0, count: rows.count * plan.pointCount)
    var output = result.mutableSpan
    for row in 0..<rows.count {
      let own = tables.baseMargin + sums[row]
      for part in plan.parts {
        TreeEffectKernel.accumulate(
          differences.span, slot: row * plan.slotCount + part.slot, count: part.count, from: own,
          at: row * plan.pointCount + part.firstPoint, into: &output)
      }
    }
    return result
  }
}
