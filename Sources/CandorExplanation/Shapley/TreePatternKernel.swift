/// A node on the way down a tree that many rows go down together.
struct PatternFrame: Sendable {
  var node: Int32 = 0
  /// The players on the path to the node.
  var players: Int32 = 0
  /// The sides that are done.
  var stage: Int32 = 0
}

/// The marginal game of many applicants in one tree, leaf by leaf.
///
/// Which players' tests on the path to a leaf a row passes is a pattern of d bits. With Z(T) the share
/// of the background that passes all tests of the players T, the leaf gives player i of an applicant
/// with the pattern o
///
///     value · Σ over A ⊆ o of  Z(¬A) · w(|A| − 1) where i ∈ A,  −Z(¬A) · w(|A|) elsewhere,
///
/// `w(a) = a! (d − 1 − a)! / d!`: the product of `b(1 − t) + o t` over the players, multiplied out and
/// integrated. Both sums run over subsets, so that two passes over tables of 2^d numbers give the
/// values for all patterns, and each applicant looks its own up; the two leaves below one node share a
/// table. O(2^d d²) a leaf and O(d) an applicant and leaf.
enum TreePatternKernel {
  /// The most players on a path for which tables are made.
  static let mostPlayers = 12

  /// Adds the values of one tree for `rows` applicants to `values`, `rows` numbers a player.
  ///
  /// Shapes: `cells` holds the columns one after the other, `total` cells each: applicants, then
  /// background rows with their `weights`. For trees of `depth` nodes on the longest path, `patterns`
  /// and `sides` hold `(depth + 1) · total` numbers, `frames` `depth + 1`; `slots` and `slotOf` have a
  /// place for each player and one more; `shares`, `other` and `table` hold 2 · 2^12 numbers; `sizes`
  /// the number of bits of 0 ..< 2^13; `factors[d · stride + a]` is w(a) for d players. No path has
  /// more than twelve players.
  static func add(
    nodes: Span<GameNode>, leaves: Span<Double>, root: Int32, depth: Int, cells: Span<Double>,
    rows: Int, total: Int, weights: Span<Double>, setStarts: Span<Int32>, setWords: Span<UInt64>,
    factors: Span<Double>, stride: Int, sizes: Span<UInt8>,
    patterns: inout MutableSpan<UInt16>, sides: inout MutableSpan<UInt16>,
    frames: inout MutableSpan<PatternFrame>, slots: inout MutableSpan<Int32>,
    slotOf: inout MutableSpan<Int32>, shares: inout MutableSpan<Double>,
    other: inout MutableSpan<Double>, table: inout MutableSpan<Double>,
    values: inout MutableSpan<Double>
  ) {
    let most = 2 << mostPlayers
    precondition(
      rows >= 0 && total == rows + weights.count && patterns.count >= (depth + 1) * total
        && sides.count >= (depth + 1) * total && frames.count > depth && shares.count >= most
        && other.count >= most && table.count >= most && sizes.count >= most
        && factors.count >= stride * stride && slots.count > mostPlayers)
    guard root >= 0 else { return }
    for r in 0..<total { unsafe patterns[unchecked: r] = 0 }
    var level = 0
    unsafe frames[unchecked: 0] = PatternFrame(node: root)
    while level >= 0 {
      let frame = unsafe frames[unchecked: level]
      if frame.stage == 2 {
        level &-= 1
        continue
      }
      let node = unsafe nodes[unchecked: Int(frame.node)]
      let here = level &* total
      let isRepeated = node.earlier >= 0
      let before = Int(frame.players)
      if frame.stage == 0 {
        decide(node, cells, total, setStarts, setWords, here, &sides)
        if !isRepeated {
          unsafe slotOf[unchecked: Int(node.player)] = Int32(truncatingIfNeeded: before)
          unsafe slots[unchecked: before] = node.player
        }
      }
      let slot = Int(unsafe slotOf[unchecked: Int(node.player)])
      let count = isRepeated ? before : before &+ 1
      if frame.stage == 0, node.left < 0, node.right < 0 {
        // The side taken is a bit of its own, above the path's.
        let bit = UInt16(1) &<< UInt16(before)
        for r in 0..<total {
          unsafe patterns[unchecked: here &+ r] |= sides[unchecked: here &+ r] & bit
        }
        let shape = PatternShape(
          players: count, bits: before &+ 1, slotBit: 1 &<< slot, sideBit: Int(bit),
          isRepeated: isRepeated)
        pair(
          unsafe leaves[unchecked: Int(~node.left)], unsafe leaves[unchecked: Int(~node.right)],
          shape, patterns, here, rows, weights, factors, stride, sizes, slots, &shares, &other,
          &table, &values)
        level &-= 1
        continue
      }
      let isLeft = frame.stage == 0
      unsafe frames[unchecked: level].stage &+= 1
      let below = here &+ total
      let bit = UInt16(1) &<< UInt16(slot)
      let flip: UInt16 = isLeft ? 0 : .max
      if isRepeated {
        for r in 0..<total {
          let side = unsafe sides[unchecked: here &+ r] ^ flip
          unsafe patterns[unchecked: below &+ r] = patterns[unchecked: here &+ r] & (side | ~bit)
        }
      } else {
        for r in 0..<total {
          let side = unsafe sides[unchecked: here &+ r] ^ flip
          unsafe patterns[unchecked: below &+ r] = patterns[unchecked: here &+ r] | (side & bit)
        }
      }
      let child = isLeft ? node.left : node.right
      if child >= 0 {
        level &+= 1
        unsafe frames[unchecked: level] = PatternFrame(
          node: child, players: Int32(truncatingIfNeeded: count))
        continue
      }
      let value = unsafe leaves[unchecked: Int(~child)]
      let size = 1 &<< count
      for q in 0..<size { unsafe shares[unchecked: q] = 0 }
      for b in 0..<weights.count {
        let q = Int(unsafe patterns[unchecked: below &+ rows &+ b])
        unsafe shares[unchecked: q] += weights[unchecked: b]
      }
      sumSupersets(count, &shares)
      for place in 0..<count {
        fill(value, count, place, factors, stride, sizes, shares, &table)
        lookUp(
          table, patterns, below, rows, Int(unsafe slots[unchecked: place]) &* rows, &values)
      }
    }
  }

