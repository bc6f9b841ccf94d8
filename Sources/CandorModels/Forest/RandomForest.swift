public import CandorData
import CandorNumerics
public import CandorScoring

/// A fitted random forest: the margin is the mean over the trees of the value of the leaf that the
/// row reaches, the share of bad rows in it or, in a regression, the mean of its targets.
///
/// Breiman, "Random forests", 2001, doi:10.1023/A:1010933404324, with the leaves' shares averaged
/// rather than votes counted. A missing cell (NaN), and a level code that is none of the column's,
/// goes to the side that each split has for them.
public struct RandomForest: TreeEnsembleScorer, PersistableScorer {
  /// The family's name in files.
  public static let familyName = "random-forest"

  /// The most encoded columns of a forest.
  static let widthLimit = 65_535

  /// The tensors.
  let parts: ForestParts

  // What follows from them.
  private let covers: [Double]
  private let roots: [Int32]
  private let left: [Int32]
  private let tables: ForestTables

  /// Checks the tensors and lays them out for scoring.
  init(_ parts: ForestParts) throws(ScoringError) {
    self.parts = parts
    let layout = try ForestLayout(parts)
    covers = layout.covers
    roots = layout.roots
    left = layout.left
    tables = ForestTables(
      codes: parts.codes, left: layout.left, roots: layout.roots, sets: parts.sets,
      isLevels: parts.levelCounts.map { $0 > 0 }, values: layout.values)
  }

  /// Joins grown trees to the bins that they were grown on.
  init(
    trees: [GrownTree], edges: [[Double]], levels: [Int], task: LearningTask
  ) throws(ScoringError) {
    try self.init(
      ForestParts(
        task: task, sizes: trees.map { Int32($0.codes.count) }, codes: trees.flatMap(\.codes),
        sets: trees.flatMap(\.sets), edges: edges, levelCounts: levels.map { Int32($0) },
        leafCover: trees.flatMap(\.leafCover), leafValue: trees.flatMap(\.leafValue)))
  }

  /// The number of encoded columns that a row must have.
  public var inputWidth: Int { parts.inputWidth }

  /// The number of trees.
  public var treeCount: Int { parts.sizes.count }

  /// The number of nodes of all trees together.
  public var nodeCount: Int { parts.codes.count }

  /// What was learnt: which rows turn out bad, or a number.
  public var task: LearningTask { parts.task }

  /// A share in [0, 1], or in a regression the target's unit.
  public var marginScale: MarginScale { task == .classification ? .probability : .target }

  /// Missing cells are scored as such.
  public var acceptsMissing: Bool { true }

