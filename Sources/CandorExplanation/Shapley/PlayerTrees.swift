import CandorData
import CandorNumerics
import CandorScoring

/// An inner node as the tree games read it, 48 bytes.
struct GameNode: Sendable {
  /// The highest value that goes left, for a node that compares.
  var threshold = 0.0
  /// The share of the node's cover in its left child.
  var leftShare = 0.5
  /// The share of cover that the earlier tests of the same player on the path keep together; 1 where
  /// there is none.
  var earlierShare = 1.0
  /// The encoded column that is tested.
  var column: Int32 = 0
  /// Whose column it is.
  var player: Int32 = 0
  /// The left child: an inner node, or the complement of a leaf.
  var left: Int32 = 0
  /// The right child: an inner node, or the complement of a leaf.
  var right: Int32 = 0
  /// The nearest node above that tests the same player, -1 where there is none.
  var earlier: Int32 = -1
  /// The bits below, and from bit 8 on the number of the set.
  var flags: UInt32 = 0

  /// A missing value goes left.
  static let missingLeft: UInt32 = 1
  /// The node tests a set of level codes.
  static let hasSet: UInt32 = 2
  /// The node lies in the left subtree of `earlier`.
  static let leftOfEarlier: UInt32 = 4
}

/// Neighbouring nodes of one tree and depth that are worked in the same way.
struct GameRun: Sendable {
  /// What the children are.
  enum Children: UInt8, Sendable { case inner, mixed, leaves }

  /// The nodes.
  var nodes: Range<Int32>
  /// What their children are.
  var children: Children
  /// Whether their player is tested above already.
  var isRepeated: Bool
}

/// A tree ensemble laid out for the games between players: inner nodes by depth, then by what their
/// children are and by whether their player is new on the path, so that no loop has to ask.
///
/// All columns of one player are one player of the game: a row satisfies the player's part of a path
/// where it satisfies all tests of the player's columns there.
struct PlayerTrees: Sendable {
  /// The inner nodes of all trees.
  private(set) var nodes: [GameNode] = []
  /// The leaves' values times their tree's weight.
  private(set) var leaves: [Double] = []
  /// Each tree's root: an inner node, or the complement of a leaf.
  private(set) var roots: [Int32] = []
  /// Each tree's inner nodes.
  private(set) var ranges: [Range<Int>] = []
  /// Each tree's runs, from the root down.
  private(set) var runs: [[GameRun]] = []
  /// Where each set starts in `setWords`; one more than there are sets.
  private(set) var setStarts: [Int32] = [0]
  /// The sets as bits, 64 level codes a word.
  private(set) var setWords: [UInt64] = []
  /// The most players on one path.
  private(set) var mostOnPath = 0
  /// The most nodes on one path.
  private(set) var depth = 0
  /// The margin before any tree has spoken.
  let baseMargin: Double
  /// The cover-weighted mean of the margin.
  private(set) var coverMean = 0.0
  /// The number of players.
  let playerCount: Int
  /// The number of encoded columns.
  let width: Int
  private let isSingle: Bool
  private let levelCounts: [(column: Int, count: Int)]

  /// The most level codes that a set may reach.
  static let mostLevels = 1 << 20
  /// Trees are worked in at most so many blocks, whatever the threads, so that bits do not change.
  private static let mostBlocks = 16

  /// Lays out an ensemble.
  ///
  /// - Parameters:
  ///   - ensemble: The trees.
  ///   - players: Who owns which column.
  /// - Throws: `ExplanationError.unsupported` where a tree is not one, or holds a number that is none.
  init(_ ensemble: TreeEnsemble, players: Players) throws(ExplanationError) {
    baseMargin = ensemble.baseMargin
    playerCount = players.count
    width = players.width
    isSingle = ensemble.precision == .single
    levelCounts = players.levelCounts.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    var owner = [Int32](repeating: -1, count: players.width)
    for (player, columns) in players.columns.enumerated() {
      for column in columns { owner[column] = Int32(player) }
    }
    var mean = ensemble.baseMargin
    for (number, tree) in ensemble.trees.enumerated() {
      mean += try add(tree, number: number, owner: owner, comparison: ensemble.comparison)
    }
    coverMean = mean
  }

