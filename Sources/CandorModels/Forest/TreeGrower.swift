import CandorData
import CandorNumerics
import CandorScoring

/// Grows one tree, depth first, on rows drawn for it.
///
/// Columns are drawn without replacement until enough of them vary among the node's rows; columns
/// found constant are not looked at again further down. Breiman, "Random forests", 2001,
/// doi:10.1023/A:1010933404324.
///
/// Nodes whose bins do not fit the second-level cache are split by moving their rows, so that a
/// node's rows lie side by side and are read as a stream; smaller ones by sorting the entries that
/// point to them. Rows too wide for that are read where they lie, and copied together once a node's
/// rows fit the cache.
struct TreeGrower<S: NodeStatistic, Q: SplitQuality> {
  private let ground: GrowingGround
  private var search: SplitSearch<S, Q>
  private var tree = GrowingTree()

  /// Where a node's rows lie: among those of the training, or in one of two buffers.
  private enum Place {
    case ground, first, second
  }

  private struct Task {
    var node: Int
    var from: Int
    var to: Int
    var depth: Int
    var constants: Int
    var totals: S
    var low: Double
    var high: Double
    var place: Place
  }

  /// Prepares to grow with this generator.
  init(ground: GrowingGround, quality: Q, generator: CounterGenerator) {
    self.ground = ground
    search = SplitSearch(ground: ground, quality: quality, generator: generator)
  }

  /// Grows the tree on rows drawn as often as `draws` says; one that draws a row of weight. Ends
  /// early, with whatever there is, where the fit was cancelled.
  mutating func grow(draws: [UInt8]) -> GrownTree {
    let stride = ground.binned.stride
    let minimumLeaf = Double(ground.options.minimumLeaf)
    let maximumDepth = ground.options.maximumDepth ?? Int.max
    let bins = ground.binned.values
    let values = S.usesValues ? ground.values : []
    // The entries of `ground` and `second` share an array: one is empty before the other fills.
    var secondEntries = [UInt64](repeating: 0, count: draws.count)
    var span = secondEntries.mutableSpan
    let drawn = HistogramKernel.pack(draws: draws.span, isBad: ground.isBad.span, into: &span)
    // What fits the cache by itself stays where it is; what does not is moved or copied.
    let cached = drawn * stride > Self.cacheBytes ? Self.cacheBytes / stride : drawn
    let moves = cached < drawn && stride <= Self.widestMoved
    let firstRows = moves ? drawn : 0
    let secondRows = moves ? drawn : cached < drawn ? cached : 0
    var firstEntries = [UInt64](repeating: 0, count: firstRows)
    var firstBins = [UInt8](repeating: 0, count: firstRows * stride)
    var firstValues = [SIMD2<Double>](repeating: .zero, count: values.isEmpty ? 0 : firstRows)
    var secondBins = [UInt8](repeating: 0, count: secondRows * stride)
    var secondValues = [SIMD2<Double>](repeating: .zero, count: values.isEmpty ? 0 : secondRows)
    var scratch = [UInt64](repeating: 0, count: moves ? cached : drawn)
    let all = HistogramKernel.total(
      entries: secondEntries.span, from: 0, to: drawn, values: values.span, as: S.self)
    tree.append(all, low: -.infinity, high: .infinity, ground: ground)
    var stack = [
      Task(
        node: 0, from: 0, to: drawn, depth: 0, constants: 0, totals: all, low: -.infinity,
        high: .infinity, place: .ground)
    ]
    while var task = stack.popLast() {
      guard task.totals.count >= 2 * minimumLeaf, !task.totals.isPure, task.depth < maximumDepth
      else { continue }
      let rows = task.to - task.from
      if rows > Self.cancelAbove, ground.isCancelled { break }
      if !moves, task.place == .ground, rows <= secondRows {
        PartitionKernel.gather(
          entries: &secondEntries, from: task.from, to: task.to, bins: bins, stride: stride,
          values: values, localBins: &secondBins, localValues: &secondValues)
        task.place = .second
      }
      switch (task.place, moves && rows > cached) {
      case (.ground, true):
        move(
          task, from: secondEntries, bins, values, to: &firstEntries, &firstBins, &firstValues,
          .first, &stack)
      case (.ground, false):
        sort(task, &secondEntries, bins, values, &scratch, &stack)
      case (.first, true):
        move(
          task, from: firstEntries, firstBins, firstValues, to: &secondEntries, &secondBins,
          &secondValues, .second, &stack)
      case (.first, false):
        sort(task, &firstEntries, firstBins, firstValues, &scratch, &stack)
      case (.second, true):
        move(
          task, from: secondEntries, secondBins, secondValues, to: &firstEntries, &firstBins,
          &firstValues, .first, &stack)
      case (.second, false):
        sort(task, &secondEntries, secondBins, secondValues, &scratch, &stack)
      }
    }
    return tree.levelled()
  }

