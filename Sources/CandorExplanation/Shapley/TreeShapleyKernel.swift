/// What is left to do on the way back up a tree.
struct TreeErrand: Sendable {
  /// The kinds of errands.
  enum Kind: UInt8, Sendable {
    case walk, leaveApplicantSide, leaveApplicantSideForGood, leaveRowSide
  }

  var kind: Kind = .walk
  var player: Int32 = 0
  var child: Int32 = 0
  /// Where the factors of the rows' number of players start.
  var base: Int32 = 0
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

/// One background row on the walk down a tree.
struct TreeRow: Sendable {
  /// The row's part in the leaves so far.
  var sum = 0.0
  /// The row's share of the background.
  var weight = 0.0
  /// The players that follow the applicant on the way to the node at hand.
  var applicantSides = 0
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

  /// For nodes `range`, sets the bits of the rows that go left, 64 rows a word, in the order of
  /// `starts`; `masks` holds `words` words a node from node `first` on, all zero before.
  ///
  /// `cells` holds `width` cells from each of `starts`. Every node's column is below the width and
  /// every set inside the words.
  static func fill(
    nodes: Span<GameNode>, range: Range<Int>, first: Int, cells: Span<Double>, starts: Span<Int>,
    width: Int, setStarts: Span<Int32>, setWords: Span<UInt64>, words: Int,
    masks: inout MutableSpan<UInt64>
  ) {
    precondition(first >= 0 && range.lowerBound >= first && range.upperBound <= nodes.count)
    precondition(words * 64 >= starts.count)
    precondition(masks.count >= (range.upperBound - first) * words)
    for start in starts.indices { precondition(starts[start] + width <= cells.count) }
    for position in range {
      let node = unsafe nodes[unchecked: position]
      let place = (position &- first) &* words
      for row in 0..<starts.count {
        let left = goesLeft(
          node, cells: cells, start: unsafe starts[unchecked: row], setStarts: setStarts,
          setWords: setWords)
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
  /// `table` 64 places. Every child lies inside `nodes` or `leaves`, every player inside `values`.
  /// About 20 operations for each pair of row and leaf that exists; what a walk waits for is the
  /// branch at the end of each loop over rows, so that a node has one such loop at most on the way
  /// down.
  static func add(
    nodes: Span<GameNode>, leaves: Span<Double>, root: Int32, masks: Span<UInt64>, words: Int,
    word: Int, rows: UInt64, weights: Span<Double>, cells: Span<Double>, start: Int, width: Int,
    setStarts: Span<Int32>, setWords: Span<UInt64>, factors: Span<SIMD2<Double>>, stride: Int,
    states: inout MutableSpan<TreePlayerState>, errands: inout MutableSpan<TreeErrand>,
    table: inout MutableSpan<TreeRow>, values: inout MutableSpan<Double>
  ) {
    precondition(
      word >= 0 && word < words && masks.count >= nodes.count * words
        && weights.count >= (word + 1) * 64 && cells.count >= start + width && start >= 0
        && factors.count >= stride * stride && states.count >= values.count && table.count >= 64)
    guard root >= 0 else { return }
    for row in 0..<64 {
      unsafe table[unchecked: row] = TreeRow(weight: weights[unchecked: word &* 64 &+ row])
    }
    var pending = 0
    var child = root
    var alive = rows
    var base = 0
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
              kind: .walk, child: other, base: Int32(truncatingIfNeeded: base), rows: others)
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
        if own < 0 {
          let value = unsafe leaves[unchecked: Int(~own)]
          if other < 0 {
            let found = addTwoLeaves(
              value, unsafe leaves[unchecked: Int(~other)], alive, parted, base, stride, factors,
              &table)
            rowSum += found.row
            unsafe values[unchecked: player] += found.player
            break
          }
          let found = addOwnLeaf(value, alive, parted, base, factors, &table)
          rowSum += found.row
          unsafe values[unchecked: player] += found.player
          unsafe states[unchecked: player] = TreePlayerState(
            committed: before, followsRows: true)
          unsafe errands[unchecked: pending] = TreeErrand(
            kind: .leaveRowSide, player: node.player, sum: rowSum)
          pending &+= 1
          child = other
          alive = parted
          base &+= stride
          continue
        }
        state.committed |= parted
        unsafe states[unchecked: player] = state
        child = own
        var sum = 0.0
        if other < 0 {
          let found = addOtherLeaf(
            unsafe leaves[unchecked: Int(~other)], parted, base &+ stride, factors, &table)
          rowSum += found.row
          unsafe values[unchecked: player] -= found.row
          sum = found.sum
        } else {
          sum = enter(parted, &table)
        }
        unsafe errands[unchecked: pending] = TreeErrand(
          kind: other < 0 ? .leaveApplicantSideForGood : .leaveApplicantSide,
          player: node.player, child: other, base: Int32(truncatingIfNeeded: base),
          rows: parted, committed: before, sum: sum)
        pending &+= 1
      }
      // Two leaves done on the spot leave the node as the child.
      if child < 0 {
        rowSum += addLeaf(unsafe leaves[unchecked: Int(~child)], alive, base, factors, &table)
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
          base = Int(errand.base)
          walksOn = true
        case .leaveApplicantSide, .leaveApplicantSideForGood:
          unsafe values[unchecked: player] += errand.sum + leave(errand.rows, &table)
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
          base = Int(errand.base) &+ stride
          walksOn = true
        case .leaveRowSide:
          unsafe values[unchecked: player] -= rowSum - errand.sum
          unsafe states[unchecked: player].followsRows = false
        }
      }
      if !walksOn { return }
    }
  }