  /// The trees in blocks that depend on their number alone.
  var blocks: [Range<Int>] {
    Parallel.blocks(of: roots.count, size: (roots.count + Self.mostBlocks - 1) / Self.mostBlocks)
  }

  /// The cells of a row as the nodes compare them: rounded where the trees say so, and missing where
  /// a level code is none of the column's.
  func cells(_ row: ArraySlice<Double>, into cells: inout [Double], at start: Int) {
    var place = start
    for value in row {
      cells[place] = isSingle ? Double(Float(value)) : value
      place += 1
    }
    for (column, count) in levelCounts {
      let code = cells[start + column]
      if !(code >= 0 && code < Double(count) && code == code.rounded(.towardZero)) {
        cells[start + column] = .nan
      }
    }
  }

  /// The cells of rows, row after row.
  func cells(of rows: EncodedRows) -> [Double] {
    let matrix = rows.matrix
    var result = [Double](repeating: 0, count: rows.count * width)
    for r in 0..<rows.count { cells(matrix.row(r), into: &result, at: r * width) }
    return result
  }

  private mutating func add(
    _ tree: TreeEnsemble.Tree, number: Int, owner: [Int32], comparison: TreeEnsemble.Comparison
  ) throws(ExplanationError) -> Double {
    let plan = try TreePlan(tree, number: number, owner: owner)
    mostOnPath = max(mostOnPath, plan.mostOnPath)
    depth = max(depth, plan.depth)
    let first = nodes.count
    guard tree.left[0] >= 0 else {
      roots.append(~Int32(leaves.count))
      ranges.append(first..<first)
      runs.append([])
      leaves.append(tree.weight * tree.value[0])
      return tree.weight * tree.value[0]
    }
    var place = [Int32](repeating: -1, count: tree.nodeCount)
    for (position, old) in plan.order.enumerated() { place[old] = Int32(first + position) }
    for old in plan.order {
      var node = GameNode()
      node.column = tree.feature[old]
      node.player = owner[Int(tree.feature[old])]
      node.leftShare = plan.leftShare[old]
      node.earlierShare = plan.earlierShare[old]
      node.earlier = plan.earlier[old] < 0 ? -1 : place[plan.earlier[old]]
      if plan.isLeftOfEarlier[old] { node.flags |= GameNode.leftOfEarlier }
      if tree.missingGoesLeft[old] { node.flags |= GameNode.missingLeft }
      if let set = tree.categories[old] {
        node.flags |= GameNode.hasSet | UInt32(setStarts.count - 1) << 8
        append(set)
      } else {
        // What is below t in doubles is at most the double before it.
        node.threshold = comparison == .less ? tree.threshold[old].nextDown : tree.threshold[old]
      }
      node.left = code(of: Int(tree.left[old]), in: tree, place)
      node.right = code(of: Int(tree.right[old]), in: tree, place)
      nodes.append(node)
    }
    roots.append(Int32(first))
    ranges.append(first..<nodes.count)
    runs.append(
      plan.runs.map {
        GameRun(
          nodes: Int32(first + $0.range.lowerBound)..<Int32(first + $0.range.upperBound),
          children: $0.children, isRepeated: $0.isRepeated)
      })
    var means = [Double](repeating: 0, count: nodes.count - first)
    for position in means.indices.reversed() {
      let node = nodes[first + position]
      let left = node.left < 0 ? leaves[Int(~node.left)] : means[Int(node.left) - first]
      let right = node.right < 0 ? leaves[Int(~node.right)] : means[Int(node.right) - first]
      means[position] = node.leftShare * left + (1 - node.leftShare) * right
    }
    return means[0]
  }

  private mutating func code(of old: Int, in tree: TreeEnsemble.Tree, _ place: [Int32]) -> Int32 {
    if tree.left[old] >= 0 { return place[old] }
    leaves.append(tree.weight * tree.value[old])
    return ~Int32(leaves.count - 1)
  }

  private mutating func append(_ set: Set<Int32>) {
    let count = (Int(set.max() ?? -1) + 64) / 64
    let start = setWords.count
    setWords.append(contentsOf: repeatElement(0, count: count))
    for code in set { setWords[start + Int(code) / 64] |= 1 << UInt64(code % 64) }
    setStarts.append(Int32(setWords.count))
  }
}
