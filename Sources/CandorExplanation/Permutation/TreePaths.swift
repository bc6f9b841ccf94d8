package import CandorData
import CandorNumerics
package import CandorScoring

/// The ways of rows through the trees of an ensemble, so that margins with a few columns dealt from
/// other rows cost only the walks that change.
///
/// A dealt column changes only the (row, tree) pairs whose way tests it, and of those only the ones
/// whose dealt value turns off at such a test; the others keep their leaf, and all sums are taken over
/// the trees in their order, so that a margin has the bits that it would have if every walk were
/// walked. Memory: two bytes a cell of the columns that trees test, four bytes a (row, tree) pair up
/// to 64 MB (beyond that ways are walked again for every player), and a few MB a thread.
package struct TreePaths: Sendable {
  /// The margins of the rows as they are.
  package let margins: [Double]
  /// Whether each row has a tree that speaks about it; all have where no tree is left out.
  package let isCovered: [Bool]

  private let tables: TreePathTables
  private let codes: [UInt16]
  private let rowCount: Int
  /// The leaf of each tree and row, by block, trees outside; empty where they are not kept.
  private let leaves: [[Int32]]
  /// A bit for each tree and row that the tree speaks about; nil where it speaks about all.
  private let speaks: [UInt8]?
  /// For each row the number of trees that speak about it; nil where all do.
  private let voices: [Double]?

  /// Rows that are walked together.
  static let blockRows = 2048
  /// The most (row, tree) pairs whose leaf is kept, 64 MB.
  private static let mostKept = 16_000_000
  /// The most margins that are computed at once, 32 MB.
  private static let mostMargins = 4_000_000

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
    let count = rows.count
    let speaks: [UInt8]?
    let voices: [Double]?
    if let unseen {
      guard tables.isMean, unseen.count == tables.trees.count else { return nil }
      var bits = [UInt8](repeating: 0, count: (count * unseen.count + 7) / 8)
      var heard = [Double](repeating: 0, count: count)
      for (tree, list) in unseen.enumerated() {
        for row in list where row >= 0 && row < count {
          let bit = tree * count + row
          bits[bit >> 3] |= 1 << UInt8(bit & 7)
          heard[row] += 1
        }
      }
      speaks = bits
      voices = heard
    } else {
      speaks = nil
      voices = nil
    }
    self.tables = tables
    self.codes = codes
    self.speaks = speaks
    self.voices = voices
    rowCount = count
    isCovered = voices.map { $0.map { $0 > 0 } } ?? [Bool](repeating: true, count: count)
    let keeps = count * tables.trees.count <= Self.mostKept
    let blocks = Parallel.blocks(of: count, size: Self.blockRows)
    let walked = Parallel.map(count: blocks.count, threads: threads) {
      index -> (leaves: [Int32], margins: [Double]) in
      let found = Self.leaves(of: blocks[index], tables, codes: codes, rows: count, speaks)
      var sums = [Double](repeating: 0, count: blocks[index].count)
      var span = sums.mutableSpan
      for tree in tables.trees.indices {
        TreePathKernel.addValues(
          tables.values.span, leaves: found.span, firstLeaf: tree * blocks[index].count,
          count: blocks[index].count, into: &span, at: 0)
      }
      Self.finish(&sums, tables, rows: blocks[index], voices)
      return (keeps ? found : [], sums)
    }
    leaves = keeps ? walked.map(\.leaves) : []
    margins = walked.flatMap(\.margins)
  }

  /// The margins of all rows once these columns are those of the rows that an order names, one list
  /// an order.
  ///
  /// - Parameters:
  ///   - columns: The encoded columns that are dealt.
  ///   - orders: For each row the row whose columns it gets.
  /// - Returns: As many lists as orders.
  package func margins(dealing columns: [Int], in orders: [[Int]]) -> [[Double]] {
    let player = PlayerPaths(columns: columns, tables: tables)
    guard player.isUsed else { return orders.map { _ in margins } }
    var result = orders.map { _ in [Double]() }
    for i in result.indices { result[i].reserveCapacity(rowCount) }
    for (index, block) in Parallel.blocks(of: rowCount, size: Self.blockRows).enumerated() {
      let sums = dealt(player, block: block, index: index, orders: orders)
      for i in orders.indices {
        result[i].append(contentsOf: sums[i * block.count..<(i + 1) * block.count])
      }
    }
    return result
  }

  /// How many orders `margins(dealing:in:)` should be given at once, for memory's sake.
  package var ordersAtOnce: Int { min(max(Self.mostMargins / max(rowCount, 1), 1), 16) }

  private func dealt(
    _ player: PlayerPaths, block: Range<Int>, index: Int, orders: [[Int]]
  ) -> [Double] {
    let own =
      leaves.isEmpty
      ? Self.leaves(of: block, tables, codes: codes, rows: rowCount, speaks) : leaves[index]
    if !tables.hasSets {
      return add(PathCutTest.self, player, block: block, leaves: own, orders: orders)
    }
    return add(PathSetTest.self, player, block: block, leaves: own, orders: orders)
  }

  private func add<Test: PathTest>(
    _ test: Test.Type, _ player: PlayerPaths, block: Range<Int>, leaves: [Int32],
    orders: [[Int]]
  ) -> [Double] {
    let count = block.count
    let stride = tables.stride
    var mixed: [UInt16] = []
    mixed.reserveCapacity(count * stride * orders.count)
    var dealt = [UInt16](repeating: 0, count: count * orders.count)
    for (i, order) in orders.enumerated() {
      mixed.append(contentsOf: codes[block.lowerBound * stride..<block.upperBound * stride])
      for r in 0..<count {
        let donor = order[block.lowerBound + r] * stride
        let target = (i * count + r) * stride
        var differs: UInt16 = 0
        for place in player.places {
          let code = codes[donor + place]
          if mixed[target + place] != code { differs = 1 }
          mixed[target + place] = code
        }
        dealt[i * count + r] = player.isByArc ? mixed[target + player.places[0]] : differs
      }
    }
    var sums = [Double](repeating: 0, count: count * orders.count)
    var values = [Double](repeating: 0, count: count)
    var stashed = values
    var walkingRows = [Int32](repeating: 0, count: count)
    var dueItems = walkingRows
    var endNodes = walkingRows
    var listedRows = walkingRows
    var listedEntries = [PathEntry](repeating: PathEntry(), count: count)
    var span = sums.mutableSpan
    var walking = walkingRows.mutableSpan
    var due = dueItems.mutableSpan
    var ends = endNodes.mutableSpan
    var stash = stashed.mutableSpan
    for tree in tables.trees.indices {
      var own = values.mutableSpan
      TreePathKernel.gather(
        tables.values.span, leaves: leaves.span, firstLeaf: tree * count, count: count, into: &own)
      var listed = 0
      if player.uses[tree] {
        var rows = listedRows.mutableSpan
        var found = listedEntries.mutableSpan
        listed = TreePathKernel.listTested(
          entries: player.entries.span, leaves: leaves.span, firstLeaf: tree * count, count: count,
          rows: &rows, found: &found)
      }
      for i in orders.indices {
        if listed == 0 {
          TreePathKernel.add(values.span, count: count, into: &span, at: i * count)
          continue
        }
        TreePathKernel.addDealt(
          test, nodes: tables.nodes.span, sets: tables.sets.span, words: tables.words.span,
          values: tables.values.span, rows: listedRows.span, entries: listedEntries.span,
          listed: listed, dealt: dealt.span, codes: mixed.span, firstRow: i * count,
          stride: stride, own: values.span, count: count, walking: &walking, due: &due,
          ends: &ends, stash: &stash, into: &span, at: i * count)
      }
    }
    for i in orders.indices {
      var part = Array(sums[i * count..<(i + 1) * count])
      Self.finish(&part, tables, rows: block, voices)
      sums.replaceSubrange(i * count..<(i + 1) * count, with: part)
    }
    return sums
  }

  /// The leaves that a block's rows reach, trees outside; a tree that does not speak about a row has
  /// its last leaf there.
  private static func leaves(
    of block: Range<Int>, _ tables: TreePathTables, codes: [UInt16], rows: Int, _ speaks: [UInt8]?
  ) -> [Int32] {
    let count = block.count
    var found: [Int32] = []
    found.reserveCapacity(count * tables.trees.count)
    var walkingRows = [Int32](repeating: 0, count: count)
    var endNodes = walkingRows
    let rowNumbers = Array(0..<Int32(count))
    for (tree, range) in tables.trees.enumerated() {
      var walking = walkingRows.mutableSpan
      var ends = endNodes.mutableSpan
      if !tables.hasSets {
        TreePathKernel.assignLeaves(
          PathCutTest.self, nodes: tables.nodes.span, sets: tables.sets.span,
          words: tables.words.span, codes: codes.span, firstRow: block.lowerBound,
          stride: tables.stride, root: range.lowerBound, rows: rowNumbers.span, count: count,
          walking: &walking, ends: &ends)
      } else {
        TreePathKernel.assignLeaves(
          PathSetTest.self, nodes: tables.nodes.span, sets: tables.sets.span,
          words: tables.words.span, codes: codes.span, firstRow: block.lowerBound,
          stride: tables.stride, root: range.lowerBound, rows: rowNumbers.span, count: count,
          walking: &walking, ends: &ends)
      }
      if let speaks {
        for r in 0..<count {
          let bit = tree * rows + block.lowerBound + r
          if speaks[bit >> 3] >> UInt8(bit & 7) & 1 == 0 {
            endNodes[r] = Int32(range.upperBound - 1)
          }
        }
      }
      found.append(contentsOf: endNodes)
    }
    return found
  }

  /// Turns sums into margins.
  private static func finish(
    _ sums: inout [Double], _ tables: TreePathTables, rows: Range<Int>, _ voices: [Double]?
  ) {
    let trees = Double(tables.trees.count)
    for i in sums.indices {
      if let voices {
        let heard = voices[rows.lowerBound + i]
        sums[i] = heard > 0 ? sums[i] / heard : 0
      } else {
        sums[i] = tables.isMean ? sums[i] / trees : tables.baseMargin + sums[i]
      }
    }
  }
}

