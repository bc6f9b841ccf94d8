/// What is left to do on the way back up a tree.
struct TreeErrand: Sendable {
  /// The kinds of errands.
  enum Kind: UInt8, Sendable {
    case walk, leaveApplicantSide, leaveApplicantSideForGood, leaveRowSide
  }

  var kind: Kind = .walk
  var player: Int32 = 0
  var child: Int32 = 0
  var rowSides: Int32 = 0
  var rows: UInt64 = 0
  var committed: UInt64 = 0
  var sum = 0.0
}

/// One player on the way from the root to the node at hand.
struct TreePlayerState: Sendable {
  /// The background rows that fail a test of the player which the applicant passes: for them the
  /// player follows the applicant.
  var committed: UInt64 = 0
  /// Whether the applicant fails a test of the player, so that it follows the background rows.
  var followsRows = false
}

/// Which way a row goes at a node.
enum TreeTestKernel {
  /// Whether the row whose cells start at `start` goes left.
  @inline(__always)
  static func goesLeft(
    _ node: GameNode, cells: Span<Double>, start: Int, setStarts: Span<Int32>,
    setWords: Span<UInt64>
  ) -> Bool {
    let value = unsafe cells[unchecked: start &+ Int(node.column)]
    if node.flags & GameNode.hasSet == 0 {
      // A missing value is neither above nor below.
      return node.flags & GameNode.missingLeft != 0
        ? !(value > node.threshold) : value <= node.threshold
    }
    if value.isNaN { return node.flags & GameNode.missingLeft != 0 }
    let set = Int(node.flags &>> 8)
    let first = Int(unsafe setStarts[unchecked: set])
    let words = Int(unsafe setStarts[unchecked: set &+ 1]) &- first
    guard value >= 0, value < Double(words &* 64) else { return false }
    let code = Int(value)
    let word = unsafe setWords[unchecked: first &+ code &>> 6]
    return Double(code) == value && word &>> UInt64(code & 63) & 1 == 1
  }

  /// For nodes `range`, sets the bits of the rows that go left, 64 rows a word; `masks` holds
  /// `words` words a node of the range, all zero before.
  ///
  /// `cells` holds `rows` rows of `width`. Every node's column is below the width and every set
  /// inside the words.
  static func fill(
    nodes: Span<GameNode>, range: Range<Int>, cells: Span<Double>, rows: Int, width: Int,
    setStarts: Span<Int32>, setWords: Span<UInt64>, words: Int,
    masks: inout MutableSpan<UInt64>
  ) {
    precondition(range.lowerBound >= 0 && range.upperBound <= nodes.count)
    precondition(cells.count >= rows * width && words * 64 >= rows)
    precondition(masks.count >= range.count * words)
    for position in range {
      let node = unsafe nodes[unchecked: position]
      let place = (position &- range.lowerBound) &* words
      for row in 0..<rows {
        let left = goesLeft(
          node, cells: cells, start: row &* width, setStarts: setStarts, setWords: setWords)
        unsafe masks[unchecked: place &+ row &>> 6] |= (left ? 1 : 0) &<< UInt64(row & 63)
      }
    }
  }
}

