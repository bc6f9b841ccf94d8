import CandorData
import CandorNumerics

/// The buffers and constants of tables by pattern.
struct TreePortfolio: Sendable {
  /// Applicants that share a filling of the tables; their patterns and values stay in the cache.
  static let rowBlock = 2048

  private let trees: PlayerTrees
  private let sides: BackgroundSides
  private let factors: [Double]
  private let sizes: [UInt8]
  private static let stride = TreePatternKernel.mostPlayers + 1

  init(_ trees: PlayerTrees, sides: BackgroundSides) {
    self.trees = trees
    self.sides = sides
    var factors = [Double](repeating: 0, count: Self.stride * Self.stride)
    for players in 1..<Self.stride {
      for a in 0..<players {
        factors[players * Self.stride + a] = TreeShapleyFactors.integral(a + 1, players - 1 - a)
      }
    }
    self.factors = factors
    sizes = (0..<2 << TreePatternKernel.mostPlayers).map { UInt8($0.nonzeroBitCount) }
  }

  /// The values of some rows in some trees, row after row.
  func values(of rows: Range<Int>, block: Range<Int>, cells: [Double]) -> [Double] {
    let width = trees.width
    let total = rows.count + sides.rowCount
    var columns = [Double](repeating: 0, count: total * width)
    for c in 0..<width {
      for r in 0..<rows.count {
        columns[c * total + r] = cells[(rows.lowerBound + r) * width + c]
      }
      for b in 0..<sides.rowCount {
        columns[c * total + rows.count + b] = sides.cells[b * width + c]
      }
    }
    let weights = sides.weights
    let levels = trees.depth + 1
    let most = 2 << TreePatternKernel.mostPlayers
    let players = trees.playerCount
    var patternArray = [UInt16](repeating: 0, count: levels * total)
    var sideArray = patternArray
    var frameArray = [PatternFrame](repeating: PatternFrame(), count: levels)
    var slotArray = [Int32](repeating: 0, count: max(players, TreePatternKernel.mostPlayers) + 1)
    var slotOfArray = slotArray
    var shareArray = [Double](repeating: 0, count: most)
    var otherArray = shareArray
    var tableArray = shareArray
    var byPlayer = [Double](repeating: 0, count: players * rows.count)
    var patterns = patternArray.mutableSpan
    var ways = sideArray.mutableSpan
    var frames = frameArray.mutableSpan
    var slots = slotArray.mutableSpan
    var slotOf = slotOfArray.mutableSpan
    var shares = shareArray.mutableSpan
    var other = otherArray.mutableSpan
    var table = tableArray.mutableSpan
    for tree in block {
      var found = byPlayer.mutableSpan
      TreePatternKernel.add(
        nodes: trees.nodes.span, leaves: trees.leaves.span, root: trees.roots[tree],
        depth: trees.depth, cells: columns.span, rows: rows.count, total: total,
        weights: weights.span, setStarts: trees.setStarts.span, setWords: trees.setWords.span,
        factors: factors.span, stride: Self.stride, sizes: sizes.span, patterns: &patterns,
        sides: &ways, frames: &frames, slots: &slots, slotOf: &slotOf, shares: &shares,
        other: &other, table: &table, values: &found)
    }
    var values = [Double](repeating: 0, count: players * rows.count)
    for player in 0..<players {
      for r in 0..<rows.count {
        values[r * players + player] = byPlayer[player * rows.count + r]
      }
    }
    return values
  }
}
