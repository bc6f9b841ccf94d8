import CandorNumerics

/// A player's columns, and for each of at most eight repeats the row that each row gets them from.
struct DealtColumns: Sendable {
  let columns: [Int]
  let orders: [[Int]]
}

/// The margins of all rows for some players and repeats.
struct DealtMargins: Sendable {
  fileprivate let blocks: [[SIMD2<Double>]]
  fileprivate let players: Int
  fileprivate let pairs: Int
  fileprivate let paths: TreePaths

  /// The margins of all rows in one repeat of a player.
  func margins(ofPlayer player: Int, repeat lane: Int) -> [Double] {
    var found: [Double] = []
    found.reserveCapacity(paths.rowCount)
    for block in blocks {
      for place in stride(from: player * pairs + lane / 2, to: block.count, by: players * pairs) {
        let sum = block[place][lane & 1]
        found.append(
          TreePaths.margin(ofSum: sum, row: found.count, paths.tables, paths.voices))
      }
    }
    return found
  }
}

extension TreePaths {
  /// The most repeats that are dealt at once.
  static let repeatsAtOnce = DealtWalkKernel.mostLanes
  /// Rows that are walked together: their codes and sums stay in the second-level cache.
  private static let dealtRows = 128
  /// The most sums that are held, 64 MB.
  private static let mostSums = 8_000_000
  /// The turns of a block that are walked together, for each of its rows.
  private static let turnsPerRow = 16

  /// Puts players together whose margins can be had at once: no two of them share a column, and their
  /// sums fit in memory. The result depends on the columns and the number of rows alone.
  func passes(of columns: [[Int]]) -> [[Int]] {
    let most = min(
      max(Self.mostSums / (max(rowCount, 1) * Self.repeatsAtOnce), 1),
      DealtWalkKernel.mostPlayers - 1)
    var passes: [[Int]] = []
    var taken = Set<Int>()
    for (player, own) in columns.enumerated() where tests(own) {
      if let last = passes.last, last.count < most, taken.isDisjoint(with: own) {
        passes[passes.count - 1].append(player)
      } else {
        passes.append([player])
        taken = []
      }
      taken.formUnion(own)
    }
    return passes
  }

  /// The margins of all rows once each player's columns, and no other's, are those of the rows that
  /// its orders name: O(rows · trees · (depth + turns)).
  ///
  /// - Parameters:
  ///   - players: Players without a common column, all with the same number of orders.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: A margin for each player, order and row.
  func dealing(_ players: [DealtColumns], threads: Int) -> DealtMargins {
    let deal = Deal(players, tables: tables)
    let blocks = Parallel.blocks(of: rowCount, size: Self.dealtRows)
    let sums = Parallel.map(count: blocks.count, threads: threads) { index in
      tables.hasSets
        ? add(PathSetTest.self, deal, block: blocks[index])
        : add(PathCutTest.self, deal, block: blocks[index])
    }
    return DealtMargins(
      blocks: sums, players: deal.players, pairs: (deal.lanes + 1) / 2, paths: self)
  }

  /// The margins of all rows once some columns are those of the rows that an order names, one list an
  /// order.
  package func margins(dealing columns: [Int], in orders: [[Int]]) -> [[Double]] {
    guard tests(columns) else { return orders.map { _ in margins } }
    return Parallel.blocks(of: orders.count, size: Self.repeatsAtOnce).flatMap { part in
      let dealt = dealing(
        [DealtColumns(columns: columns, orders: Array(orders[part]))], threads: 1)
      return (0..<part.count).map { dealt.margins(ofPlayer: 0, repeat: $0) }
    }
  }

  private func add<Test: PathTest>(
    _ test: Test.Type, _ deal: Deal, block: Range<Int>
  ) -> [SIMD2<Double>] {
    let count = block.count
    let pairs = (deal.lanes + 1) / 2
    let slots = deal.players + 1
    let dealt = deal.codes(of: block, from: codes, stride: tables.stride)
    var sums = [SIMD2<Double>](repeating: .zero, count: count * deal.players * pairs)
    var live = [UInt8](repeating: UInt8((1 << deal.lanes) - 1), count: count * slots)
    for r in 0..<count { live[r * slots + deal.players] = 0 }
    var walkingRows = [Int32](repeating: 0, count: count)
    var endNodes = walkingRows
    let room = Self.turnsPerRow * count * DealtWalkKernel.mostLanes + 1
    var (turnList, pausedList, doneList) = (
      [UInt64](repeating: 0, count: room), [UInt64](repeating: 0, count: room),
      [UInt64](repeating: 0, count: room)
    )
    var span = sums.mutableSpan
    var alive = live.mutableSpan
    var turns = turnList.mutableSpan
    var paused = pausedList.mutableSpan
    var done = doneList.mutableSpan
    for (tree, nodes) in tables.trees.enumerated() {
      let walkers = Self.list(
        block, tree: tree, nodes, voices, walking: &walkingRows, ends: &endNodes)
      var walking = walkingRows.mutableSpan
      var ends = endNodes.mutableSpan
      DealtWalkKernel.addTree(
        test, tables, root: nodes.lowerBound, codes: codes.span, firstRow: block.lowerBound,
        dealt: dealt.span, playerOf: deal.playerOf.span, players: deal.players,
        lanes: deal.lanes, masks: deal.masks.span, rows: count, walking: &walking,
        walkers: walkers, ends: &ends, alive: &alive, turns: &turns, paused: &paused,
        done: &done, into: &span)
    }
    return sums
  }
}

/// Who is dealt, as the walks need it.
private struct Deal: Sendable {
  /// The number of players.
  let players: Int
  /// The number of repeats.
  let lanes: Int
  /// For each place of a row of codes its player, or the number of players.
  let playerOf: [UInt16]
  /// For each set of repeats four pairs of words, all ones where the repeat is in it.
  let masks: [SIMD2<UInt64>]
  /// The places that are dealt, each with its player.
  private let places: [(place: Int, player: Int)]
  private let orders: [[[Int]]]

  init(_ dealt: [DealtColumns], tables: TreePathTables) {
    var playerOf = [UInt16](repeating: UInt16(dealt.count), count: tables.stride)
    var places: [(place: Int, player: Int)] = []
    for (player, own) in dealt.enumerated() {
      for column in own.columns where tables.places[column] >= 0 {
        playerOf[tables.places[column]] = UInt16(player)
        places.append((tables.places[column], player))
      }
    }
    players = dealt.count
    lanes = dealt.first?.orders.count ?? 0
    self.playerOf = playerOf
    self.places = places
    orders = dealt.map(\.orders)
    masks = (0..<1024).map { place in
      let (set, lane) = (place / 4, place % 4 * 2)
      return SIMD2(
        (set >> lane) & 1 == 1 ? UInt64.max : 0, (set >> (lane + 1)) & 1 == 1 ? UInt64.max : 0)
    }
  }

  /// For each row of a block and each place the dealt code of each repeat.
  func codes(of block: Range<Int>, from codes: [UInt16], stride: Int) -> [SIMD8<UInt16>] {
    var dealt = [SIMD8<UInt16>](repeating: .zero, count: block.count * stride)
    for (place, player) in places {
      for (lane, order) in orders[player].enumerated() {
        for r in 0..<block.count {
          dealt[r * stride + place][lane] = codes[order[block.lowerBound + r] * stride + place]
        }
      }
    }
    return dealt
  }
}
