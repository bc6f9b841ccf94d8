import CandorData
import CandorNumerics

/// Which way each background row goes at each node of an ensemble: one bit, 64 rows a word.
struct BackgroundSides: Sendable {
  /// The bits of a node's rows that go left, `words` words a node.
  let masks: [UInt64]
  /// The words of a node.
  let words: Int
  /// The rows' shares of the weight.
  let weights: [Double]
  /// The rows of each word.
  let alive: [UInt64]
  /// The rows' cells, row after row.
  let cells: [Double]
  /// The rows with a weight above zero, as places in the background.
  let rows: [Int]

  /// The number of rows.
  var rowCount: Int { rows.count }

  /// Takes the rows with a weight above zero through all nodes; O(rows · nodes).
  init(_ trees: PlayerTrees, background: Background, threads: Int) {
    let given = background.weights ?? Array(repeating: 1, count: background.count)
    let used = given.indices.filter { given[$0] > 0 }
    let total = OrderedReduction.sum(given)
    let cells = trees.cells(of: background.rows.selecting(rows: used))
    let words = (used.count + 63) / 64
    let blocks = trees.blocks
    masks = Parallel.map(count: blocks.count, threads: threads) { block -> [UInt64] in
      let first = trees.ranges[blocks[block].lowerBound].lowerBound
      let range = first..<trees.ranges[blocks[block].upperBound - 1].upperBound
      var part = [UInt64](repeating: 0, count: range.count * words)
      var span = part.mutableSpan
      TreeTestKernel.fill(
        nodes: trees.nodes.span, range: range, cells: cells.span, rows: used.count,
        width: trees.width, setStarts: trees.setStarts.span, setWords: trees.setWords.span,
        words: words, masks: &span)
      return part
    }.flatMap { $0 }
    self.words = words
    self.cells = cells
    rows = used
    weights = used.map { given[$0] / total }
    alive = (0..<words).map { word in
      let rows = used.count - word * 64
      return rows >= 64 ? .max : (1 << UInt64(rows)) - 1
    }
  }
}
