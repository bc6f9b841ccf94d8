/// An inner node as one applicant meets it: its children by the applicant's side and the other one,
/// counted from the tree's first node, or the complement of a leaf.
struct TreeFork: Sendable {
  var own: Int32 = 0
  var other: Int32 = 0
  var player: Int32 = 0
}

/// A part of a tree that is still to be walked, and the coalitions of each order that reach it.
struct TreeOrderErrand: Sendable {
  var child: Int32 = 0
  var low: SIMD8<UInt8> = .zero
  var high: SIMD8<UInt8> = .zero
}

/// The margins of all coalitions along random orders, one applicant against one background row.
///
/// An order lets one player after another switch to the applicant's values. The coalitions that reach
/// a node follow one another in it: where applicant and row part at a player's test, those before the
/// player's turn go with the row, and those after it with the applicant. So an order is an interval at
/// each node, a leaf adds its value to one interval, and a sum of differences takes two additions
/// whatever the interval's length. Eight orders go down together.
enum TreeOrderKernel {
  /// The orders that go down a tree together.
  static let lanes = 8
  /// The most players of an order: numbers of players are bytes, one more than there are players.
  static let mostPlayers = 250

  /// Turns a tree's nodes, from `first` up to `end`, to the applicant whose cells start at `start`, and
  /// sets the bits of the rows that part from it.
  ///
  /// Shapes: `masks` as in `TreeTestKernel.fill`; `forks` has a place for each node of the tree,
  /// `parted` `words` of them.
  static func turn(
    nodes: Span<GameNode>, first: Int, end: Int, masks: Span<UInt64>, words: Int,
    cells: Span<Double>, start: Int, width: Int, setStarts: Span<Int32>, setWords: Span<UInt64>,
    forks: inout MutableSpan<TreeFork>, parted: inout MutableSpan<UInt64>
  ) {
    precondition(
      first >= 0 && end >= first && end <= nodes.count && masks.count >= end * words
        && start >= 0 && cells.count >= start + width && forks.count >= end - first
        && parted.count >= (end - first) * words)
    for position in first..<end {
      let node = unsafe nodes[unchecked: position]
      let left = TreeTestKernel.goesLeft(
        node, cells: cells, start: start, setStarts: setStarts, setWords: setWords)
      let flip: UInt64 = left ? .max : 0
      let own = left ? node.left : node.right
      let other = left ? node.right : node.left
      let here = position &- first
      let shift = Int32(truncatingIfNeeded: first)
      unsafe forks[unchecked: here] = TreeFork(
        own: own < 0 ? own : own &- shift, other: other < 0 ? other : other &- shift,
        player: node.player)
      for word in 0..<words {
        unsafe parted[unchecked: here &* words &+ word] =
          masks[unchecked: position &* words &+ word] ^ flip
      }
    }
  }

  /// Adds one tree's differences to `sums`: `players + 2` numbers an order from `sumStart` on, of which
  /// the first `players + 1`, added up from the front, are the margins of none, one, … all players.
  ///
  /// Shapes: `forks` and `parted` as `turn` left them, the row's bit at `place`; `turns` has for each
  /// player, from `turnStart` on, how many players switch before it in each order; `used` orders are
  /// played, `lanes` at most; `errands` has a place for each node on the longest path and one more.
  static func add(
    forks: Span<TreeFork>, parted: Span<UInt64>, words: Int, place: Int, leaves: Span<Double>,
    root: Int32, turns: Span<SIMD8<UInt8>>, turnStart: Int, players: Int, used: Int,
    sumStart: Int, errands: inout MutableSpan<TreeOrderErrand>, sums: inout MutableSpan<Double>
  ) {
    let stride = players &+ 2
    precondition(
      place >= 0 && place < 64 * words && turnStart >= 0 && players <= mostPlayers
        && used <= lanes && sumStart >= 0 && sums.count >= sumStart + used * stride)
    let word = place &>> 6
    let bit = UInt64(place & 63)
    // Lanes that are not used reach nothing.
    let isUsed =
      SIMD8<UInt8>(0, 1, 2, 3, 4, 5, 6, 7) .< SIMD8(repeating: UInt8(truncatingIfNeeded: used))
    var low = SIMD8<UInt8>(repeating: 1).replacing(with: 0, where: isUsed)
    var high = SIMD8<UInt8>.zero.replacing(
      with: UInt8(truncatingIfNeeded: players), where: isUsed)
    var child = root
    var pending = 0
    while true {
      while child >= 0 {
        let fork = unsafe forks[unchecked: Int(child)]
        if unsafe parted[unchecked: Int(child) &* words &+ word] &>> bit & 1 == 0 {
          child = fork.own
          continue
        }
        let turn = unsafe turns[unchecked: turnStart &+ Int(fork.player)]
        let after = low.replacing(with: turn &+ 1, where: low .<= turn)
        let before = high.replacing(with: turn, where: high .> turn)
        let isOther = reaches(low, before)
        if reaches(after, high) {
          if isOther {
            unsafe errands[unchecked: pending] = TreeOrderErrand(
              child: fork.other, low: low, high: before)
            pending &+= 1
          }
          child = fork.own
          low = after
        } else {
          child = fork.other
          high = before
        }
      }
      let value = unsafe leaves[unchecked: Int(~child)]
      let lows = unsafe unsafeBitCast(low, to: UInt64.self)
      let highs = unsafe unsafeBitCast(high, to: UInt64.self)
      var start = sumStart
      for lane in 0..<used {
        let from = Int(truncatingIfNeeded: lows &>> UInt64(8 &* lane) & 255)
        let to = Int(truncatingIfNeeded: highs &>> UInt64(8 &* lane) & 255)
        // What reaches nothing goes to a place that is never read.
        let isEmpty = from > to
        unsafe sums[unchecked: start &+ (isEmpty ? players &+ 1 : from)] += value
        unsafe sums[unchecked: start &+ (isEmpty ? players &+ 1 : to &+ 1)] -= value
        start &+= stride
      }
      guard pending > 0 else { return }
      pending &-= 1
      let errand = unsafe errands[unchecked: pending]
      child = errand.child
      low = errand.low
      high = errand.high
    }
  }

  /// Whether one of the intervals holds anything.
  @inline(__always)
  private static func reaches(_ low: SIMD8<UInt8>, _ high: SIMD8<UInt8>) -> Bool {
    let found = SIMD8<UInt8>.zero.replacing(with: 255, where: low .<= high)
    return unsafe unsafeBitCast(found, to: UInt64.self) != 0
  }
}