/// The marginal game of one applicant against 64 background rows in one tree.
///
/// For one background row, a leaf is reached by the coalitions that hold all players whose tests on
/// the path the applicant passes and the row fails (a of them), and none of those whose tests the
/// row passes and the applicant fails (b of them); it exists for the pair where no player fails for
/// both. Each of the former gets `value · (a − 1)! b! / (a + b)!`, each of the latter
/// `−value · a! (b − 1)! / (a + b)!`: Lundberg et al. 2020, doi:10.1038/s42256-019-0138-9.
///
/// The walk takes all rows at once, as bits: on the applicant's side of a node every row goes on, on
/// the other side those that go there themselves, so that a side without rows is never entered. A
/// player's part in the leaves below a node is the difference of running sums, one a row.
enum TreeShapleyKernel {
  /// Adds the values of one tree to `values`, one a player.
  ///
  /// Shapes: `masks[node · words + word]` has the bits of the rows that go left at each node;
  /// `weights` 64 from `64 · word`; `factors[b · stride + a]` is the pair of factors above; `states`
  /// has a place for each player, `errands` two for each node on the longest path and two more;
  /// `applicantSides` and `sums` 64 each. Every child lies inside `nodes` or `leaves`, every player
  /// inside `values`. About 30 operations for each pair of row and leaf that exists.
  static func add(
    nodes: Span<GameNode>, leaves: Span<Double>, root: Int32, masks: Span<UInt64>, words: Int,
    word: Int, rows: UInt64, weights: Span<Double>, cells: Span<Double>, start: Int, width: Int,
    setStarts: Span<Int32>, setWords: Span<UInt64>, factors: Span<SIMD2<Double>>, stride: Int,
    states: inout MutableSpan<TreePlayerState>, errands: inout MutableSpan<TreeErrand>,
    applicantSides: inout MutableSpan<Int>, sums: inout MutableSpan<Double>,
    values: inout MutableSpan<Double>
  ) {
    precondition(
      word >= 0 && word < words && masks.count >= nodes.count * words
        && weights.count >= (word + 1) * 64 && cells.count >= start + width && start >= 0
        && factors.count >= stride * stride && states.count >= values.count
        && applicantSides.count >= 64 && sums.count >= 64)
    guard root >= 0 else { return }
    for row in 0..<64 {
      unsafe applicantSides[unchecked: row] = 0
      unsafe sums[unchecked: row] = 0
    }
    let firstWeight = word &* 64
    var pending = 0
    var child = root
    var alive = rows
    var rowSides = 0
    var rowSum = 0.0
    while true {
      while child >= 0 {
        let position = Int(child)
        let node = unsafe nodes[unchecked: position]
        let player = Int(node.player)
        let left = TreeTestKernel.goesLeft(
          node, cells: cells, start: start, setStarts: setStarts, setWords: setWords)
        let mask = unsafe masks[unchecked: position &* words &+ word]
        // The rows that do not go where the applicant goes.
        let others = alive & (left ? ~mask : mask)
        let own = left ? node.left : node.right
        let other = left ? node.right : node.left
        var state = TreePlayerState()
        if node.earlier >= 0 { state = unsafe states[unchecked: player] }
        if state.followsRows {
          let same = alive & ~others
          if others == 0 {
            child = own
          } else if same == 0 {
            child = other
          } else {
            unsafe errands[unchecked: pending] = TreeErrand(
              kind: .walk, child: other, rowSides: Int32(truncatingIfNeeded: rowSides),
              rows: others)
            pending &+= 1
            child = own
            alive = same
          }
          continue
        }
        let parted = others & ~state.committed
        let before = state.committed
        if parted == 0 {
          unsafe states[unchecked: player] = state
          child = own
          continue
        }
        // A leaf on either side is done on the spot.
        if other < 0 {
          let value = unsafe leaves[unchecked: Int(~other)]
          let negative =
            value
            * addLeaf(
              value, parted, (rowSides &+ 1) &* stride, weights, firstWeight, factors,
              applicantSides, &sums
            ).y
          rowSum += negative
          unsafe values[unchecked: player] -= negative
        }
        if own < 0 {
          let value = unsafe leaves[unchecked: Int(~own)]
          let base = rowSides &* stride
          let same = addLeaf(
            value, alive & ~parted, base, weights, firstWeight, factors, applicantSides, &sums)
          let changed = addLeaf(
            value, parted, base &+ 1, weights, firstWeight, factors, applicantSides, &sums)
          rowSum += value * (same.y + changed.y)
          unsafe values[unchecked: player] += value * changed.x
          if other < 0 { break }
          unsafe states[unchecked: player] = TreePlayerState(
            committed: before, followsRows: true)
          unsafe errands[unchecked: pending] = TreeErrand(
            kind: .leaveRowSide, player: node.player, sum: rowSum)
          pending &+= 1
          child = other
          alive = parted
          rowSides &+= 1
          continue
        }
        state.committed |= parted
        unsafe states[unchecked: player] = state
        child = own
        var sum = 0.0
        var bits = parted
        while bits != 0 {
          let row = bits.trailingZeroBitCount
          bits &= bits &- 1
          unsafe applicantSides[unchecked: row] &+= 1
          sum -= unsafe sums[unchecked: row]
        }
        unsafe errands[unchecked: pending] = TreeErrand(
          kind: other < 0 ? .leaveApplicantSideForGood : .leaveApplicantSide,
          player: node.player, child: other, rowSides: Int32(truncatingIfNeeded: rowSides),
          rows: parted, committed: before, sum: sum)
        pending &+= 1
      }
      // Two leaves done on the spot leave the node as the child.
      if child < 0 {
        let value = unsafe leaves[unchecked: Int(~child)]
        rowSum +=
          value
          * addLeaf(
            value, alive, rowSides &* stride, weights, firstWeight, factors, applicantSides, &sums
          ).y
      }
      var walksOn = false
      while pending > 0, !walksOn {
        pending &-= 1
        let errand = unsafe errands[unchecked: pending]
        let player = Int(errand.player)
        switch errand.kind {
        case .walk:
          child = errand.child
          alive = errand.rows
          rowSides = Int(errand.rowSides)
          walksOn = true
        case .leaveApplicantSide, .leaveApplicantSideForGood:
          var sum = errand.sum
          var bits = errand.rows
          while bits != 0 {
            let row = bits.trailingZeroBitCount
            bits &= bits &- 1
            unsafe applicantSides[unchecked: row] &-= 1
            sum += unsafe sums[unchecked: row]
          }
          unsafe values[unchecked: player] += sum
          if errand.kind == .leaveApplicantSideForGood {
            unsafe states[unchecked: player].committed = errand.committed
            continue
          }
          unsafe states[unchecked: player] = TreePlayerState(
            committed: errand.committed, followsRows: true)
          unsafe errands[unchecked: pending] = TreeErrand(
            kind: .leaveRowSide, player: errand.player, sum: rowSum)
          pending &+= 1
          child = errand.child
          alive = errand.rows
          rowSides = Int(errand.rowSides) &+ 1
          walksOn = true
        case .leaveRowSide:
          unsafe values[unchecked: player] -= rowSum - errand.sum
          unsafe states[unchecked: player].followsRows = false
        }
      }
      if !walksOn { return }
    }
  }

  /// Adds a leaf's part to the running sum of each of some rows; gives the sums of the pairs of
  /// factors times weights.
  @inline(__always)
  private static func addLeaf(
    _ value: Double, _ rows: UInt64, _ base: Int, _ weights: Span<Double>, _ firstWeight: Int,
    _ factors: Span<SIMD2<Double>>, _ applicantSides: borrowing MutableSpan<Int>,
    _ sums: inout MutableSpan<Double>
  ) -> SIMD2<Double> {
    var bits = rows
    var total = SIMD2<Double>.zero
    while bits != 0 {
      let row = bits.trailingZeroBitCount
      bits &= bits &- 1
      let factor =
        unsafe factors[unchecked: base &+ applicantSides[unchecked: row]]
        * weights[unchecked: firstWeight &+ row]
      unsafe sums[unchecked: row] += value * factor.x
      total += factor
    }
    return total
  }
}