  /// Writes one margin a row; O(rows · trees · depth).
  ///
  /// - Parameters:
  ///   - rows: Encoded rows of width `inputWidth`.
  ///   - output: Where the margins go, in the rows' order.
  /// - Throws: `ScoringError` where the width differs, a value is infinite, or `output` has another
  ///   length.
  public func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    guard rows.width == inputWidth, output.count == rows.count else {
      return try checkInput(rows, places: output.count)
    }
    // Each leaf's share is at most one, so that a sum of T of them rounds to at most T: the quotient
    // stays inside [0, 1].
    let count = Double(treeCount)
    let reader = ColumnReader(rows)
    let most = min(rows.count, Self.batch)
    let chunks = (most + ForestTables.chunk - 1) / ForestTables.chunk
    var bins = [UInt8](repeating: 0, count: chunks * tables.placeCount * ForestTables.chunk)
    var sums = [Double](repeating: 0, count: chunks * ForestTables.chunk)
    let scratch = rows.count < Self.fewRows ? 0 : ForestTables.chunk
    var endArray = [Int32](repeating: 0, count: scratch)
    var walkingArray = [Int32](repeating: 0, count: scratch)
    for range in Parallel.blocks(of: rows.count, size: Self.batch) {
      if reader.hasInfinity(in: range) { try checkInput(rows, places: output.count) }
      fillBins(of: range, from: reader, into: &bins)
      if rows.count < Self.fewRows {
        for r in range.indices {
          let row = r - range.lowerBound
          let sum =
            tables.sets.isEmpty
            ? ForestScoringKernel.leafSum(tables, test: BinTest.self, bins: bins.span, row: row)
            : ForestScoringKernel.leafSum(tables, test: SetTest.self, bins: bins.span, row: row)
          output[r] = sum / count
        }
        continue
      }
      for i in sums.indices { sums[i] = 0 }
      var ends = endArray.mutableSpan
      var walking = walkingArray.mutableSpan
      var span = sums.mutableSpan
      if tables.sets.isEmpty {
        ForestScoringKernel.addLeafValues(
          tables, test: BinTest.self, bins: bins.span, rows: range.count, ends: &ends,
          walking: &walking, into: &span)
      } else {
        ForestScoringKernel.addLeafValues(
          tables, test: SetTest.self, bins: bins.span, rows: range.count, ends: &ends,
          walking: &walking, into: &span)
      }
      for r in range { output[r] = span[r - range.lowerBound] / count }
    }
  }

  /// So many rows go through one tree after another, so that its nodes are fetched seldom.
  private static let batch = 16 * ForestTables.chunk

  /// Fewer rows are walked one by one, trees abreast.
  private static let fewRows = 4

  /// Fills the chunks with the views of a range of rows.
  private func fillBins(
    of range: Range<Int>, from reader: ColumnReader, into bins: inout [UInt8]
  ) {
    var numbers = [Double](repeating: 0, count: ForestTables.chunk)
    var column = [UInt8](repeating: 0, count: ForestTables.chunk)
    var target = bins.mutableSpan
    var first = 0
    var chunk = 0
    while first < range.count {
      let count = min(range.count - first, ForestTables.chunk)
      let rows = range.lowerBound + first..<range.lowerBound + first + count
      let start = chunk * tables.placeCount * ForestTables.chunk
      for source in tables.sources {
        var cells = numbers.mutableSpan
        reader.read(source.column, rows, into: &cells)
        let levels = Int(parts.levelCounts[source.column])
        let cuts = parts.edges[source.column]
        var binned = column.mutableSpan
        BinnedMatrix.assign(
          numbers.span, count: count, edges: cuts.span,
          levels: levels > 0 ? levels : nil, into: &binned)
        if source.plain >= 0 {
          ForestScoringKernel.put(
            column.span, count: count, shift: 0, at: start + source.plain * ForestTables.chunk,
            into: &target)
        }
        if source.raised >= 0 {
          ForestScoringKernel.put(
            column.span, count: count, shift: 1, at: start + source.raised * ForestTables.chunk,
            into: &target)
        }
      }
      first += ForestTables.chunk
      chunk += 1
    }
  }

  /// The trees in neutral form, made anew at each call: O(nodes).
  public var ensemble: TreeEnsemble {
    let weight = 1 / Double(treeCount)
    var set = 0
    return TreeEnsemble(
      trees: roots.indices.map { tree in
        let root = Int(roots[tree])
        var neutral = TreeEnsemble.Tree(weight: weight)
        for node in root..<root + Int(parts.sizes[tree]) {
          let code = parts.codes[node]
          let position = neutral.appendLeaf(value: tables.values[node], cover: covers[node])
          guard code >= 0 else { continue }
          let column = GrownTree.column(code)
          neutral.feature[position] = Int32(column)
          neutral.left[position] = left[node] - roots[tree]
          neutral.right[position] = left[node] + 1 - roots[tree]
          neutral.missingGoesLeft[position] = code & GrownTree.missingBit != 0
          if parts.levelCounts[column] > 0 {
            neutral.categories[position] = leftLevels(column, set: parts.sets[set])
            set += 1
          } else {
            neutral.threshold[position] = threshold(column, bin: Int(code & 255))
          }
        }
        return neutral
      })
  }

  private func leftLevels(_ column: Int, set: SIMD4<UInt64>) -> Set<Int32> {
    Set(
      (0..<parts.levelCounts[column]).filter { set[Int($0 >> 6)] >> UInt64($0 & 63) & 1 == 0 })
  }

  /// The highest number that goes left; where all do, the highest that there is.
  private func threshold(_ column: Int, bin: Int) -> Double {
    bin < parts.edges[column].count ? parts.edges[column][bin] : .greatestFiniteMagnitude
  }

  /// The trees as they were grown.
  var grownTrees: [GrownTree] {
    var leaf = 0
    var set = 0
    return roots.indices.map { tree in
      let root = Int(roots[tree])
      var grown = GrownTree()
      grown.codes = Array(parts.codes[root..<root + Int(parts.sizes[tree])])
      let leaves = grown.codes.count { $0 < 0 }
      let sets = grown.codes.count { $0 >= 0 && parts.levelCounts[GrownTree.column($0)] > 0 }
      grown.leafCover = Array(parts.leafCover[leaf..<leaf + leaves])
      grown.leafValue = Array(parts.leafValue[leaf..<leaf + leaves])
      grown.sets = Array(parts.sets[set..<set + sets])
      leaf += leaves
      set += sets
      return grown
    }
  }
}
