import CandorData
import CandorNumerics
import CandorScoring

/// A node as the effect kernel reads it, 16 bytes. The right child follows the left one.
struct EffectNode: Sendable {
  /// The left child, counted over the whole ensemble; -1 at a leaf.
  var left: Int32
  /// The encoded column; the highest bit says that a missing cell goes right.
  var place: UInt32
  /// The rank of the threshold among the column's; of a set its number among the column's sets. At a
  /// leaf the lower half of the value's bits.
  var cut: Int32
  /// Where the bits of the set start, whose members go left; -1 for a threshold. At a leaf the upper
  /// half of the value's bits.
  var set: Int32

  static let missingRight: UInt32 = 1 << 31

  /// A leaf, which holds its value so that reaching it is one load.
  static func leaf(_ value: Double) -> EffectNode {
    let bits = value.bitPattern
    return EffectNode(
      left: -1, place: 0, cut: Int32(truncatingIfNeeded: bits),
      set: Int32(truncatingIfNeeded: bits >> 32))
  }

  @inline(__always) var column: Int { Int(place & ~Self.missingRight) }
  @inline(__always) var missingGoesRight: Bool { place & Self.missingRight != 0 }
  /// The value of a leaf.
  @inline(__always) var value: Double {
    Double(
      bitPattern: UInt64(UInt32(bitPattern: set)) << 32 | UInt64(UInt32(bitPattern: cut)))
  }
}

/// An ensemble laid out for effects: every comparison of numbers is done once, when a cell becomes
/// the rank of its side among the column's thresholds, so that walks compare integers.
struct TreeEffectTables: Sendable {
  /// All nodes, tree by tree; leaves hold their weighted values.
  private(set) var nodes: [EffectNode] = []
  /// The root of each tree.
  private(set) var roots: [Int32] = []
  /// The bits of the sets.
  private(set) var words: [UInt32] = []
  /// The most nodes from a root to a leaf.
  private(set) var depth = 1
  /// The margin before any tree.
  let baseMargin: Double
  /// The distinct thresholds of each column, rising.
  private(set) var thresholds: [[Double]]
  /// Where the bits of each distinct set of a column start.
  private(set) var setStarts: [[Int32]]
  /// One more than the highest level in any set of a column: the code of all levels above.
  private(set) var levelBound: [Int32]

  private let comparison: TreeEnsemble.Comparison
  private let precision: TreeEnsemble.Precision
  private let levelCounts: [Int: Int]

  /// The number of encoded columns.
  var width: Int { thresholds.count }

  /// Lays out an ensemble; O(nodes · log nodes).
  ///
  /// Nil where a child or column lies outside, a node is reached twice, or one column is tested by
  /// thresholds and by sets: such an ensemble is left to its own scorer.
  ///
  /// - Parameters:
  ///   - ensemble: The trees.
  ///   - width: The number of encoded columns.
  ///   - levelCounts: The columns of level codes, with their number of levels.
  init?(_ ensemble: TreeEnsemble, width: Int, levelCounts: [Int: Int]) {
    baseMargin = ensemble.baseMargin
    comparison = ensemble.comparison
    precision = ensemble.precision
    self.levelCounts = levelCounts
    thresholds = Array(repeating: [], count: width)
    setStarts = Array(repeating: [], count: width)
    levelBound = Array(repeating: 0, count: width)
    var known: [Int: [Set<Int32>: Int32]] = [:]
    guard collectTests(of: ensemble, sets: &known) else { return nil }
    for tree in ensemble.trees {
      guard lay(tree, sets: known) else { return nil }
    }
  }

  /// Gathers the columns' thresholds and sets.
  private mutating func collectTests(
    of ensemble: TreeEnsemble, sets known: inout [Int: [Set<Int32>: Int32]]
  ) -> Bool {
    var members: [Int: [Set<Int32>]] = [:]
    for tree in ensemble.trees {
      let count = tree.nodeCount
      guard count > 0, tree.feature.count == count, tree.threshold.count == count,
        tree.right.count == count, tree.missingGoesLeft.count == count, tree.value.count == count
      else { return false }
      for node in 0..<count where tree.left[node] >= 0 {
        let column = Int(tree.feature[node])
        guard column >= 0, column < width else { return false }
        if tree.categories.isEmpty || tree.categories[node] == nil {
          thresholds[column].append(tree.threshold[node])
        } else if let set = tree.categories[node],
          known[column, default: [:]].updateValue(0, forKey: set) == nil
        {
          guard set.allSatisfy({ $0 >= 0 && $0 < 1 << 20 }) else { return false }
          members[column, default: []].append(set)
          levelBound[column] = max(levelBound[column], (set.max() ?? -1) + 1)
        }
      }
    }
    for column in 0..<width {
      guard !thresholds[column].contains(where: \.isNaN) else { return false }
      var distinct: [Double] = []
      for threshold in thresholds[column].sorted() where distinct.last != threshold {
        distinct.append(threshold)
      }
      thresholds[column] = distinct
      guard let sets = members[column] else { continue }
      guard distinct.isEmpty else { return false }
      for (number, set) in sets.enumerated() {
        known[column]?[set] = Int32(number)
        let start = words.count
        setStarts[column].append(Int32(start))
        words.append(contentsOf: [UInt32](repeating: 0, count: Int(levelBound[column]) / 32 + 1))
        for level in set { words[start + Int(level) / 32] |= 1 << UInt32(level % 32) }
      }
    }
    return true
  }

