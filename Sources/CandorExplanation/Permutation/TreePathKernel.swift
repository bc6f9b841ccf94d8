/// A node as a walk over codes reads it, 8 bytes.
///
/// A row goes right where its code of the column, plus the raise, is above the cut, or where the bit
/// of its code is set in the node's set. A code is the number of the column's thresholds that the
/// value passes; 65,535 is a missing cell, which the raise turns into 0 at nodes whose missing cells
/// go left. A leaf is its own left child and sends nobody right.
struct PathNode: Sendable {
  /// The place of the tested column in a row of codes.
  var place: UInt16 = 0
  /// The highest raised code that goes left.
  var cut: UInt16 = .max
  /// `8 · left child + flags`, children counted over all trees, the right one after the left one.
  /// Flag 1 is the raise; 2 and 4 say that the left and the right child are leaves.
  var link: UInt32

  init(leaf: Int) { link = UInt32(truncatingIfNeeded: leaf) << 3 }

  init(place: Int, cut: UInt16, left: Int, flags: UInt32) {
    self.place = UInt16(truncatingIfNeeded: place)
    self.cut = cut
    link = UInt32(truncatingIfNeeded: left) << 3 | flags
  }

  /// The most nodes that links can count.
  static let mostNodes = 1 << 29

  @inline(__always)
  var left: Int { Int(link &>> 3) }

  @inline(__always)
  var raise: UInt16 { UInt16(truncatingIfNeeded: link & 1) }
}

/// A leaf as one player sees it, 8 bytes.
struct PathEntry: Sendable {
  /// The first node of the leaf's way that tests the player, -1 where none does.
  var node: Int32 = -1
  /// The first code of the leaf's arc.
  var low: UInt16 = 0
  /// The length of the arc: codes with `code − low ≤ span`, modulo 65,536, lead to the leaf.
  var span: UInt16 = .max
}

/// How a node of a walk over codes finds the side.
protocol PathTest {
  /// 1 where the code goes right, else 0.
  static func right(
    _ node: PathNode, at position: Int, code: UInt16, sets: Span<Int32>, words: Span<UInt32>
  ) -> UInt32
}

/// Nodes without sets.
enum PathCutTest: PathTest {
  @inline(__always)
  static func right(
    _ node: PathNode, at position: Int, code: UInt16, sets: Span<Int32>, words: Span<UInt32>
  ) -> UInt32 {
    code &+ node.raise > node.cut ? 1 : 0
  }
}

/// Nodes some of which have a set; the words at 0 are empty, for the others.
enum PathSetTest: PathTest {
  @inline(__always)
  static func right(
    _ node: PathNode, at position: Int, code: UInt16, sets: Span<Int32>, words: Span<UInt32>
  ) -> UInt32 {
    let first = Int(unsafe sets[unchecked: position])
    let word = unsafe words[unchecked: first &+ Int(code &>> 5)]
    return (word &>> UInt32(code & 31) & 1) | (code &+ node.raise > node.cut ? 1 : 0)
  }
}

/// Walks of rows through one tree after another, and sums over trees of the values of the leaves
/// that rows reach once a player's columns are another row's.
///
/// Codes are row-major: row r of a block has those at `r · stride`. Every place is below the stride,
/// every child inside the nodes and every word that a code can name inside the words
/// (`TreePathTables` sees to that). Each sum is taken over the trees in their order, as a scorer
/// takes it, whatever part of the walks was saved.
enum TreePathKernel {
  /// Walks listed items on to their leaves, all of them a level at a time so that loads overlap.
  ///
  /// Shapes: `walking` lists `count` items and is used up; item i is row `rows[i]` and stands at node
  /// `ends[i]`. A step costs about 20 bytes and ten operations.
  @inline(__always)
  private static func walk<Test: PathTest>(
    _ test: Test.Type, nodes: Span<PathNode>, sets: Span<Int32>, words: Span<UInt32>,
    codes: Span<UInt16>, first: Int, stride: Int, rows: Span<Int32>,
    walking: inout MutableSpan<Int32>, count: Int, ends: inout MutableSpan<Int32>
  ) {
    var active = count
    while active > 0 {
      var kept = 0
      for j in 0..<active {
        let i = Int(unsafe walking[unchecked: j])
        let position = Int(unsafe ends[unchecked: i])
        let row = Int(unsafe rows[unchecked: i])
        let node = unsafe nodes[unchecked: position]
        let code = unsafe codes[unchecked: first &+ row &* stride &+ Int(node.place)]
        let right = Test.right(node, at: position, code: code, sets: sets, words: words)
        unsafe ends[unchecked: i] = Int32(truncatingIfNeeded: (node.link &>> 3) &+ right)
        unsafe walking[unchecked: kept] = Int32(truncatingIfNeeded: i)
        kept &+= Int(~(node.link &>> (1 &+ right)) & 1)
      }
      active = kept
    }
  }

