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

/// How a node of a walk over codes finds the side.
protocol PathTest {
  /// 1 where the code goes right, else 0.
  static func right(
    _ node: PathNode, at position: Int, code: UInt16, sets: Span<Int32>, words: Span<UInt32>
  ) -> UInt32

  /// A bit for each of eight codes, set where it goes right; the lanes from `lanes` on mean nothing.
  static func rightLanes(
    _ node: PathNode, at position: Int, codes: SIMD8<UInt16>, lanes: Int, sets: Span<Int32>,
    words: Span<UInt32>
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

  @inline(__always)
  static func rightLanes(
    _ node: PathNode, at position: Int, codes: SIMD8<UInt16>, lanes: Int, sets: Span<Int32>,
    words: Span<UInt32>
  ) -> UInt32 {
    // The sign of `cut − code` says where a code is above the cut.
    let halves = unsafe unsafeBitCast(codes, to: SIMD2<UInt64>.self)
    let cut = Int32(node.cut)
    let raise = node.raise
    var bits: UInt32 = 0
    var half = halves[0]
    for lane in 0..<4 {
      let code = UInt16(truncatingIfNeeded: half) &+ raise
      bits |= (UInt32(bitPattern: cut &- Int32(code)) &>> 31) &<< UInt32(truncatingIfNeeded: lane)
      half &>>= 16
    }
    guard lanes > 4 else { return bits }
    half = halves[1]
    for lane in 4..<8 {
      let code = UInt16(truncatingIfNeeded: half) &+ raise
      bits |= (UInt32(bitPattern: cut &- Int32(code)) &>> 31) &<< UInt32(truncatingIfNeeded: lane)
      half &>>= 16
    }
    return bits
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

  @inline(__always)
  static func rightLanes(
    _ node: PathNode, at position: Int, codes: SIMD8<UInt16>, lanes: Int, sets: Span<Int32>,
    words: Span<UInt32>
  ) -> UInt32 {
    let first = Int(unsafe sets[unchecked: position])
    guard first != 0 else {
      return PathCutTest.rightLanes(
        node, at: position, codes: codes, lanes: lanes, sets: sets, words: words)
    }
    let halves = unsafe unsafeBitCast(codes, to: SIMD2<UInt64>.self)
    var bits: UInt32 = 0
    var half = halves[0]
    for lane in 0..<lanes {
      if lane == 4 { half = halves[1] }
      let code = UInt16(truncatingIfNeeded: half)
      let word = unsafe words[unchecked: first &+ Int(code &>> 5)]
      bits |= (word &>> UInt32(code & 31) & 1) &<< UInt32(truncatingIfNeeded: lane)
      half &>>= 16
    }
    return bits
  }
}

/// Walks of rows through one tree, and sums over trees of the values of the leaves that they reach.
///
/// Codes are row-major: row r of a block has those at `r · stride`. Every place is below the stride,
/// every child inside the nodes and every word that a code can name inside the words
/// (`TreePathTables` sees to that). Each sum is taken over the trees in their order, as a scorer
/// takes it.
enum TreePathKernel {
  /// Walks the first `count` of the listed rows to their leaves, all of them a level at a time so
  /// that loads overlap.
  ///
  /// Shapes: `walking` lists rows of the block and is used up; `ends` has a place a row, where a row
  /// that is not listed keeps what it has.
  static func walk<Test: PathTest>(
    _ test: Test.Type, _ tables: TreePathTables, root: Int, codes: Span<UInt16>, firstRow: Int,
    rows: Int, walking: inout MutableSpan<Int32>, count: Int, ends: inout MutableSpan<Int32>
  ) {
    let nodes = tables.nodes.span
    let sets = tables.sets.span
    let words = tables.words.span
    let stride = tables.stride
    precondition(
      count <= rows && rows <= walking.count && rows <= ends.count && root < nodes.count
        && (firstRow + rows) * stride <= codes.count)
    let first = firstRow &* stride
    for j in 0..<count {
      unsafe ends[unchecked: Int(walking[unchecked: j])] = Int32(truncatingIfNeeded: root)
    }
    var active = nodes[root].left == root ? 0 : count
    while active > 0 {
      var kept = 0
      for j in 0..<active {
        let row = Int(unsafe walking[unchecked: j])
        let position = Int(unsafe ends[unchecked: row])
        let node = unsafe nodes[unchecked: position]
        let code = unsafe codes[unchecked: first &+ row &* stride &+ Int(node.place)]
        let right = test.right(node, at: position, code: code, sets: sets, words: words)
        unsafe ends[unchecked: row] = Int32(truncatingIfNeeded: (node.link &>> 3) &+ right)
        unsafe walking[unchecked: kept] = Int32(truncatingIfNeeded: row)
        kept &+= Int(~(node.link &>> (1 &+ right)) & 1)
      }
      active = kept
    }
  }

  /// Adds the values of the rows' leaves to their sums.
  static func addValues(
    _ values: Span<Double>, ends: Span<Int32>, count: Int, into sums: inout MutableSpan<Double>
  ) {
    precondition(count <= ends.count && count <= sums.count)
    for r in 0..<count {
      unsafe sums[unchecked: r] += values[unchecked: Int(ends[unchecked: r])]
    }
  }
}