  /// Some rows' player starts to follow the applicant; gives minus the rows' sums so far.
  @inline(__always)
  private static func enter(_ rows: UInt64, _ table: inout MutableSpan<TreeRow>) -> Double {
    var bits = rows
    var sum = 0.0
    while bits != 0 {
      let row = bits.trailingZeroBitCount
      bits &= bits &- 1
      unsafe table[unchecked: row].applicantSides &+= 1
      sum -= unsafe table[unchecked: row].sum
    }
    return sum
  }

  /// Some rows' player follows the applicant no longer; gives the rows' sums.
  @inline(__always)
  private static func leave(_ rows: UInt64, _ table: inout MutableSpan<TreeRow>) -> Double {
    var bits = rows
    var sum = 0.0
    while bits != 0 {
      let row = bits.trailingZeroBitCount
      bits &= bits &- 1
      unsafe table[unchecked: row].applicantSides &-= 1
      sum += unsafe table[unchecked: row].sum
    }
    return sum
  }

  /// Adds a leaf's part to the running sum of each of some rows; gives what each of the rows' players
  /// gets, with the sign turned.
  @inline(__always)
  private static func addLeaf(
    _ value: Double, _ rows: UInt64, _ base: Int, _ factors: Span<SIMD2<Double>>,
    _ table: inout MutableSpan<TreeRow>
  ) -> Double {
    var bits = rows
    var total = 0.0
    while bits != 0 {
      let row = bits.trailingZeroBitCount
      bits &= bits &- 1
      let state = unsafe table[unchecked: row]
      let factor = unsafe factors[unchecked: base &+ state.applicantSides] * state.weight
      unsafe table[unchecked: row].sum = state.sum + value * factor.x
      total += factor.y
    }
    return value * total
  }

  /// The same where the node above parts some of the rows from the applicant, whose side this is;
  /// gives the node's player's part too.
  @inline(__always)
  private static func addOwnLeaf(
    _ value: Double, _ rows: UInt64, _ parted: UInt64, _ base: Int,
    _ factors: Span<SIMD2<Double>>, _ table: inout MutableSpan<TreeRow>
  ) -> (row: Double, player: Double) {
    var bits = rows
    var total = 0.0
    var changed = 0.0
    while bits != 0 {
      let row = bits.trailingZeroBitCount
      bits &= bits &- 1
      let state = unsafe table[unchecked: row]
      let isParted = Int(truncatingIfNeeded: parted &>> UInt64(row) & 1)
      let factor =
        unsafe factors[unchecked: base &+ state.applicantSides &+ isParted] * state.weight
      unsafe table[unchecked: row].sum = state.sum + value * factor.x
      total += factor.y
      changed += factor.x * Double(isParted)
    }
    return (value * total, value * changed)
  }

  /// The same on the other side, before the rows' player starts to follow the applicant.
  @inline(__always)
  private static func addOtherLeaf(
    _ value: Double, _ rows: UInt64, _ base: Int, _ factors: Span<SIMD2<Double>>,
    _ table: inout MutableSpan<TreeRow>
  ) -> (row: Double, sum: Double) {
    var bits = rows
    var total = 0.0
    var sum = 0.0
    while bits != 0 {
      let row = bits.trailingZeroBitCount
      bits &= bits &- 1
      var state = unsafe table[unchecked: row]
      let factor = unsafe factors[unchecked: base &+ state.applicantSides] * state.weight
      state.sum += value * factor.x
      state.applicantSides &+= 1
      unsafe table[unchecked: row] = state
      total += factor.y
      sum -= state.sum
    }
    return (value * total, sum)
  }

  /// Both leaves below a node that parts some of the rows from the applicant, its own one first.
  @inline(__always)
  private static func addTwoLeaves(
    _ own: Double, _ other: Double, _ rows: UInt64, _ parted: UInt64, _ base: Int, _ stride: Int,
    _ factors: Span<SIMD2<Double>>, _ table: inout MutableSpan<TreeRow>
  ) -> (row: Double, player: Double) {
    var bits = rows
    var total = SIMD2<Double>.zero
    var changed = 0.0
    while bits != 0 {
      let row = bits.trailingZeroBitCount
      bits &= bits &- 1
      let state = unsafe table[unchecked: row]
      let isParted = Int(truncatingIfNeeded: parted &>> UInt64(row) & 1)
      let at = base &+ state.applicantSides
      let weightOfParted = state.weight * Double(isParted)
      let factor = unsafe factors[unchecked: at &+ isParted] * state.weight
      let second = unsafe factors[unchecked: at &+ stride] * weightOfParted
      unsafe table[unchecked: row].sum = state.sum + (own * factor.x + other * second.x)
      total += SIMD2(factor.y, second.y)
      changed += factor.x * Double(isParted)
    }
    let others = other * total.y
    return (own * total.x + others, own * changed - others)
  }
}
