import CandorScoring

/// A forest's flat tensors, checked, with what follows from them.
struct ForestLayout {
  /// The left child of each inner node, counted over the whole forest; -1 at a leaf.
  private(set) var left: [Int32]
  /// The value of each node, at inner nodes the cover-weighted mean of its leaves.
  private(set) var values: [Double]
  /// The weight of the training rows that reached each node.
  private(set) var covers: [Double]
  /// The root of each tree.
  private(set) var roots: [Int32] = []

  private let parts: ForestParts

  static func invalid(_ what: String) -> ScoringError {
    ScoringError(.invalidModel, "The random forest cannot be read: \(what).")
  }

  /// Checks a forest: O(nodes + edges).
  ///
  /// - Parameter parts: The tensors.
  /// - Throws: `ScoringError` with the first thing that does not hold.
  init(_ parts: ForestParts) throws(ScoringError) {
    self.parts = parts
    let codes = parts.codes
    guard !parts.sizes.isEmpty, parts.inputWidth > 0 else {
      throw Self.invalid("it has no tree or no column")
    }
    guard parts.inputWidth <= RandomForest.widthLimit else {
      throw Self.invalid("it has more than \(RandomForest.widthLimit) columns")
    }
    guard parts.sizes.allSatisfy({ $0 > 0 }), codes.count < Int(Int32.max),
      parts.sizes.reduce(0, { $0 + Int($1) }) == codes.count
    else { throw Self.invalid("the trees' sizes do not sum to the number of nodes") }
    guard parts.leafCover.count == parts.leafValue.count,
      parts.leafCover.count == codes.reduce(0, { $0 + ($1 < 0 ? 1 : 0) })
    else { throw Self.invalid("the number of leaves differs from that of leaf weights") }
    left = Array(repeating: -1, count: codes.count)
    values = Array(repeating: 0, count: codes.count)
    covers = Array(repeating: 0, count: codes.count)
    roots.reserveCapacity(parts.sizes.count)
    try checkColumns()
    var leaf = 0
    var set = 0
    var root = 0
    for size in parts.sizes.map(Int.init) {
      roots.append(Int32(root))
      try checkTree(root..<root + size, leaf: &leaf, set: &set)
      // Children stand behind their parents, so one pass from the back sums them up.
      for node in (root..<root + size).reversed() where codes[node] >= 0 {
        let a = Int(left[node])
        let cover = covers[a] + covers[a + 1]
        covers[node] = cover
        values[node] = values[a] * (covers[a] / cover) + values[a + 1] * (covers[a + 1] / cover)
      }
      guard covers[root].isFinite, values[root].isFinite else {
        throw Self.invalid("a tree's cover or value is not finite")
      }
      root += size
    }
    guard set == parts.sets.count else {
      throw Self.invalid("there are more sets of levels than nodes that test one")
    }
  }

  private func checkColumns() throws(ScoringError) {
    guard parts.levelCounts.count == parts.inputWidth else {
      throw Self.invalid("the numbers of levels are not one a column")
    }
    for (column, edges) in parts.edges.enumerated() {
      let levels = parts.levelCounts[column]
      guard levels >= 0, levels <= 255, levels == 0 || edges.isEmpty, edges.count <= 254 else {
        throw Self.invalid("a column's number of levels or edges is out of range")
      }
      guard edges.allSatisfy(\.isFinite), zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 })
      else { throw Self.invalid("a column's edges are not finite and rising") }
    }
  }

  private mutating func checkTree(
    _ range: Range<Int>, leaf: inout Int, set: inout Int
  ) throws(ScoringError) {
    var inner = 0
    for node in range {
      let code = parts.codes[node]
      if code < 0 {
        let cover = parts.leafCover[leaf]
        let value = parts.leafValue[leaf]
        guard code == -1, cover > 0, cover.isFinite, value.isFinite,
          parts.task == .regression || (value >= 0 && value <= 1)
        else { throw Self.invalid("a leaf's weight or value is out of range") }
        covers[node] = cover
        values[node] = value
        leaf += 1
        continue
      }
      let child = range.lowerBound + 2 * inner + 1
      try checkTest(code, set: &set)
      guard child > node, child + 1 < range.upperBound else {
        throw Self.invalid("a node's children do not follow it inside its tree")
      }
      left[node] = Int32(child)
      inner += 1
    }
    guard 2 * inner + 1 == range.count else {
      throw Self.invalid("a tree has nodes that belong to no parent")
    }
  }

  private func checkTest(_ code: Int32, set: inout Int) throws(ScoringError) {
    let column = GrownTree.column(code)
    let bin = Int(code & 255)
    // The last bin stands for all numbers: missing cells alone go to the other side.
    guard column < parts.inputWidth, bin <= parts.edges[column].count else {
      throw Self.invalid("a node tests a column or bin that is not there")
    }
    let levels = Int(parts.levelCounts[column])
    guard levels > 0 else { return }
    guard set < parts.sets.count else { throw Self.invalid("a node lacks its set of levels") }
    let bits = parts.sets[set]
    set += 1
    let missingRight = bits[3] >> 63 == 1
    guard bin == 0, missingRight == (code & GrownTree.missingBit == 0),
      (levels..<255).allSatisfy({ bits[$0 >> 6] >> UInt64($0 & 63) & 1 == 0 })
    else { throw Self.invalid("a node's set names levels that are not there") }
  }
}

/// The tensors of a forest.
struct ForestParts: Sendable, Equatable {
  /// What was learnt.
  var task: LearningTask
  /// The number of nodes of each tree.
  var sizes: [Int32]
  /// The nodes of all trees as `GrownTree` has them.
  var codes: [Int32]
  /// The sets of all trees as `GrownTree` has them.
  var sets: [SIMD4<UInt64>]
  /// For each encoded column of numbers the upper ends of its bins but the last.
  var edges: [[Double]]
  /// For each encoded column its number of levels, 0 where it holds numbers.
  var levelCounts: [Int32]
  /// The weight of the training rows in each leaf.
  var leafCover: [Double]
  /// The value of each leaf.
  var leafValue: [Double]

  /// The number of encoded columns.
  var inputWidth: Int { edges.count }
}
