import CandorData
import CandorNumerics
import CandorScoring

/// An ensemble laid out for walks over codes, and the codes of rows.
///
/// Children stand side by side and after their parents; each tree ends with one more leaf of value
/// zero that no way leads to, for rows that the tree does not speak about. A column that nodes test
/// by thresholds has as code of a value the number of thresholds that it passes, in the comparison
/// and precision of the ensemble; a column that nodes test by sets of levels has the level itself.
struct TreePathTables: Sendable {
  /// All nodes.
  private(set) var nodes: [PathNode] = []
  /// The value of each node, times its tree's weight unless the margin is a plain mean.
  private(set) var values: [Double] = []
  /// The first word of each node's set, 0 where it has none; empty where no node has one.
  private(set) var sets: [Int32] = []
  /// The bits of the sets, after empty words for nodes without one.
  private(set) var words: [UInt32] = []
  /// The nodes of each tree, the last of them the leaf that no way leads to.
  private(set) var trees: [Range<Int>] = []
  /// The place of each encoded column in a row of codes, -1 where no node tests it.
  private(set) var places: [Int] = []
  /// The places of columns that nodes test by sets.
  private(set) var setPlaces: Set<Int> = []
  /// The number of codes a row, one at least.
  private(set) var stride = 1
  /// Whether the margin is the sum of the values over the number of trees.
  let isMean: Bool
  /// The margin before any tree has spoken.
  let baseMargin: Double

  private let comparison: TreeEnsemble.Comparison
  private let precision: TreeEnsemble.Precision
  private let levelCounts: [Int: Int]
  /// The sorted thresholds of each column.
  private var thresholds: [[Double]] = []
  /// For columns tested by sets, one more than the highest level that a set has.
  private var levelEnds: [Int: Int] = [:]

  /// The most thresholds or levels of a column: codes have 16 bits, two of them with a meaning of
  /// their own.
  private static let mostCodes = 65_000
  /// Empty words before the sets: one bit for every code.
  private static let emptyWords = 2048

  /// Lays out an ensemble in O(nodes · log thresholds); nil where its trees are not whole, or a
  /// column has too many thresholds, or thresholds and sets together.
  init?(_ ensemble: TreeEnsemble, width: Int, levelCounts: [Int: Int]) {
    let share = 1 / Double(max(ensemble.trees.count, 1))
    isMean = ensemble.baseMargin == 0 && ensemble.trees.allSatisfy { $0.weight == share }
    baseMargin = ensemble.baseMargin
    comparison = ensemble.comparison
    precision = ensemble.precision
    self.levelCounts = levelCounts
    guard ensemble.trees.allSatisfy({ Self.isWhole($0, width: width) }),
      ensemble.trees.reduce(0, { $0 + $1.nodeCount + 1 }) < PathNode.mostNodes
    else { return nil }
    guard collectTests(ensemble, width: width) else { return nil }
    for tree in ensemble.trees { guard append(tree) else { return nil } }
  }

  /// Whether arrays have one length and nodes name columns and nodes that are there.
  private static func isWhole(_ tree: TreeEnsemble.Tree, width: Int) -> Bool {
    let count = tree.nodeCount
    guard count > 0, tree.feature.count == count, tree.threshold.count == count,
      tree.right.count == count, tree.missingGoesLeft.count == count, tree.value.count == count
    else { return false }
    return (0..<count).allSatisfy { node in
      tree.left[node] < 0
        || (Int(tree.left[node]) < count && (0..<Int32(count)).contains(tree.right[node])
          && (0..<Int32(width)).contains(tree.feature[node]))
    }
  }

  /// Thresholds, highest levels and places of the columns.
  private mutating func collectTests(_ ensemble: TreeEnsemble, width: Int) -> Bool {
    var found = [[Double]](repeating: [], count: width)
    for tree in ensemble.trees {
      for node in 0..<tree.nodeCount where tree.left[node] >= 0 {
        let column = Int(tree.feature[node])
        if let set = tree.categories[node] {
          guard set.allSatisfy({ $0 >= 0 && $0 < Self.mostCodes }) else { return false }
          levelEnds[column] = max(levelEnds[column] ?? 0, Int(set.max() ?? -1) + 1)
        } else {
          guard !tree.threshold[node].isNaN else { return false }
          found[column].append(tree.threshold[node])
        }
      }
    }
    places = [Int](repeating: -1, count: width)
    var used = 0
    for column in 0..<width {
      guard levelEnds[column] == nil || found[column].isEmpty else { return false }
      guard levelEnds[column] != nil || !found[column].isEmpty else { continue }
      found[column].sort()
      var last = Double.nan
      found[column].removeAll { threshold in
        defer { last = threshold }
        return threshold == last
      }
      guard found[column].count <= Self.mostCodes else { return false }
      places[column] = used
      if levelEnds[column] != nil { setPlaces.insert(used) }
      used += 1
    }
    thresholds = found
    guard used <= Int(UInt16.max) else { return false }
    stride = max(used, 1)
    if !levelEnds.isEmpty { words = [UInt32](repeating: 0, count: Self.emptyWords) }
    return true
  }

