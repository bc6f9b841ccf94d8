import CandorData
import CandorNumerics
import CandorScoring

/// One tree as grown: nodes level by level, so that the k-th inner node's children stand at
/// `2 k + 1` and `2 k + 2`, and structure needs no pointers.
struct GrownTree: Sendable, Equatable {
  /// At an inner node `column · 256 + bin` (a row goes left where its bin is at most that), at a
  /// leaf -1.
  var codes: [Int32] = []
  /// The weight of the drawn rows in each leaf, in the order of the nodes.
  var leafCover: [Double] = []
  /// The weight of the drawn bad rows in each leaf.
  var leafBad: [Double] = []
}

/// What all trees of a forest share while they grow.
struct GrowingGround: Sendable {
  /// The rows in bins.
  let binned: BinnedMatrix
  /// The number of rows.
  let rows: Int
  /// The number of encoded columns.
  let columns: Int
  /// Whether each row is bad.
  let isBad: [Bool]
  /// One weight a row, or empty where every row counts one.
  let rowWeights: [Double]
  /// The options.
  let options: ForestOptions
}

/// Grows one tree, depth first, on rows drawn for it.
///
/// Columns are drawn without replacement until enough of them vary among the node's rows; columns
/// found constant are not looked at again further down. Breiman, "Random forests", 2001,
/// doi:10.1023/A:1010933404324.
struct TreeGrower<Impurity: SplitImpurity> {
  private let ground: GrowingGround
  private let impurity: Impurity
  private var generator: CounterGenerator
  private var entries: [UInt64]
  private var columns: [Int]

  private struct Node {
    var column = -1
    var bin: UInt8 = 0
    var left = -1
    var totals: NodeTotals
  }

  private struct Task {
    let node: Int
    let from: Int
    let to: Int
    let depth: Int
    let constants: Int
  }

  /// Prepares to grow on rows drawn as often as `draws` says.
  init(
    ground: GrowingGround, impurity: Impurity, draws: [UInt16], generator: CounterGenerator
  ) {
    self.ground = ground
    self.impurity = impurity
    self.generator = generator
    var entries: [UInt64] = []
    entries.reserveCapacity(ground.rows)
    let weights = ground.rowWeights
    for (row, count) in draws.enumerated() where count > 0 {
      if !weights.isEmpty, weights[row] == 0 { continue }
      entries.append(
        HistogramKernel.entry(row: row, draws: Int(count), isBad: ground.isBad[row]))
    }
    self.entries = entries
    columns = Array(0..<ground.columns)
  }

  /// Grows the tree.
  mutating func grow() -> GrownTree {
    let options = ground.options
    let wanted = options.featuresPerSplit.number(of: ground.columns)
    let maximumDepth = options.maximumDepth ?? Int.max
    var scratch = [UInt64](repeating: 0, count: entries.count)
    var histogram = [UInt64](repeating: 0, count: 256)
    var touched = [UInt64](repeating: 0, count: 4)
    var weights = [Double](repeating: 0, count: ground.rowWeights.isEmpty ? 0 : 512)
    var nodes = [Node(totals: totals(from: 0, to: entries.count))]
    var stack = [Task(node: 0, from: 0, to: entries.count, depth: 0, constants: 0)]
    while let task = stack.popLast() {
      let totals = nodes[task.node].totals
      guard totals.count >= 2 * options.minimumLeaf, totals.good > 0, totals.bad > 0,
        task.depth < maximumDepth
      else { continue }
      var constants = task.constants
      let best = bestSplit(
        of: task, totals: totals, wanted: wanted, constants: &constants, histogram: &histogram,
        touched: &touched, weights: &weights)
      guard best.column >= 0 else { continue }
      let middle = partition(task, by: best, scratch: &scratch)
      // Real weights are summed anew: what subtraction leaves could be a rounding error.
      let weighted = !ground.rowWeights.isEmpty
      let leftTotals = weighted ? self.totals(from: task.from, to: middle) : best.left
      let rightTotals =
        weighted
        ? self.totals(from: middle, to: task.to)
        : NodeTotals(
          count: totals.count - best.left.count, good: totals.good - best.left.good,
          bad: totals.bad - best.left.bad)
      nodes[task.node].column = best.column
      nodes[task.node].bin = best.bin
      nodes[task.node].left = nodes.count
      let left = nodes.count
      nodes.append(Node(totals: leftTotals))
      nodes.append(Node(totals: rightTotals))
      stack.append(
        Task(
          node: left + 1, from: middle, to: task.to, depth: task.depth + 1, constants: constants))
      stack.append(
        Task(
          node: left, from: task.from, to: middle, depth: task.depth + 1, constants: constants))
    }
    return levelled(nodes)
  }

