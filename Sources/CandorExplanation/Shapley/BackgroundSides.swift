import CandorData
import CandorNumerics

/// Which way each background row goes at each node of an ensemble: one bit, 64 rows a word.
///
/// Each tree has the rows in an order of its own, by the leaf that they reach, so that the rows of a
/// word go together for long and a walk enters few nodes for them.
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
  /// Each tree's order of the rows, tree after tree.
  let order: [Int32]

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
    let parts = Parallel.map(count: blocks.count, threads: threads) {
      block -> (masks: [UInt64], order: [Int32]) in
      let first = trees.ranges[blocks[block].lowerBound].lowerBound
      let end = trees.ranges[blocks[block].upperBound - 1].upperBound
      var part = [UInt64](repeating: 0, count: (end - first) * words)
      var order: [Int32] = []
      order.reserveCapacity(blocks[block].count * used.count)
      var span = part.mutableSpan
      for tree in blocks[block] {
        let rows = Self.order(trees, tree: tree, cells: cells, count: used.count)
        let starts = rows.map { Int($0) * trees.width }
        TreeTestKernel.fill(
          nodes: trees.nodes.span, range: trees.ranges[tree], first: first, cells: cells.span,
          starts: starts.span, width: trees.width, setStarts: trees.setStarts.span,
          setWords: trees.setWords.span, words: words, masks: &span)
        order += rows
      }
      return (part, order)
    }
    masks = parts.flatMap(\.masks)
    order = parts.flatMap(\.order)
    self.words = words
    self.cells = cells
    rows = used
    weights = used.map { given[$0] / total }
    alive = (0..<words).map { word in
      let rows = used.count - word * 64
      return rows >= 64 ? .max : (1 << UInt64(rows)) - 1
    }
  }

  /// One number a row in the order of a tree, zeros up to a whole word.
  func ordered(_ numbers: [Double], tree: Int, into result: inout [Double]) {
    for place in 0..<rowCount { result[place] = numbers[Int(order[tree * rowCount + place])] }
  }

  /// The rows by the leaf that they reach, from left to right.
  private static func order(
    _ trees: PlayerTrees, tree: Int, cells: [Double], count: Int
  ) -> [Int32] {
    var order: [Int32] = []
    order.reserveCapacity(count)
    var open: [(child: Int32, rows: [Int32])] = [(trees.roots[tree], (0..<Int32(count)).map { $0 })]
    while let (child, rows) = open.popLast() {
      guard child >= 0, rows.count > 1 else {
        order += rows
        continue
      }
      let node = trees.nodes[Int(child)]
      let sides = rows.map { row in
        TreeTestKernel.goesLeft(
          node, cells: cells.span, start: Int(row) * trees.width,
          setStarts: trees.setStarts.span, setWords: trees.setWords.span)
      }
      open.append((node.right, zip(rows, sides).filter { !$0.1 }.map(\.0)))
      open.append((node.left, zip(rows, sides).filter(\.1).map(\.0)))
    }
    return order
  }
}