  /// Writes the leaf that each of `count` rows reaches from `root`; `rows` are 0, 1, ….
  static func assignLeaves<Test: PathTest>(
    _ test: Test.Type, nodes: Span<PathNode>, sets: Span<Int32>, words: Span<UInt32>,
    codes: Span<UInt16>, firstRow: Int, stride: Int, root: Int, rows: Span<Int32>, count: Int,
    walking: inout MutableSpan<Int32>, ends: inout MutableSpan<Int32>
  ) {
    precondition(
      count <= walking.count && count <= ends.count && count <= rows.count && root < nodes.count
        && (firstRow + count) * stride <= codes.count)
    for r in 0..<count {
      unsafe ends[unchecked: r] = Int32(truncatingIfNeeded: root)
      unsafe walking[unchecked: r] = Int32(truncatingIfNeeded: r)
    }
    walk(
      test, nodes: nodes, sets: sets, words: words, codes: codes, first: firstRow &* stride,
      stride: stride, rows: rows, walking: &walking,
      count: nodes[root].left == root ? 0 : count, ends: &ends)
  }

  /// Adds the values of leaves to the sums.
  static func addValues(
    _ values: Span<Double>, leaves: Span<Int32>, firstLeaf: Int, count: Int,
    into sums: inout MutableSpan<Double>, at start: Int
  ) {
    precondition(firstLeaf + count <= leaves.count && start + count <= sums.count)
    for r in 0..<count {
      let leaf = Int(unsafe leaves[unchecked: firstLeaf &+ r])
      unsafe sums[unchecked: start &+ r] += values[unchecked: leaf]
    }
  }

  /// Fills the own values of a block's rows in one tree.
  static func gather(
    _ values: Span<Double>, leaves: Span<Int32>, firstLeaf: Int, count: Int,
    into own: inout MutableSpan<Double>
  ) {
    precondition(firstLeaf + count <= leaves.count && count <= own.count)
    for r in 0..<count {
      unsafe own[unchecked: r] = values[unchecked: Int(leaves[unchecked: firstLeaf &+ r])]
    }
  }

  /// Adds one number a row.
  static func add(
    _ own: Span<Double>, count: Int, into sums: inout MutableSpan<Double>, at start: Int
  ) {
    precondition(count <= own.count && start + count <= sums.count)
    for r in 0..<count { unsafe sums[unchecked: start &+ r] += own[unchecked: r] }
  }

  /// Lists the rows of a block whose way through a tree tests a player, with their entries; returns
  /// how many there are. Shapes: an entry a node, a place a row in `rows` and `found`.
  static func listTested(
    entries: Span<PathEntry>, leaves: Span<Int32>, firstLeaf: Int, count: Int,
    rows: inout MutableSpan<Int32>, found: inout MutableSpan<PathEntry>
  ) -> Int {
    precondition(
      firstLeaf + count <= leaves.count && count <= rows.count && count <= found.count)
    var listed = 0
    for r in 0..<count {
      let entry = unsafe entries[unchecked: Int(leaves[unchecked: firstLeaf &+ r])]
      unsafe rows[unchecked: listed] = Int32(truncatingIfNeeded: r)
      unsafe found[unchecked: listed] = entry
      // 1 where the node is no negative number.
      listed &+= Int(1 &- (UInt32(bitPattern: entry.node) &>> 31))
    }
    return listed
  }

