import CandorData
import CandorNumerics
import CandorScoring

/// What trees that were laid out once know of the games of applicants against their background,
/// whoever grew them.
protocol TreeGame: Sendable {
  /// The trees.
  var trees: PlayerTrees { get }

  /// Which way the background's rows go in them.
  var sides: BackgroundSides { get }

  /// The margins of the background's rows.
  var baseMargins: [Double] { get }

  /// Whether `margins(along:…)` can be asked.
  var knowsOrders: Bool { get }

  /// Exact values of the margin against the background with other weights.
  func marginValues(
    of rows: EncodedRows, weights: [Double], threads: Int
  ) throws(ExplanationError) -> Matrix

  /// The margins of the coalitions along orders of players and along their reverses.
  ///
  /// For each order of n players, one after the other: those of its first 1, 2, … n − 1 players
  /// with the applicant's values, the others with those of the background's row; then those of its
  /// last 1, 2, … n − 1.
  func margins(
    along orders: [TreeOrder], applicant: [Double], threads: Int
  ) -> [Double]

  /// Explains each row on a scale that is a straight line of the margin.
  func explain(
    _ rows: EncodedRows, quantity: ExplainedQuantity, threads: Int,
    thresholds: FidelityThresholds
  ) throws(ExplanationError) -> [Explanation]
}

/// An order in which players switch from a background row's values to the applicant's; players in
/// whom both agree may be left out.
struct TreeOrder: Sendable {
  /// The background row.
  var row: Int
  /// The players.
  var players: [Int]
}

extension InterventionalTreeShapley: TreeGame {
  var knowsOrders: Bool { players.count <= TreeOrderKernel.mostPlayers }

  /// Orders of one background row that go down the trees together.
  private struct Bundle: Sendable {
    /// The row among those with a weight.
    var row: Int
    /// The orders, as places in the list.
    var orders: [Int]
    /// The number of players of each.
    var players: Int
    /// Where its sums start.
    var sumStart: Int
  }

  func margins(
    along orders: [TreeOrder], applicant: [Double], threads: Int
  ) -> [Double] {
    let bundles = bundles(orders)
    var turns = [SIMD8<UInt8>](repeating: .zero, count: bundles.count * players.count)
    for (number, bundle) in bundles.enumerated() {
      for (lane, order) in bundle.orders.enumerated() {
        for (turn, player) in orders[order].players.enumerated() {
          let place = number * players.count + player
          turns[place][2 * lane] = UInt8(turn)
          turns[place][2 * lane + 1] = UInt8(bundle.players - 1 - turn)
        }
      }
    }
    var cells = [Double](repeating: 0, count: trees.width)
    trees.cells(applicant[...], into: &cells, at: 0)
    let count = bundles.last.map { $0.sumStart + 2 * $0.orders.count * ($0.players + 2) } ?? 0
    let blocks = trees.blocks
    let (own, all) = (cells, turns)
    let parts = Parallel.map(count: blocks.count, threads: threads) { block -> [Double] in
      differences(bundles, turns: all, trees: blocks[block], cells: own, count: count)
    }
    let sums = OrderedReduction.sum(parts)
    var starts = [Int](repeating: 0, count: orders.count)
    var end = 0
    for (place, order) in orders.enumerated() {
      starts[place] = end
      end += 2 * (order.players.count - 1)
    }
    var margins = [Double](repeating: 0, count: end)
    for bundle in bundles {
      for (position, order) in bundle.orders.enumerated() {
        for side in 0..<2 {
          let start = bundle.sumStart + (2 * position + side) * (bundle.players + 2)
          var margin = trees.baseMargin + sums[start]
          for k in 1..<bundle.players {
            margin += sums[start + k]
            margins[starts[order] + side * (bundle.players - 1) + k - 1] = margin
          }
        }
      }
    }
    return margins
  }

  /// Orders by background row, so many at a time as go down together.
  private func bundles(_ orders: [TreeOrder]) -> [Bundle] {
    var placeOf = [Int](repeating: -1, count: background.count)
    for (place, row) in sides.rows.enumerated() { placeOf[row] = place }
    var byRow = [[Int]](repeating: [], count: sides.rowCount)
    for (place, order) in orders.enumerated() where placeOf[order.row] >= 0 {
      byRow[placeOf[order.row]].append(place)
    }
    var bundles: [Bundle] = []
    var start = 0
    for (row, own) in byRow.enumerated() {
      for range in Parallel.blocks(of: own.count, size: TreeOrderKernel.lanes / 2) {
        let members = Array(own[range])
        let count = orders[members[0]].players.count
        bundles.append(Bundle(row: row, orders: members, players: count, sumStart: start))
        start += 2 * members.count * (count + 2)
      }
    }
    return bundles
  }

  /// The differences that some trees make, bundle after bundle.
  private func differences(
    _ bundles: [Bundle], turns: [SIMD8<UInt8>], trees block: Range<Int>, cells: [Double],
    count: Int
  ) -> [Double] {
    let most = block.map { trees.ranges[$0].count }.max() ?? 0
    var sums = [Double](repeating: 0, count: count)
    var forkArray = [TreeFork](repeating: TreeFork(), count: most)
    var partedArray = [UInt64](repeating: 0, count: most * sides.words)
    var errandArray = [TreeOrderErrand](repeating: TreeOrderErrand(), count: trees.depth + 1)
    var found = sums.mutableSpan
    for tree in block {
      let range = trees.ranges[tree]
      var forks = forkArray.mutableSpan
      var parted = partedArray.mutableSpan
      TreeOrderKernel.turn(
        nodes: trees.nodes.span, first: range.lowerBound, end: range.upperBound,
        masks: sides.masks.span, words: sides.words, cells: cells.span, start: 0,
        width: trees.width, setStarts: trees.setStarts.span, setWords: trees.setWords.span,
        forks: &forks, parted: &parted)
      let root = trees.roots[tree]
      var errands = errandArray.mutableSpan
      for (number, bundle) in bundles.enumerated() {
        TreeOrderKernel.add(
          forks: forkArray.span, parted: partedArray.span, words: sides.words,
          place: bundle.row, leaves: trees.leaves.span, root: root < 0 ? root : 0,
          turns: turns.span, turnStart: number * players.count, players: bundle.players,
          used: 2 * bundle.orders.count, sumStart: bundle.sumStart, errands: &errands,
          sums: &found)
      }
    }
    return sums
  }
}