  /// Splits a node by moving its rows to the other place, where a split is to be found.
  private mutating func move(
    _ task: Task, from entries: [UInt64], _ bins: [UInt8], _ values: [SIMD2<Double>],
    to otherEntries: inout [UInt64], _ otherBins: inout [UInt8],
    _ otherValues: inout [SIMD2<Double>], _ place: Place, _ stack: inout [Task]
  ) {
    var task = task
    guard let best = findSplit(&task, entries, bins, values) else { return }
    let middle = PartitionKernel.move(
      entries: entries, from: task.from, to: task.to, bins: bins,
      stride: ground.binned.stride, values: values, column: Int(best.column),
      goesRight: search.goesRight, otherEntries: &otherEntries, otherBins: &otherBins,
      otherValues: &otherValues)
    task.place = place
    finish(task, best, middle, otherEntries, otherValues, &stack)
  }

  /// Splits a node by sorting its entries, where a split is to be found.
  private mutating func sort(
    _ task: Task, _ entries: inout [UInt64], _ bins: [UInt8], _ values: [SIMD2<Double>],
    _ scratch: inout [UInt64], _ stack: inout [Task]
  ) {
    var task = task
    guard let best = findSplit(&task, entries, bins, values) else { return }
    let middle = PartitionKernel.partition(
      entries: &entries, scratch: &scratch, from: task.from, to: task.to, bins: bins,
      stride: ground.binned.stride, column: Int(best.column), goesRight: search.goesRight)
    finish(task, best, middle, entries, values, &stack)
  }

  private mutating func findSplit(
    _ task: inout Task, _ entries: [UInt64], _ bins: [UInt8], _ values: [SIMD2<Double>]
  ) -> SplitCandidate<S>? {
    let best = search.bestSplit(
      entries: entries.span, from: task.from, to: task.to, bins: bins.span, values: values.span,
      totals: task.totals, constants: &task.constants)
    return best.column >= 0 ? best : nil
  }

  /// Makes the node's children and leaves them to do.
  private mutating func finish(
    _ task: Task, _ best: SplitCandidate<S>, _ middle: Int, _ entries: [UInt64],
    _ values: [SIMD2<Double>], _ stack: inout [Task]
  ) {
    var left = best.left
    var right = task.totals - best.left
    if S.usesValues {
      // Real weights are summed anew: what subtraction leaves could be a rounding error.
      left = HistogramKernel.total(
        entries: entries.span, from: task.from, to: middle, values: values.span, as: S.self)
      right = HistogramKernel.total(
        entries: entries.span, from: middle, to: task.to, values: values.span, as: S.self)
    }
    let bounds = bounds(of: task, split: best, left: left, right: right)
    let child = tree.split(task.node, by: best, isLevels: ground.levels[Int(best.column)] > 0)
    tree.append(left, low: bounds.left.low, high: bounds.left.high, ground: ground)
    tree.append(right, low: bounds.right.low, high: bounds.right.high, ground: ground)
    stack.append(
      Task(
        node: child + 1, from: middle, to: task.to, depth: task.depth + 1,
        constants: task.constants, totals: right, low: bounds.right.low,
        high: bounds.right.high, place: task.place))
    stack.append(
      Task(
        node: child, from: task.from, to: middle, depth: task.depth + 1,
        constants: task.constants, totals: left, low: bounds.left.low, high: bounds.left.high,
        place: task.place))
  }

  private typealias Bounds = (low: Double, high: Double)

  /// The bounds between which the values of the children's leaves must lie: those of the node, and
  /// where the column has a direction the midpoint of the children's values between the two sides,
  /// so that no leaf of the one passes a leaf of the other.
  private func bounds(
    of task: Task, split: SplitCandidate<S>, left: S, right: S
  ) -> (left: Bounds, right: Bounds) {
    let own: Bounds = (task.low, task.high)
    let direction = ground.directions[Int(split.column)]
    guard direction != 0, !split.splitsMissingOff else { return (own, own) }
    let a = min(max(left.sum / left.weight, own.low), own.high)
    let b = min(max(right.sum / right.weight, own.low), own.high)
    let middle = a / 2 + b / 2
    let below: Bounds = (own.low, middle)
    let above: Bounds = (middle, own.high)
    return direction > 0 ? (below, above) : (above, below)
  }

  /// So many bytes of bins are left where they are: half a second-level cache of a megabyte.
  private static var cacheBytes: Int { 1 << 19 }

  /// Rows of more bytes are not moved: a split looks at few of them.
  private static var widestMoved: Int { 64 }

  /// Nodes of more rows ask whether the fit was cancelled.
  private static var cancelAbove: Int { 1 << 12 }
}