  /// Appends a tree, the two children of a node side by side, and what lies below the left one before
  /// what lies below the right one, so that a walk stays near.
  private mutating func lay(
    _ tree: TreeEnsemble.Tree, sets known: [Int: [Set<Int32>: Int32]]
  ) -> Bool {
    let root = nodes.count
    let count = tree.nodeCount
    guard root + count < 1 << 30 else { return false }
    roots.append(Int32(root))
    nodes.append(.leaf(0))
    var waiting: [(origin: Int, place: Int, level: Int)] = [(0, root, 1)]
    while let (origin, place, level) = waiting.popLast() {
      depth = max(depth, level)
      if tree.left[origin] < 0 {
        nodes[place] = .leaf(tree.weight * tree.value[origin])
        continue
      }
      let (left, right) = (Int(tree.left[origin]), Int(tree.right[origin]))
      let below = nodes.count
      guard left < count, right >= 0, right < count, below - root + 2 <= count else { return false }
      let column = Int(tree.feature[origin])
      var node = EffectNode(left: Int32(below), place: UInt32(column), cut: 0, set: -1)
      if !tree.missingGoesLeft[origin] { node.place |= EffectNode.missingRight }
      if !tree.categories.isEmpty, let set = tree.categories[origin] {
        node.cut = known[column]?[set] ?? 0
        node.set = setStarts[column][Int(node.cut)]
      } else {
        node.cut = Int32(
          GridCells.firstIndex(in: thresholds[column], notBelow: tree.threshold[origin]))
      }
      nodes[place] = node
      nodes.append(.leaf(0))
      nodes.append(.leaf(0))
      waiting.append((right, below + 1, level + 1))
      waiting.append((left, below, level + 1))
    }
    return true
  }

  /// What a cell of a column is to its nodes: how many thresholds it lies to the right of, or its
  /// level's code; -1 where it is missing.
  func rank(of cell: Double, column: Int) -> Int32 {
    if cell.isNaN { return -1 }
    if !setStarts[column].isEmpty {
      if let count = levelCounts[column], !(cell >= 0 && cell < Double(count)) { return -1 }
      guard cell >= 0 else { return -1 }
      return cell >= Double(levelBound[column]) ? levelBound[column] : Int32(cell)
    }
    let value = precision == .single ? Double(Float(cell)) : cell
    let cuts = thresholds[column]
    switch comparison {
    case .lessOrEqual: return Int32(GridCells.firstIndex(in: cuts, notBelow: value))
    case .less:
      // The number of thresholds not above the value.
      let place = GridCells.firstIndex(in: cuts, notBelow: value)
      return Int32(place < cuts.count && cuts[place] == value ? place + 1 : place)
    }
  }

  /// The ranks of rows, row after row.
  func ranks(of matrix: Matrix, rows: Range<Int>) -> [Int32] {
    var ranks = [Int32](repeating: 0, count: rows.count * width)
    for column in 0..<width where !thresholds[column].isEmpty || !setStarts[column].isEmpty {
      for row in rows {
        ranks[(row - rows.lowerBound) * width + column] = rank(
          of: matrix[row, column], column: column)
      }
    }
    return ranks
  }

  /// Whether a rank goes right at a cut of a column, missing cells apart.
  func goesRight(rank: Int32, column: Int, cut: Int) -> Bool {
    guard rank >= 0 else { return false }
    if setStarts[column].isEmpty { return rank > Int32(cut) }
    let word = words[Int(setStarts[column][cut]) + Int(rank) / 32]
    return word >> UInt32(rank % 32) & 1 == 0
  }

  /// The number of different tests of a column.
  func cutCount(column: Int) -> Int { thresholds[column].count + setStarts[column].count }

  /// One value inside each interval between thresholds of a column, rising: at these, and nowhere
  /// else, can the margin change as the column moves.
  func representatives(column: Int) -> [Double] {
    let cuts = thresholds[column].filter { $0.magnitude < .greatestFiniteMagnitude }
    guard let first = cuts.first, let last = cuts.last else { return [0] }
    // Clearly beyond, for a reader and in either precision.
    func beyond(_ value: Double) -> Double { max(value.magnitude, 1) * 1e-6 }
    switch comparison {
    case .lessOrEqual: return cuts + [last + beyond(last)]
    case .less: return [first - beyond(first)] + cuts
    }
  }
}