  /// Whether any node has a set.
  var hasSets: Bool { !setPlaces.isEmpty }

  /// Lays out one tree in the order of its levels; false where nodes are met twice.
  private mutating func append(_ tree: TreeEnsemble.Tree) -> Bool {
    let base = nodes.count
    let factor = isMean ? 1 : tree.weight
    // The node of the tree that stands at each place.
    var order = [0]
    order.reserveCapacity(tree.nodeCount)
    var next = 0
    while next < order.count {
      let node = order[next]
      let place = base + next
      values.append(factor * tree.value[node])
      next += 1
      guard tree.left[node] >= 0 else {
        nodes.append(PathNode(leaf: place))
        if hasSets { sets.append(0) }
        continue
      }
      guard order.count + 2 <= tree.nodeCount else { return false }
      let left = Int(tree.left[node])
      let right = Int(tree.right[node])
      let column = Int(tree.feature[node])
      var flags: UInt32 = 0
      if tree.left[left] < 0 { flags |= 2 }
      if tree.left[right] < 0 { flags |= 4 }
      var cut: UInt16 = .max
      if hasSets { sets.append(0) }
      if let set = tree.categories[node] {
        sets[sets.count - 1] = Int32(words.count)
        appendSet(set, column: column, missingGoesLeft: tree.missingGoesLeft[node])
      } else {
        let raise: UInt16 = tree.missingGoesLeft[node] ? 1 : 0
        cut = UInt16(Self.count(of: thresholds[column], below: tree.threshold[node])) + raise
        flags |= UInt32(raise)
      }
      nodes.append(
        PathNode(place: places[column], cut: cut, left: base + order.count, flags: flags))
      order.append(left)
      order.append(right)
    }
    nodes.append(PathNode(leaf: nodes.count))
    if hasSets { sets.append(0) }
    values.append(0)
    trees.append(base..<nodes.count)
    return true
  }

  /// A bit for each code that goes right: levels, what is none of them, and missing cells.
  private mutating func appendSet(_ set: Set<Int32>, column: Int, missingGoesLeft: Bool) {
    let levels = levelEnds[column] ?? 0
    var bits = [UInt32](repeating: 0, count: (levels + 2 + 31) / 32)
    for code in 0..<levels + 2 {
      let goesLeft = code == levels + 1 ? missingGoesLeft : set.contains(Int32(code))
      if !goesLeft { bits[code >> 5] |= 1 << UInt32(code & 31) }
    }
    words.append(contentsOf: bits)
  }

  /// How many of these sorted numbers are below a value.
  private static func count(of sorted: [Double], below value: Double) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The codes of rows, row by row; nil where a cell holds a level code that is none of its column's,
  /// which scorers may take in several ways. O(rows · columns · log thresholds).
  func codes(of rows: EncodedRows) -> [UInt16]? {
    let matrix = rows.matrix
    var codes = [UInt16](repeating: 0, count: rows.count * stride)
    for (column, place) in places.enumerated() where place >= 0 {
      if let levels = levelEnds[column] {
        for r in 0..<rows.count {
          let value = matrix[r, column]
          if let count = levelCounts[column], !value.isNaN {
            guard value >= 0, value < Double(count), value == value.rounded() else { return nil }
          }
          let isLevel = value >= 0 && value < Double(levels) && value == value.rounded()
          let code = value.isNaN ? levels + 1 : isLevel ? Int(value) : levels
          codes[r * stride + place] = UInt16(code)
        }
        continue
      }
      let cuts = thresholds[column]
      for r in 0..<rows.count {
        var value = matrix[r, column]
        if precision == .single { value = Double(Float(value)) }
        let code: UInt16
        if value.isNaN {
          code = .max
        } else {
          // With `<` a value passes the thresholds that equal it.
          let bound = comparison == .less ? value.nextUp : value
          code = UInt16(Self.count(of: cuts, below: bound))
        }
        codes[r * stride + place] = code
      }
    }
    return codes
  }
}