  /// How the patterns of two leaves below one node follow from one pattern with a bit for the side.
  private struct PatternShape {
    var players: Int
    var bits: Int
    var slotBit: Int
    var sideBit: Int
    var isRepeated: Bool

    /// The leaf's own pattern.
    @inline(__always)
    func leaf(_ pattern: Int, isLeft: Bool) -> Int {
      if !isRepeated { return isLeft ? pattern : pattern ^ sideBit }
      let own = pattern & ~sideBit
      return (pattern & sideBit != 0) == isLeft ? own : own & ~slotBit
    }
  }

  /// All ones for the rows that go left, else zero.
  @inline(__always)
  private static func decide(
    _ node: GameNode, _ cells: Span<Double>, _ total: Int, _ setStarts: Span<Int32>,
    _ setWords: Span<UInt64>, _ here: Int, _ sides: inout MutableSpan<UInt16>
  ) {
    let column = Int(node.column) &* total
    let limit = node.threshold
    if node.flags & GameNode.hasSet != 0 {
      var test = node
      test.column = 0
      for r in 0..<total {
        let left = TreeTestKernel.goesLeft(
          test, cells: cells, start: column &+ r, setStarts: setStarts, setWords: setWords)
        unsafe sides[unchecked: here &+ r] = left ? .max : 0
      }
    } else if node.flags & GameNode.missingLeft != 0 {
      for r in 0..<total {
        unsafe sides[unchecked: here &+ r] = cells[unchecked: column &+ r] > limit ? 0 : .max
      }
    } else {
      for r in 0..<total {
        unsafe sides[unchecked: here &+ r] = cells[unchecked: column &+ r] <= limit ? .max : 0
      }
    }
  }

