/// Rows that leave the applicant's path at a node.
struct FactorBranch: Sendable {
  var child: Int32 = 0
  var rows: SIMD4<UInt64> = .zero
}

/// Moving some players of one applicant to reference rows, in one tree.
///
/// A row that agrees with the applicant at every node of the applicant's path that tests a moved
/// player ends in the applicant's leaf and changes nothing. The others leave the path at such a node
/// and are walked on together, as bits: at a node of a moved player each row goes its own way, at any
/// other node all go the applicant's. What is added is the difference of two leaves, so that a row
/// that changes no leaf changes the sum by exactly zero.
enum FactorMoveKernel {
  /// Walks the applicant's own path.
  ///
  /// Shapes: `path` has a place for each node of the longest path. Each entry is twice the node's
  /// number, plus one where the applicant goes left.
  ///
  /// - Returns: The path's length and the applicant's leaf.
  static func walk(
    nodes: Span<GameNode>, root: Int32, cells: Span<Double>, start: Int, setStarts: Span<Int32>,
    setWords: Span<UInt64>, path: inout MutableSpan<Int64>
  ) -> (length: Int, leaf: Int) {
    var length = 0
    var child = root
    while child >= 0 {
      precondition(length < path.count)
      let node = unsafe nodes[unchecked: Int(child)]
      let left = TreeTestKernel.goesLeft(
        node, cells: cells, start: start, setStarts: setStarts, setWords: setWords)
      unsafe path[unchecked: length] = Int64(child) &* 2 &+ (left ? 1 : 0)
      length &+= 1
      child = left ? node.left : node.right
    }
    return (length, Int(~child))
  }

  /// Adds to `changes`, from `place` on and one number a row, what the move changes in one tree.
  ///
  /// Shapes: `masks[node · groups + group]` has the bits of the rows that go left at each node, 256
  /// rows a group, of which `rows` exist; `moved` one truth a player from `firstPlayer` on; `path` and
  /// `length` as `walk` left them; `branches` a place for each node of the longest path and one more;
  /// `changes` 256 places from `place` on. Every child lies inside `nodes` or `leaves`.
  static func add(
    nodes: Span<GameNode>, leaves: Span<Double>, masks: Span<SIMD4<UInt64>>, groups: Int,
    group: Int, rows: SIMD4<UInt64>, path: borrowing MutableSpan<Int64>, length: Int,
    ownLeaf: Double, moved: Span<Bool>, firstPlayer: Int, cells: Span<Double>, start: Int,
    setStarts: Span<Int32>, setWords: Span<UInt64>, branches: inout MutableSpan<FactorBranch>,
    changes: inout MutableSpan<Double>, place: Int
  ) {
    precondition(
      length <= path.count && branches.count > length && place >= 0
        && place + 256 <= changes.count && masks.count >= nodes.count * groups)
    var staying = rows
    for step in 0..<length {
      let code = unsafe path[unchecked: step]
      let position = Int(code &>> 1)
      let node = unsafe nodes[unchecked: position]
      guard unsafe moved[unchecked: firstPlayer &+ Int(node.player)] else { continue }
      let mask = unsafe masks[unchecked: position &* groups &+ group]
      let isLeft = code & 1 == 1
      let leaving = staying & (isLeft ? ~mask : mask)
      guard !isEmpty(leaving) else { continue }
      staying &= ~leaving
      follow(
        isLeft ? node.right : node.left, leaving, nodes, leaves, masks, groups, group, ownLeaf,
        moved, firstPlayer, cells, start, setStarts, setWords, &branches, &changes, place)
      if isEmpty(staying) { return }
    }
  }

  @inline(__always)
  private static func isEmpty(_ rows: SIMD4<UInt64>) -> Bool {
    (rows.x | rows.y | rows.z | rows.w) == 0
  }

  @inline(__always)
  private static func follow(
    _ first: Int32, _ leaving: SIMD4<UInt64>, _ nodes: Span<GameNode>, _ leaves: Span<Double>,
    _ masks: Span<SIMD4<UInt64>>, _ groups: Int, _ group: Int, _ ownLeaf: Double,
    _ moved: Span<Bool>, _ firstPlayer: Int, _ cells: Span<Double>, _ start: Int,
    _ setStarts: Span<Int32>, _ setWords: Span<UInt64>,
    _ branches: inout MutableSpan<FactorBranch>, _ changes: inout MutableSpan<Double>,
    _ place: Int
  ) {
    var child = first
    var rows = leaving
    var waiting = 0
    while true {
      if child < 0 {
        let change = unsafe leaves[unchecked: Int(~child)] - ownLeaf
        for word in 0..<4 {
          var bits = rows[word]
          let base = place &+ word &* 64
          while bits != 0 {
            unsafe changes[unchecked: base &+ bits.trailingZeroBitCount] += change
            bits &= bits &- 1
          }
        }
        if waiting == 0 { return }
        waiting &-= 1
        let branch = unsafe branches[unchecked: waiting]
        child = branch.child
        rows = branch.rows
        continue
      }
      let position = Int(child)
      let node = unsafe nodes[unchecked: position]
      guard unsafe moved[unchecked: firstPlayer &+ Int(node.player)] else {
        let left = TreeTestKernel.goesLeft(
          node, cells: cells, start: start, setStarts: setStarts, setWords: setWords)
        child = left ? node.left : node.right
        continue
      }
      let mask = unsafe masks[unchecked: position &* groups &+ group]
      let left = rows & mask
      let right = rows & ~mask
      if isEmpty(left) {
        child = node.right
      } else if isEmpty(right) {
        child = node.left
      } else {
        unsafe branches[unchecked: waiting] = FactorBranch(child: node.right, rows: right)
        waiting &+= 1
        child = node.left
        rows = left
      }
    }
  }
}
