import CandorData

/// The arrays that scoring reads, made of a forest whose trees are known to be whole.
///
/// A view is a column's bins, a byte a row. A node whose missing cells (bin 255) go right tests the
/// bins as they are; one whose missing cells go left tests the view in which all are raised by one,
/// so that missing is 0. Only views that some node tests exist.
struct ForestTables: Sendable {
  /// The rows of a chunk of bins.
  static let chunk = 128

  /// A column and the views of it.
  struct Source: Sendable {
    let column: Int
    /// The view as it is; -1 where no node tests it.
    var plain = -1
    /// The raised view; -1 where no node tests it.
    var raised = -1
  }

  /// The columns that nodes test, rising.
  private(set) var sources: [Source] = []
  /// The number of views, one at least.
  private(set) var placeCount = 0
  /// The number of levels of the crowns.
  let levels: Int
  /// Whether a tree goes on below its crown.
  private(set) var isDeep = false
  /// The upper levels of each tree as a complete tree of `2^levels` places, its root at 1.
  private(set) var crown: [UInt32]
  /// The set of each place of the crowns; empty where no node has one.
  private(set) var crownSets: [Int32]
  /// Where each walk is after the crown, `2^levels` nodes a tree; with the sign bit where that is no
  /// leaf.
  private(set) var bottoms: [Int32]
  /// The values of the bottoms, where all of them are leaves; else empty.
  private(set) var bottomValues: [Double] = []
  /// All nodes.
  private(set) var nodes: [ForestNode]
  /// The set of each node; empty where no node has one.
  private(set) var sets: [Int32]
  /// Eight words a set, the first empty: a bit for each bin that goes right.
  private(set) var words: [UInt32]
  /// The value of each node.
  let values: [Double]
  /// The number of trees.
  let treeCount: Int

  /// Lays out trees: nodes as `GrownTree` has them, left children and roots counted over the whole
  /// forest, in O(nodes).
  init(
    codes: [Int32], left: [Int32], roots: [Int32], sets rightSets: [SIMD4<UInt64>],
    isLevels: [Bool], values: [Double]
  ) {
    self.values = values
    treeCount = roots.count
    var plain = Set<Int>()
    var raised = Set<Int>()
    for code in codes where code >= 0 {
      let column = GrownTree.column(code)
      if code & GrownTree.missingBit != 0, !isLevels[column] {
        raised.insert(column)
      } else {
        plain.insert(column)
      }
    }
    var byColumn: [Int: Int] = [:]
    var views = 0
    for column in plain.union(raised).sorted() {
      var source = Source(column: column)
      if plain.contains(column) {
        source.plain = views
        views += 1
      }
      if raised.contains(column) {
        source.raised = views
        views += 1
      }
      byColumn[column] = sources.count
      sources.append(source)
    }
    placeCount = max(views, 1)
    words = Array(repeating: 0, count: 8)
    words.reserveCapacity(8 * (rightSets.count + 1))
    for set in rightSets {
      for word in 0..<8 {
        words.append(UInt32(truncatingIfNeeded: set[word / 2] >> UInt64(word % 2 * 32)))
      }
    }
    let hasSets = !rightSets.isEmpty
    nodes = []
    nodes.reserveCapacity(codes.count)
    sets = hasSets ? Array(repeating: 0, count: codes.count) : []
    var nextSet: Int32 = 1
    for (node, code) in codes.enumerated() {
      guard code >= 0 else {
        nodes.append(ForestNode(code: ForestNode.leafBin, left: Int32(node)))
        continue
      }
      let column = GrownTree.column(code)
      let source = sources[byColumn[column] ?? 0]
      if isLevels[column] {
        nodes.append(ForestNode(code: Self.code(source.plain, 255), left: left[node]))
        sets[node] = nextSet
        nextSet += 1
      } else if code & GrownTree.missingBit != 0 {
        nodes.append(
          ForestNode(code: Self.code(source.raised, UInt32(code & 255) + 1), left: left[node]))
      } else {
        nodes.append(
          ForestNode(code: Self.code(source.plain, UInt32(code & 255)), left: left[node]))
      }
    }
    // As many places as the mean tree has inner nodes: a full tree fits its crown wholly, a thin one
    // does not blow it up. One level more where no walk then goes on below.
    let inner = max(codes.count / (2 * max(roots.count, 1)), 1)
    let fitting = Int.bitWidth - (inner - 1).leadingZeroBitCount
    let deepest = Self.deepest(codes: codes, left: left)
    levels = min(deepest <= fitting + 1 ? deepest : fitting, 13)
    let size = 1 << levels
    crown = Array(repeating: ForestNode.leafBin, count: roots.count * size)
    crownSets = hasSets ? Array(repeating: 0, count: roots.count * size) : []
    bottoms = Array(repeating: 0, count: roots.count * size)
    for (tree, root) in roots.enumerated() { addCrown(of: tree, root: root) }
    if !isDeep { bottomValues = bottoms.map { values[Int($0)] } }
  }

  /// The number of splits above the deepest leaf.
  private static func deepest(codes: [Int32], left: [Int32]) -> Int {
    var depths = [Int32](repeating: 0, count: codes.count)
    for node in codes.indices where codes[node] >= 0 {
      // Children stand behind their parents.
      depths[Int(left[node])] = depths[node] + 1
      depths[Int(left[node]) + 1] = depths[node] + 1
    }
    return Int(depths.max() ?? 0)
  }

  /// A code from view and bin: the place of the view in a chunk, and the bin.
  private static func code(_ view: Int, _ bin: UInt32) -> UInt32 {
    UInt32(view * chunk) << 8 | bin
  }

  private mutating func addCrown(of tree: Int, root: Int32) {
    let size = 1 << levels
    var level: [Int32] = [root]
    for depth in 0..<levels {
      var next: [Int32] = []
      next.reserveCapacity(level.count * 2)
      for (i, node) in level.enumerated() {
        let place = tree * size + (1 << depth) + i
        let here = nodes[Int(node)]
        // A leaf stays where it is: whatever the row, its place goes left to itself.
        crown[place] = here.code
        if !sets.isEmpty { crownSets[place] = sets[Int(node)] }
        next.append(here.left)
        next.append(here.left == node ? node : here.left + 1)
      }
      level = next
    }
    for (i, node) in level.enumerated() {
      let isLeaf = nodes[Int(node)].left == node
      bottoms[tree * size + i] = isLeaf ? node : node | Int32.min
      if !isLeaf { isDeep = true }
    }
  }
}