  /// Adds one tree's values to the sums of a block whose rows have a player's columns from others.
  ///
  /// A row keeps its leaf where the dealt code lies in the arc of its leaf; the others walk anew from
  /// their entry. Shapes: `rows` and `entries` are the `listed` rows of `listTested`; `dealt` and
  /// `codes` are those of this repeat's block; `walking`, `due`, `ends` and `stash` have a place for
  /// each row of a block, `values` one for each node.
  static func addDealt<Test: PathTest>(
    _ test: Test.Type, nodes: Span<PathNode>, sets: Span<Int32>, words: Span<UInt32>,
    values: Span<Double>, rows: Span<Int32>, entries: Span<PathEntry>, listed: Int,
    dealt: Span<UInt16>, codes: Span<UInt16>, firstRow: Int, stride: Int, own: Span<Double>,
    count: Int, walking: inout MutableSpan<Int32>, due: inout MutableSpan<Int32>,
    ends: inout MutableSpan<Int32>, stash: inout MutableSpan<Double>,
    into sums: inout MutableSpan<Double>, at start: Int
  ) {
    precondition(
      listed <= count && listed <= rows.count && listed <= entries.count
        && firstRow + count <= dealt.count && (firstRow + count) * stride <= codes.count
        && count <= own.count && count <= walking.count && count <= due.count
        && count <= ends.count && count <= stash.count && start + count <= sums.count
        && values.count == nodes.count)
    var number = 0
    for i in 0..<listed {
      let entry = unsafe entries[unchecked: i]
      let code = unsafe dealt[unchecked: firstRow &+ Int(rows[unchecked: i])]
      unsafe ends[unchecked: i] = entry.node
      unsafe walking[unchecked: number] = Int32(truncatingIfNeeded: i)
      unsafe due[unchecked: number] = Int32(truncatingIfNeeded: i)
      // 1 where the code lies beyond the arc, without a branch that nobody could foretell.
      let beyond = UInt32(entry.span) &- UInt32(code &- entry.low)
      number &+= Int(beyond &>> 31)
    }
    walk(
      test, nodes: nodes, sets: sets, words: words, codes: codes, first: firstRow &* stride,
      stride: stride, rows: rows, walking: &walking, count: number, ends: &ends)
    for j in 0..<number {
      let i = Int(unsafe due[unchecked: j])
      let r = Int(unsafe rows[unchecked: i])
      unsafe stash[unchecked: j] =
        sums[unchecked: start &+ r] + values[unchecked: Int(ends[unchecked: i])]
    }
    add(own, count: count, into: &sums, at: start)
    for j in 0..<number {
      let r = Int(unsafe rows[unchecked: Int(due[unchecked: j])])
      unsafe sums[unchecked: start &+ r] = stash[unchecked: j]
    }
  }

  /// Finds for each leaf of a tree's nodes where its way first tests a player, and which codes of the
  /// player's column lead to it.
  ///
  /// Parents stand before their children. `isTested[place]` is 1 at the player's columns. With
  /// `byArc` the player is one column without sets and a leaf has the codes of its way as an arc, in
  /// which a missing cell (65,535) is next to 0; where they are no arc, missing cells are left out and
  /// walk for nothing. Without it a leaf whose way tests the player has the arc of code 0 alone: the
  /// code then says whether the cells are others. Leaves off the player's ways have the arc of all
  /// codes. Until a leaf is met, `span` is the last code of its way. `missing` is scratch.
  ///
  /// Returns whether any way tests the player.
  static func findEntries(
    nodes: Span<PathNode>, range: Range<Int>, isTested: Span<UInt8>, byArc: Bool,
    entries: inout MutableSpan<PathEntry>, missing: inout MutableSpan<UInt8>
  ) -> Bool {
    precondition(
      range.upperBound <= nodes.count && entries.count == nodes.count
        && missing.count == nodes.count)
    let top: UInt16 = .max - 1
    for i in range {
      unsafe entries[unchecked: i] = PathEntry(node: -1, low: 0, span: top)
      unsafe missing[unchecked: i] = 1
    }
    var isUsed = false
    for i in range {
      let node = unsafe nodes[unchecked: i]
      let left = node.left
      var here = unsafe entries[unchecked: i]
      let hasMissing = unsafe missing[unchecked: i]
      if left == i {
        if here.node < 0 {
          here = PathEntry()
        } else if !byArc {
          here.span = 0
        } else if here.low > here.span {
          // No number comes here, a missing cell perhaps.
          here.low = .max
          here.span = 0
        } else if hasMissing == 1, here.span == top {
          here.span = .max &- here.low
        } else if hasMissing == 1, here.low == 0 {
          here.low = .max
          here.span &+= 1
        } else {
          here.span &-= here.low
        }
        unsafe entries[unchecked: i] = here
        continue
      }
      let isHere = isTested[Int(node.place)] == 1
      if isHere {
        isUsed = true
        if here.node < 0 { here.node = Int32(truncatingIfNeeded: i) }
      }
      var other = here
      var leftMissing = hasMissing
      var rightMissing = hasMissing
      if isHere, byArc {
        let raise = UInt8(truncatingIfNeeded: node.raise)
        let cut = node.cut &- node.raise
        here.span = min(here.span, cut)
        other.low = max(other.low, cut &+ 1)
        leftMissing &= raise
        rightMissing &= 1 &- raise
      }
      unsafe entries[unchecked: left] = here
      unsafe entries[unchecked: left &+ 1] = other
      unsafe missing[unchecked: left] = leftMissing
      unsafe missing[unchecked: left &+ 1] = rightMissing
    }
    return isUsed
  }
}
