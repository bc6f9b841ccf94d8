import CandorScoring

/// An ensemble of trees laid out for moving a few features of one row.
///
/// Every different test (a column and a threshold, or a column and a set of levels) has a number. A
/// node holds its test, or -1 at a leaf, and its children.
struct TreeMoves: Sendable {
  /// One different test.
  struct Test: Sendable, Hashable {
    let column: Int32
    /// The place of the threshold among those of the column; -1 for a set of levels.
    let rank: Int32
    /// The levels that go left, a bit a level code.
    let set: SIMD4<UInt64>
    let missingGoesLeft: Bool
  }

  /// The test, the left child, the right child and an unused number of every node.
  let nodes: [SIMD4<Int32>]
  /// The weighted value of every node.
  let values: [Double]
  let roots: [Int32]
  let tests: [Test]
  /// The different thresholds of every column, rising.
  let thresholds: [[Double]]
  let baseMargin: Double
  /// No row has a lower margin: the least leaf of every tree together.
  let leastMargin: Double
  /// The number of nodes on the longest way from a root to a leaf.
  let depth: Int
  private let comparison: TreeEnsemble.Comparison
  private let precision: TreeEnsemble.Precision

  /// Lays out an ensemble, O(nodes · log nodes); throws where a tree is not whole (walks would leave
  /// it) or a set holds a level code above 255.
  init(_ ensemble: TreeEnsemble, width: Int) throws(ExplanationError) {
    guard ensemble.trees.allSatisfy({ Self.isWhole($0, width: width) }) else {
      throw ExplanationError(
        .unsupported,
        "A tree is not whole: every node must have its children behind it and test an encoded column."
      )
    }
    var byColumn = [[Double]](repeating: [], count: width)
    for tree in ensemble.trees {
      for node in 0..<tree.nodeCount where tree.left[node] >= 0 && tree.categories[node] == nil {
        byColumn[Int(tree.feature[node])].append(tree.threshold[node])
      }
    }
    thresholds = byColumn.map { list in
      var distinct: [Double] = []
      for threshold in list.sorted() where threshold != distinct.last { distinct.append(threshold) }
      return distinct
    }
    let ranks = thresholds.map { list in
      Dictionary(list.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { a, _ in a })
    }
    var nodes: [SIMD4<Int32>] = []
    var values: [Double] = []
    var roots: [Int32] = []
    var tests: [Test] = []
    var numbers: [Test: Int32] = [:]
    var deepest = 1
    for tree in ensemble.trees {
      let start = Int32(nodes.count)
      roots.append(start)
      var depths = [Int](repeating: 1, count: tree.nodeCount)
      for node in 0..<tree.nodeCount {
        values.append(tree.value[node] * tree.weight)
        guard tree.left[node] >= 0 else {
          nodes.append(SIMD4(-1, 0, 0, 0))
          continue
        }
        let column = Int(tree.feature[node])
        var set = SIMD4<UInt64>.zero
        var rank: Int32 = -1
        if let levels = tree.categories[node] {
          for level in levels {
            guard level >= 0, level < 256 else {
              throw ExplanationError(
                .unsupported,
                "A tree tests a set with the level code \(level); recourse through trees takes codes "
                  + "below 256.")
            }
            set[Int(level / 64)] |= 1 << UInt64(level % 64)
          }
        } else {
          rank = ranks[column][tree.threshold[node]] ?? 0
        }
        let test = Test(
          column: Int32(column), rank: rank, set: set,
          missingGoesLeft: tree.missingGoesLeft[node])
        let number = numbers[test] ?? Int32(tests.count)
        if Int(number) == tests.count {
          numbers[test] = number
          tests.append(test)
        }
        nodes.append(SIMD4(number, start + tree.left[node], start + tree.right[node], 0))
        for child in [Int(tree.left[node]), Int(tree.right[node])] {
          depths[child] = depths[node] + 1
        }
      }
      deepest = max(deepest, depths.max() ?? 1)
    }
    self.nodes = nodes
    self.values = values
    self.roots = roots
    self.tests = tests
    baseMargin = ensemble.baseMargin
    var least = ensemble.baseMargin
    for tree in ensemble.trees {
      var leaf = Double.infinity
      for node in 0..<tree.nodeCount where tree.left[node] < 0 {
        leaf = min(leaf, tree.value[node] * tree.weight)
      }
      if leaf < .infinity { least += leaf }
    }
    leastMargin = least
    comparison = ensemble.comparison
    precision = ensemble.precision
    depth = deepest
  }

  /// Whether every walk from the root ends at a leaf inside the tree.
  private static func isWhole(_ tree: TreeEnsemble.Tree, width: Int) -> Bool {
    let count = tree.nodeCount
    guard count > 0,
      [
        tree.feature.count, tree.threshold.count, tree.right.count, tree.missingGoesLeft.count,
        tree.value.count,
      ].allSatisfy({ $0 == count })
    else { return false }
    return (0..<count).allSatisfy { node in
      let (left, right) = (Int(tree.left[node]), Int(tree.right[node]))
      return left < 0
        || left > node && left < count && right > node && right < count
          && tree.feature[node] >= 0 && Int(tree.feature[node]) < width
          && !(tree.categories[node] == nil && tree.threshold[node].isNaN)
    }
  }

  /// Where a value stands among a column's thresholds: it goes left at every rank not below; -1 where
  /// it is missing.
  func place(of value: Double, column: Int) -> Int32 {
    if value.isNaN { return -1 }
    let compared = precision == .single ? Double(Float(value)) : value
    let list = thresholds[column]
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      let goesRight =
        comparison == .lessOrEqual ? compared > list[middle] : compared >= list[middle]
      if goesRight { low = middle + 1 } else { high = middle }
    }
    return Int32(low)
  }

  /// Whether a value goes left at a test.
  func goesLeft(_ value: Double, at test: Test) -> Bool {
    if value.isNaN { return test.missingGoesLeft }
    if test.rank >= 0 { return place(of: value, column: Int(test.column)) <= test.rank }
    guard value >= 0, value < 256 else { return test.missingGoesLeft }
    let level = Int(value)
    return test.set[level / 64] >> UInt64(level % 64) & 1 == 1
  }
}
