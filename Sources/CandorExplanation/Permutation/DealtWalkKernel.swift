/// Walks of a block of rows through one tree for many players at once, each of whom has up to eight
/// repeats in which its columns are another row's.
///
/// A row's own way is walked once. Where a node on it tests a player, the repeats whose dealt code
/// goes to the other side turn off together, as one walk that follows the row's own codes but at
/// nodes that test the same player, where it may part again. So a walk stands for all repeats that go
/// the same way, and a repeat that never turns off costs nothing. Nothing is approximated: every
/// repeat ends at the leaf of the row with the dealt columns, and sums are taken over trees in their
/// order.
///
/// A turn is one number of 64 bits: the node in the upper half, then eight bits of repeats, twelve of
/// the row and twelve of the player.
enum DealtWalkKernel {
  /// The most rows of a block and the most players.
  static let mostRows = 4095
  static let mostPlayers = 4095
  /// The most repeats: the lanes of a mask.
  static let mostLanes = 8

  /// Adds one tree's values to the sums of a block.
  ///
  /// Shapes: `codes` are those of all rows, the block's from row `firstRow` on; `dealt` has for each
  /// of the block's rows and places one code a repeat; `playerOf` has for each place its player, or
  /// `players` where it has none. `walking` lists the `walkers` rows that the tree speaks about; the
  /// `ends` of the others are leaves. `alive` has for each row and player, and one more, the repeats
  /// that are on the row's own way: all of them (none for the one more) before and after. `masks`
  /// has for each set of repeats four pairs of words, all ones or zero. `turns`, `paused` and `done`
  /// have one place more than a multiple of eight times the rows. `sums` has for each row and player
  /// `pairs` pairs of repeats.
  static func addTree<Test: PathTest>(
    _ test: Test.Type, _ tables: TreePathTables, root: Int, codes: Span<UInt16>, firstRow: Int,
    dealt: Span<SIMD8<UInt16>>, playerOf: Span<UInt16>, players: Int, lanes: Int,
    masks: Span<SIMD2<UInt64>>, rows: Int, walking: inout MutableSpan<Int32>, walkers: Int,
    ends: inout MutableSpan<Int32>, alive: inout MutableSpan<UInt8>,
    turns: inout MutableSpan<UInt64>, paused: inout MutableSpan<UInt64>,
    done: inout MutableSpan<UInt64>, into sums: inout MutableSpan<SIMD2<Double>>
  ) {
    let nodes = tables.nodes.span
    let sets = tables.sets.span
    let words = tables.words.span
    let values = tables.values.span
    let stride = tables.stride
    let pairs = (lanes &+ 1) / 2
    let slots = players &+ 1
    // Each of so many turns can part into eight.
    let room = (min(turns.count, paused.count, done.count) &- 1) / mostLanes
    precondition(
      rows <= mostRows && players <= mostPlayers && lanes <= mostLanes && walkers <= rows
        && rows <= room && rows <= walking.count && rows <= ends.count && root < nodes.count
        && values.count == nodes.count && (firstRow + rows) * stride <= codes.count
        && rows * stride <= dealt.count && stride <= playerOf.count
        && rows * slots <= alive.count && masks.count == 1024
        && rows * players * pairs <= sums.count)
    let first = firstRow &* stride
    for j in 0..<walkers {
      unsafe ends[unchecked: Int(walking[unchecked: j])] = Int32(truncatingIfNeeded: root)
    }
    var turned = 0
    var finished = 0
    var active = nodes[root].left == root ? 0 : walkers
    while active > 0 {
      if turned &+ finished &+ active > room {
        walkOn(
          test, nodes, sets, words, codes, first, stride, dealt, playerOf, lanes, turned,
          &turns, &paused, &done, &finished)
        settle(values, masks, players, pairs, done.span, finished, &sums)
        turned = 0
        finished = 0
      }
      var kept = 0
      for j in 0..<active {
        let row = Int(unsafe walking[unchecked: j])
        let position = Int(unsafe ends[unchecked: row])
        let node = unsafe nodes[unchecked: position]
        let cell = row &* stride &+ Int(node.place)
        let code = unsafe codes[unchecked: first &+ cell]
        let right = test.right(node, at: position, code: code, sets: sets, words: words)
        let dealtRight = test.rightLanes(
          node, at: position, codes: unsafe dealt[unchecked: cell], lanes: lanes, sets: sets,
          words: words)
        let player = Int(unsafe playerOf[unchecked: Int(node.place)])
        let slot = row &* slots &+ player
        let live = UInt32(unsafe alive[unchecked: slot])
        let off = (dealtRight ^ (0 &- right)) & live
        unsafe alive[unchecked: slot] = UInt8(truncatingIfNeeded: live & ~off)
        let left = node.link &>> 3
        unsafe ends[unchecked: row] = Int32(truncatingIfNeeded: left &+ right)
        unsafe walking[unchecked: kept] = Int32(truncatingIfNeeded: row)
        kept &+= Int(~(node.link &>> (1 &+ right)) & 1)
        let turn =
          UInt64(left &+ (right ^ 1)) &<< 32
          | UInt64(off &<< 24 | UInt32(truncatingIfNeeded: row &<< 12 | player))
        // 1 where any repeat turns off, without a branch that nobody could foretell.
        let isTurn = (0 &- off) &>> 31
        let isLeaf = node.link &>> (2 &- right) & 1
        unsafe turns[unchecked: turned] = turn
        turned &+= Int(isTurn & ~isLeaf)
        unsafe done[unchecked: finished] = turn
        finished &+= Int(isTurn & isLeaf)
      }
      active = kept
    }
    walkOn(
      test, nodes, sets, words, codes, first, stride, dealt, playerOf, lanes, turned, &turns,
      &paused, &done, &finished)
    settle(values, masks, players, pairs, done.span, finished, &sums)
    let all = UInt8(truncatingIfNeeded: (1 &<< lanes) &- 1)
    for row in 0..<rows {
      let value = unsafe values[unchecked: Int(ends[unchecked: row])]
      for player in 0..<players {
        let slot = row &* slots &+ player
        let live = Int(unsafe alive[unchecked: slot])
        unsafe alive[unchecked: slot] = all
        add(value, live, masks, pairs, at: (row &* players &+ player) &* pairs, &sums)
      }
    }
  }

