package import CandorData
import CandorNumerics
package import CandorScoring

/// The ways of rows through the trees of an ensemble, so that margins with a few columns dealt from
/// other rows cost only the walks that change.
///
/// One walk a row and tree serves all players and up to eight repeats (`DealtWalkKernel`): where a
/// node on the row's own way tests a player, the repeats whose dealt value goes to the other side turn
/// off together, and all others keep the row's leaf. All sums are taken over the trees in their order,
/// so that a margin has the bits that it would have if every walk were walked. Memory: two bytes a
/// cell of the columns that trees test, and a few MB a thread besides the margins.
package struct TreePaths: Sendable {
  /// The margins of the rows as they are.
  package let margins: [Double]
  /// Whether each row has a tree that speaks about it; all have where no tree is left out.
  package let isCovered: [Bool]

  let tables: TreePathTables
  /// The rows' codes, row by row.
  let codes: [UInt16]
  let rowCount: Int
  /// Which trees speak about which rows; nil where all speak about all.
  let voices: TreeVoices?

  /// Rows that are walked together where nothing is dealt.
  private static let blockRows = 2048

  /// Walks the rows through the trees, O(rows · trees · depth); nil where the ensemble or the rows have
  /// no place in 16-bit codes (`TreePathTables`).
  ///
  /// - Parameters:
  ///   - ensemble: The trees.
  ///   - rows: The encoded rows.
  ///   - levelCounts: The columns of level codes.
  ///   - unseen: For each tree the rows that it speaks about; nil where it speaks about all. Only an
  ///     ensemble whose margin is a plain mean of its trees can leave some out.
  ///   - threads: At most so many threads; the result does not depend on it.
  package init?(
    _ ensemble: TreeEnsemble, rows: EncodedRows, levelCounts: [Int: Int],
    unseen: [[Int]]? = nil, threads: Int = 1
  ) {
    guard !ensemble.trees.isEmpty,
      let tables = TreePathTables(ensemble, width: rows.width, levelCounts: levelCounts),
      let codes = tables.codes(of: rows)
    else { return nil }
    var voices: TreeVoices?
    if let unseen {
      guard tables.isMean, unseen.count == tables.trees.count else { return nil }
      voices = TreeVoices(unseen, rows: rows.count)
    }
    self.tables = tables
    self.codes = codes
    self.voices = voices
    rowCount = rows.count
    isCovered =
      voices.map { $0.counts.map { $0 > 0 } } ?? [Bool](repeating: true, count: rows.count)
    let blocks = Parallel.blocks(of: rows.count, size: Self.blockRows)
    let heard = voices
    margins = Parallel.map(count: blocks.count, threads: threads) { index in
      tables.hasSets
        ? Self.margins(PathSetTest.self, of: blocks[index], tables, codes: codes, heard)
        : Self.margins(PathCutTest.self, of: blocks[index], tables, codes: codes, heard)
    }.flatMap { $0 }
  }

  /// Whether any node tests one of these columns.
  func tests(_ columns: [Int]) -> Bool { columns.contains { tables.places[$0] >= 0 } }

  private static func margins<Test: PathTest>(
    _ test: Test.Type, of block: Range<Int>, _ tables: TreePathTables, codes: [UInt16],
    _ voices: TreeVoices?
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: block.count)
    var walkingRows = [Int32](repeating: 0, count: block.count)
    var endNodes = walkingRows
    var span = sums.mutableSpan
    for (tree, nodes) in tables.trees.enumerated() {
      let walkers = list(
        block, tree: tree, nodes, voices, walking: &walkingRows, ends: &endNodes)
      var walking = walkingRows.mutableSpan
      var ends = endNodes.mutableSpan
      TreePathKernel.walk(
        test, tables, root: nodes.lowerBound, codes: codes.span, firstRow: block.lowerBound,
        rows: block.count, walking: &walking, count: walkers, ends: &ends)
      TreePathKernel.addValues(
        tables.values.span, ends: endNodes.span, count: block.count, into: &span)
    }
    return sums.indices.map {
      margin(ofSum: sums[$0], row: block.lowerBound + $0, tables, voices)
    }
  }

  /// Lists the rows of a block that a tree speaks about, counted from the block's first, and gives the
  /// others the tree's last leaf; returns how many are listed.
  static func list(
    _ block: Range<Int>, tree: Int, _ nodes: Range<Int>, _ voices: TreeVoices?,
    walking: inout [Int32], ends: inout [Int32]
  ) -> Int {
    var listed = 0
    for r in 0..<block.count {
      if let voices, !voices.speaks(tree: tree, row: block.lowerBound + r) {
        ends[r] = Int32(nodes.upperBound - 1)
        continue
      }
      walking[listed] = Int32(r)
      listed += 1
    }
    return listed
  }

  /// The margin that a row has by the sum of its leaves.
  static func margin(
    ofSum sum: Double, row: Int, _ tables: TreePathTables, _ voices: TreeVoices?
  ) -> Double {
    if let voices {
      let heard = voices.counts[row]
      return heard > 0 ? sum / heard : 0
    }
    return tables.isMean ? sum / Double(tables.trees.count) : tables.baseMargin + sum
  }
}

/// Which trees speak about which rows.
struct TreeVoices: Sendable {
  /// For each row the number of trees that speak about it.
  let counts: [Double]
  private let bits: [UInt8]
  private let rows: Int

  /// Takes for each tree the rows that it speaks about.
  init(_ lists: [[Int]], rows: Int) {
    var bits = [UInt8](repeating: 0, count: (rows * lists.count + 7) / 8)
    var counts = [Double](repeating: 0, count: rows)
    for (tree, list) in lists.enumerated() {
      for row in list where row >= 0 && row < rows {
        let bit = tree * rows + row
        bits[bit >> 3] |= 1 << UInt8(bit & 7)
        counts[row] += 1
      }
    }
    self.bits = bits
    self.counts = counts
    self.rows = rows
  }

  /// Whether a tree speaks about a row.
  func speaks(tree: Int, row: Int) -> Bool {
    let bit = tree * rows + row
    return bits[bit >> 3] >> UInt8(bit & 7) & 1 == 1
  }
}
