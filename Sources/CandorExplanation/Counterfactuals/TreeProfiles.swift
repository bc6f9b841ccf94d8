import CandorNumerics

/// The margins of one applicant's options, one or two movers at a time.
struct TreeProfiles {
  let trees: TreeMoves
  let options: TreeOptions
  /// One option a mover: the state from which movers are freed.
  private(set) var picks: [Int]
  private var ways: [UInt8]
  private let stackSize: Int
  /// Nodes visited so far.
  private(set) var visits = 0

  init(trees: TreeMoves, options: TreeOptions, picks: [Int]) {
    self.trees = trees
    self.options = options
    self.picks = options.applicant.staying
    ways = options.ways
    stackSize = 2 * trees.depth + 2
    for (mover, pick) in picks.enumerated() { set(mover, to: pick) }
  }

  /// Moves a mover of the state to an option.
  mutating func set(_ mover: Int, to pick: Int) {
    guard picks[mover] != pick else { return }
    picks[mover] = pick
    for test in options.testsOf[mover] {
      let goesLeft = options.masks[test][pick / 64] >> UInt64(pick % 64) & 1
      ways[test] = goesLeft == 1 ? 0 : 1
    }
  }

  /// All options of a mover as bits.
  static func all(_ count: Int) -> SIMD4<UInt64> {
    var mask = SIMD4<UInt64>.zero
    for option in 0..<count { mask[option / 64] |= 1 << UInt64(option % 64) }
    return mask
  }

  /// The margin of the state.
  func margin() -> Double {
    trees.baseMargin
      + TreeMovesKernel.sum(
        nodes: trees.nodes.span, values: trees.values.span, roots: trees.roots.span,
        ways: ways.span)
  }

  private mutating func free(_ mover: Int, as way: UInt8) {
    for test in options.testsOf[mover] { ways[test] = way }
  }

  private mutating func restore(_ mover: Int) {
    let pick = picks[mover]
    for test in options.testsOf[mover] {
      ways[test] = options.masks[test][pick / 64] >> UInt64(pick % 64) & 1 == 1 ? 0 : 1
    }
  }

  /// The margin for each option of one mover, the others as in the state.
  mutating func profile(_ mover: Int) -> [Double] {
    let count = options.applicant.movers[mover].options.count
    free(mover, as: 2)
    var differences = [Double](repeating: 0, count: TreeOptions.most + 1)
    var nodeArray = [Int32](repeating: 0, count: stackSize)
    var maskArray = [SIMD4<UInt64>](repeating: .zero, count: stackSize)
    var nodeStack = nodeArray.mutableSpan
    var maskStack = maskArray.mutableSpan
    var sums = differences.mutableSpan
    let visited = TreeMovesKernel.addProfile(
      nodes: trees.nodes.span, values: trees.values.span, roots: trees.roots.span, ways: ways.span,
      masks: options.masks.span, all: Self.all(count), stackNodes: &nodeStack,
      stackMasks: &maskStack, into: &sums)
    visits += visited
    restore(mover)
    var running = trees.baseMargin
    return (0..<count).map {
      running += differences[$0]
      return running
    }
  }

  /// The cheapest pair of options of two movers with a margin that is low enough.
  struct Pair {
    var first: Int
    var second: Int
    var cost: Double
  }

  /// The cheapest pair whose margin is at most `target` and whose price is below `budget`, the others
  /// as in the state; nil where there is none.
  ///
  /// - Parameters:
  ///   - a: The first mover.
  ///   - b: The second mover.
  ///   - target: The highest margin that counts as approved.
  ///   - budget: The price to beat, of the two movers alone.
  ///   - bothMove: Whether staying is left out.
  /// - Returns: The pair.
  mutating func bestPair(
    _ a: Int, _ b: Int, target: Double, budget: Double, bothMove: Bool
  ) -> Pair? {
    let first = options.applicant.movers[a]
    let second = options.applicant.movers[b]
    let leastA = bothMove ? first.leastPrice : 0
    let leastB = bothMove ? second.leastPrice : 0
    guard leastA + leastB < budget else { return nil }
    var maskA = SIMD4<UInt64>.zero
    var maskB = SIMD4<UInt64>.zero
    for (o, option) in first.options.enumerated()
    where option.cost + leastB < budget && !(bothMove && o == first.stay) {
      maskA[o / 64] |= 1 << UInt64(o % 64)
    }
    for (o, option) in second.options.enumerated()
    where option.cost + leastA < budget && !(bothMove && o == second.stay) {
      maskB[o / 64] |= 1 << UInt64(o % 64)
    }
    guard maskA != .zero, maskB != .zero else { return nil }
    let columns = second.options.count + 1
    let wanted = (first.options.count + 1) * columns
    var differences = [Double](repeating: 0, count: wanted)
    free(a, as: 2)
    free(b, as: 3)
    var nodeArray = [Int32](repeating: 0, count: stackSize)
    var firstArray = [SIMD4<UInt64>](repeating: .zero, count: stackSize)
    var secondArray = firstArray
    var nodeStack = nodeArray.mutableSpan
    var firstStack = firstArray.mutableSpan
    var secondStack = secondArray.mutableSpan
    var sums = differences.mutableSpan
    let visited = TreeMovesKernel.addPairs(
      nodes: trees.nodes.span, values: trees.values.span, roots: trees.roots.span, ways: ways.span,
      masks: options.masks.span, first: maskA, second: maskB, columns: columns,
      stackNodes: &nodeStack, stackFirst: &firstStack, stackSecond: &secondStack, into: &sums)
    visits += visited
    restore(a)
    restore(b)
    return Self.cheapest(
      differences, first.options.map(\.cost), second.options.map(\.cost), maskA, maskB,
      target: target - trees.baseMargin, budget: budget)
  }

  /// Sums the differences along both sides and takes the cheapest low enough.
  private static func cheapest(
    _ differences: [Double], _ costsA: [Double], _ costsB: [Double], _ maskA: SIMD4<UInt64>,
    _ maskB: SIMD4<UInt64>,
    target: Double, budget: Double
  ) -> Pair? {
    var best: Pair?
    var least = budget
    let columns = costsB.count + 1
    var above = [Double](repeating: 0, count: columns)
    let sums = differences.span
    let pricesB = costsB.span
    var rows = above.mutableSpan
    for a in costsA.indices {
      let start = a * columns
      let isOpen = maskA[a / 64] >> UInt64(a % 64) & 1 == 1
      let price = costsA[a]
      var running = 0.0
      for b in pricesB.indices {
        rows[b] += sums[start + b]
        running += rows[b]
        if running <= target, isOpen, price + pricesB[b] < least,
          maskB[b / 64] >> UInt64(b % 64) & 1 == 1
        {
          least = price + pricesB[b]
          best = Pair(first: a, second: b, cost: least)
        }
      }
    }
    return best
  }

  /// A lower bound on the margin of every row of a box of options.
  mutating func least(of box: [SIMD4<UInt64>]) -> Double {
    var box = box
    var masks = box.mutableSpan
    var visited = 0
    let least = TreeMovesKernel.least(
      nodes: trees.nodes.span, values: trees.values.span, roots: trees.roots.span,
      ways: options.ways.span, masks: options.masks.span, owners: options.owners.span,
      box: &masks, visits: &visited)
    visits += visited
    return trees.baseMargin + least
  }
}