  private func totals(from: Int, to: Int) -> NodeTotals {
    var totals = NodeTotals(count: 0, good: 0, bad: 0)
    let weights = ground.rowWeights
    for entry in entries[from..<to] {
      let draws = Int(entry & 0xFFFF)
      let row = HistogramKernel.row(entry)
      totals.count += draws
      let weight = weights.isEmpty ? Double(draws) : Double(draws) * weights[row]
      if ground.isBad[row] { totals.bad += weight } else { totals.good += weight }
    }
    return totals
  }

  private mutating func bestSplit(
    of task: Task, totals: NodeTotals, wanted: Int, constants: inout Int,
    histogram: inout [UInt64], touched: inout [UInt64], weights: inout [Double]
  ) -> SplitCandidate {
    var best = SplitCandidate()
    let binsArray = ground.binned.values
    let weightsArray = ground.rowWeights
    let bins = binsArray.span
    let minimumLeaf = ground.options.minimumLeaf
    var looked = 0
    var end = columns.count
    // The constant columns stand before `constants`, the columns looked at behind `end`.
    while looked < wanted, end > constants {
      let position = constants + generator.nextInteger(below: end - constants)
      let column = columns[position]
      let offset = column * ground.rows
      var cells = histogram.mutableSpan
      var bits = touched.mutableSpan
      HistogramKernel.addCounts(
        entries: entries.span, from: task.from, to: task.to, bins: bins, offset: offset,
        histogram: &cells, touched: &bits)
      var sums = weights.mutableSpan
      if !weightsArray.isEmpty {
        HistogramKernel.addWeights(
          entries: entries.span, from: task.from, to: task.to, bins: bins, offset: offset,
          rowWeights: weightsArray.span, weights: &sums)
      }
      let varies = SplitSearch.scan(
        column: column, totals: totals, minimumLeaf: minimumLeaf, impurity: impurity,
        histogram: &cells, touched: &bits, weights: &sums, best: &best)
      if varies {
        looked += 1
        end -= 1
        columns.swapAt(position, end)
      } else {
        columns.swapAt(position, constants)
        constants += 1
      }
    }
    return best
  }

  private mutating func partition(
    _ task: Task, by split: SplitCandidate, scratch: inout [UInt64]
  ) -> Int {
    let binsArray = ground.binned.values
    let offset = split.column * ground.rows
    var entrySpan = entries.mutableSpan
    var scratchSpan = scratch.mutableSpan
    return PartitionKernel.partition(
      entries: &entrySpan, scratch: &scratchSpan, from: task.from, to: task.to,
      bins: binsArray.span, offset: offset, bin: split.bin)
  }

  /// Renumbers the nodes level by level.
  private func levelled(_ nodes: [Node]) -> GrownTree {
    var tree = GrownTree()
    tree.codes.reserveCapacity(nodes.count)
    var queue = [0]
    queue.reserveCapacity(nodes.count)
    var next = 0
    while next < queue.count {
      let node = nodes[queue[next]]
      next += 1
      if node.left >= 0 {
        tree.codes.append(Int32(node.column * 256 + Int(node.bin)))
        queue.append(node.left)
        queue.append(node.left + 1)
      } else {
        tree.codes.append(-1)
        tree.leafCover.append(node.totals.good + node.totals.bad)
        tree.leafBad.append(node.totals.bad)
      }
    }
    return tree
  }
}