/// What a player's columns do on the ways of an ensemble.
private struct PlayerPaths {
  /// The player's places in a row of codes.
  let places: [Int]
  /// Whether the dealt code alone says if a row keeps its leaf.
  let isByArc: Bool
  /// Whether each tree tests the player.
  let uses: [Bool]
  /// For each leaf where its way tests the player.
  let entries: [PathEntry]

  /// Whether any tree tests the player.
  var isUsed: Bool { uses.contains(true) }

  /// Looks at every node once.
  init(columns: [Int], tables: TreePathTables) {
    let places = columns.map { tables.places[$0] }.filter { $0 >= 0 }
    let isByArc = places.count == 1 && !tables.setPlaces.contains(places[0])
    let count = places.isEmpty ? 0 : tables.nodes.count
    var found = [PathEntry](repeating: PathEntry(), count: count)
    var missingCells = [UInt8](repeating: 1, count: count)
    var tested = [UInt8](repeating: 0, count: tables.stride)
    for place in places { tested[place] = 1 }
    var used = [Bool](repeating: false, count: tables.trees.count)
    if !places.isEmpty {
      var span = found.mutableSpan
      var missing = missingCells.mutableSpan
      for (tree, range) in tables.trees.enumerated() {
        used[tree] = TreePathKernel.findEntries(
          nodes: tables.nodes.span, range: range, isTested: tested.span, byArc: isByArc,
          entries: &span, missing: &missing)
      }
    }
    self.places = places
    self.isByArc = isByArc
    uses = used
    entries = found
  }
}