  /// Walks turns to their leaves, a level at a time.
  @inline(__always)
  private static func walkOn<Test: PathTest>(
    _ test: Test.Type, _ nodes: Span<PathNode>, _ sets: Span<Int32>, _ words: Span<UInt32>,
    _ codes: Span<UInt16>, _ first: Int, _ stride: Int, _ dealt: Span<SIMD8<UInt16>>,
    _ playerOf: Span<UInt16>, _ lanes: Int, _ count: Int, _ turns: inout MutableSpan<UInt64>,
    _ paused: inout MutableSpan<UInt64>, _ done: inout MutableSpan<UInt64>, _ finished: inout Int
  ) {
    var active = count
    var ready = finished
    while active > 0 {
      var kept = 0
      var waiting = 0
      for j in 0..<active {
        let turn = unsafe turns[unchecked: j]
        let position = Int(turn &>> 32)
        let row = Int(turn &>> 12 & 4095)
        let node = unsafe nodes[unchecked: position]
        let code = unsafe codes[unchecked: first &+ row &* stride &+ Int(node.place)]
        let right = test.right(node, at: position, code: code, sets: sets, words: words)
        let other = unsafe playerOf[unchecked: Int(node.place)]
        let isOwn: UInt32 = UInt32(other) == UInt32(truncatingIfNeeded: turn & 4095) ? 1 : 0
        let moved = UInt64((node.link &>> 3) &+ right) &<< 32 | turn & 0xFFFF_FFFF
        let isLeaf = node.link &>> (1 &+ right) & 1
        unsafe turns[unchecked: kept] = moved
        kept &+= Int((isOwn | isLeaf) ^ 1)
        unsafe done[unchecked: ready] = moved
        ready &+= Int(isLeaf & ~isOwn)
        unsafe paused[unchecked: waiting] = turn
        waiting &+= Int(isOwn)
      }
      for j in 0..<waiting {
        let turn = unsafe paused[unchecked: j]
        let position = Int(turn &>> 32)
        let row = Int(turn &>> 12 & 4095)
        let node = unsafe nodes[unchecked: position]
        let dealtRight = test.rightLanes(
          node, at: position,
          codes: unsafe dealt[unchecked: row &* stride &+ Int(node.place)], lanes: lanes,
          sets: sets, words: words)
        let mask = UInt32(truncatingIfNeeded: turn &>> 24 & 255)
        for side in 0..<2 as Range<UInt32> {
          let part = mask & (dealtRight ^ (side &- 1))
          let moved =
            UInt64((node.link &>> 3) &+ side) &<< 32 | UInt64(part) &<< 24 | turn & 0xFF_FFFF
          let isPart = (0 &- part) &>> 31
          let isLeaf = node.link &>> (1 &+ side) & 1
          unsafe turns[unchecked: kept] = moved
          kept &+= Int(isPart & ~isLeaf)
          unsafe done[unchecked: ready] = moved
          ready &+= Int(isPart & isLeaf)
        }
      }
      active = kept
    }
    finished = ready
  }

  /// Adds the values of the leaves that turns have come to.
  @inline(__always)
  private static func settle(
    _ values: Span<Double>, _ masks: Span<SIMD2<UInt64>>, _ players: Int, _ pairs: Int,
    _ done: Span<UInt64>, _ count: Int, _ sums: inout MutableSpan<SIMD2<Double>>
  ) {
    for j in 0..<count {
      let turn = unsafe done[unchecked: j]
      let value = unsafe values[unchecked: Int(turn &>> 32)]
      let place = Int(turn &>> 12 & 4095) &* players &+ Int(turn & 4095)
      add(value, Int(turn &>> 24 & 255), masks, pairs, at: place &* pairs, &sums)
    }
  }

  /// Adds a value to the repeats of a set, and zero to the others, which changes no bit of a sum that
  /// began at zero.
  @inline(__always)
  private static func add(
    _ value: Double, _ lanes: Int, _ masks: Span<SIMD2<UInt64>>, _ pairs: Int, at place: Int,
    _ sums: inout MutableSpan<SIMD2<Double>>
  ) {
    let bits = SIMD2<UInt64>(repeating: value.bitPattern)
    for pair in 0..<pairs {
      let masked = unsafe bits & masks[unchecked: lanes &* 4 &+ pair]
      unsafe sums[unchecked: place &+ pair] += unsafeBitCast(masked, to: SIMD2<Double>.self)
    }
  }
}