  private static func pair(
    _ left: Double, _ right: Double, _ shape: PatternShape,
    _ patterns: borrowing MutableSpan<UInt16>, _ here: Int, _ rows: Int, _ weights: Span<Double>,
    _ factors: Span<Double>, _ stride: Int, _ sizes: Span<UInt8>,
    _ slots: borrowing MutableSpan<Int32>, _ shares: inout MutableSpan<Double>,
    _ other: inout MutableSpan<Double>, _ table: inout MutableSpan<Double>,
    _ values: inout MutableSpan<Double>
  ) {
    // Both leaves' shares, the right one's above the left one's; both tables likewise.
    let size = 1 &<< shape.players
    for q in 0..<size {
      unsafe shares[unchecked: q] = 0
      unsafe other[unchecked: q] = 0
    }
    for b in 0..<weights.count {
      let q = Int(unsafe patterns[unchecked: here &+ rows &+ b])
      unsafe shares[unchecked: shape.leaf(q, isLeft: true)] += weights[unchecked: b]
      unsafe other[unchecked: shape.leaf(q, isLeft: false)] += weights[unchecked: b]
    }
    sumSupersets(shape.players, &shares)
    sumSupersets(shape.players, &other)
    for q in 0..<size { unsafe shares[unchecked: size &+ q] = other[unchecked: q] }
    for place in 0..<shape.players {
      fill(left, shape.players, place, factors, stride, sizes, shares, &table)
      for q in 0..<1 &<< shape.bits {
        unsafe other[unchecked: q] = table[unchecked: shape.leaf(q, isLeft: true)]
      }
      fill(right, shape.players, place, factors, stride, sizes, shares, &table, from: size)
      for q in 0..<1 &<< shape.bits {
        unsafe other[unchecked: q] += table[unchecked: shape.leaf(q, isLeft: false)]
      }
      lookUp(other, patterns, here, rows, Int(unsafe slots[unchecked: place]) &* rows, &values)
    }
  }

  /// From the share of each pattern to the share of its supersets.
  @inline(__always)
  private static func sumSupersets(_ players: Int, _ shares: inout MutableSpan<Double>) {
    for bit in 0..<players {
      let step = 1 &<< bit
      var base = 0
      while base < 1 &<< players {
        for k in base..<base &+ step {
          unsafe shares[unchecked: k] += shares[unchecked: k &+ step]
        }
        base &+= step &+ step
      }
    }
  }

  /// The player's value for each pattern.
  @inline(__always)
  private static func fill(
    _ value: Double, _ players: Int, _ place: Int, _ factors: Span<Double>, _ stride: Int,
    _ sizes: Span<UInt8>, _ shares: borrowing MutableSpan<Double>,
    _ table: inout MutableSpan<Double>, from start: Int = 0
  ) {
    let size = 1 &<< players
    let row = players &* stride
    for subset in 0..<size {
      let share = unsafe value * shares[unchecked: start &+ (size &- 1) ^ subset]
      let members = Int(unsafe sizes[unchecked: subset])
      let isIn = subset &>> place & 1 == 1
      // The factor of no players is never asked for, nor that of all without this one.
      let factor = unsafe factors[unchecked: row &+ (isIn ? members &- 1 : members)]
      unsafe table[unchecked: subset] = isIn ? share * factor : -share * factor
    }
    for bit in 0..<players {
      let step = 1 &<< bit
      var base = 0
      while base < size {
        for k in base..<base &+ step {
          unsafe table[unchecked: k &+ step] += table[unchecked: k]
        }
        base &+= step &+ step
      }
    }
  }

  /// Adds to each applicant what its pattern is worth.
  @inline(__always)
  private static func lookUp(
    _ table: borrowing MutableSpan<Double>, _ patterns: borrowing MutableSpan<UInt16>,
    _ here: Int, _ rows: Int, _ place: Int, _ values: inout MutableSpan<Double>
  ) {
    for r in 0..<rows {
      unsafe values[unchecked: place &+ r] +=
        table[
          unchecked: Int(patterns[unchecked: here &+ r])]
    }
  }
}
