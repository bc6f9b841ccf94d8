/// Curves of rows over the grids of several players, from one walk of each row through each tree.
///
/// A row's own path serves all players. At each of its nodes that tests a player, the points of that
/// player's grid that would go the other way part from it, and walk on together from the other child,
/// following the row at the tests of other players and parting at those of this one. What such points
/// end with differs from the row's own leaf by a difference that is put at the ends of the runs of
/// points: a running sum over the grid gives the curve. No leaf is added point by point.
enum TreeEffectKernel {
  /// Adds every tree to the rows' sums and differences.
  ///
  /// Shapes: `ranks` rows × columns; `sums` a place a row; `differences` rows × `plan.slotCount`;
  /// `path`, `stackNodes` and `stackMasks` `tables.depth` places; `alive` a place a part.
  static func addTrees(
    _ tables: TreeEffectTables, _ plan: TreeEffectPlan, ranks: Span<Int32>, rows: Int,
    path: inout MutableSpan<Int32>, alive: inout MutableSpan<UInt64>,
    stackNodes: inout MutableSpan<Int32>, stackMasks: inout MutableSpan<UInt64>,
    sums: inout MutableSpan<Double>, differences: inout MutableSpan<Double>
  ) {
    let nodes = tables.nodes.span
    let roots = tables.roots.span
    let words = tables.words.span
    let partOf = plan.partOfColumn.span
    let partCount = plan.partCount.span
    let maskStart = plan.maskStart.span
    let masks = plan.masks.span
    let full = plan.full.span
    let slots = plan.slots.span
    let width = tables.width
    let stride = plan.slotCount
    precondition(
      ranks.count >= rows * width && sums.count >= rows && differences.count >= rows * stride
        && path.count >= tables.depth && stackNodes.count >= tables.depth
        && stackMasks.count >= tables.depth && alive.count >= full.count
        && partOf.count == width && maskStart.count == width)
    for tree in roots.indices {
      let root = Int(unsafe roots[unchecked: tree])
      for row in 0..<rows {
        let cells = row &* width
        let base = row &* stride
        // The row's own path.
        var node = root
        var length = 0
        let own: Double
        while true {
          let test = unsafe nodes[unchecked: node]
          if test.left < 0 {
            own = test.value
            break
          }
          let right = side(test, ranks, words, cells)
          unsafe path[unchecked: length] = Int32(truncatingIfNeeded: node &<< 1 | right)
          length &+= 1
          let first = Int(unsafe partOf[unchecked: test.column])
          if first >= 0 {
            let count = Int(unsafe partCount[unchecked: test.column])
            for part in first..<first &+ count {
              unsafe alive[unchecked: part] = full[unchecked: part]
            }
          }
          node = Int(test.left) &+ right
        }
        unsafe sums[unchecked: row] += own
        // Where points part from it.
        for step in 0..<length {
          let entry = Int(unsafe path[unchecked: step])
          let test = unsafe nodes[unchecked: entry &>> 1]
          let column = test.column
          let first = Int(unsafe partOf[unchecked: column])
          if first < 0 { continue }
          let count = Int(unsafe partCount[unchecked: column])
          let start = Int(unsafe maskStart[unchecked: column])
          let right = entry & 1
          for offset in 0..<count {
            let goRight = mask(test, masks, start, count, offset)
            let with = unsafe alive[unchecked: first &+ offset]
            let other = with & (right == 1 ? ~goRight : goRight)
            if other == 0 { continue }
            unsafe alive[unchecked: first &+ offset] = with & ~other
            let slot = base &+ Int(unsafe slots[unchecked: first &+ offset])
            // The other child, with all that parts again below it.
            var height = 1
            unsafe stackNodes[unchecked: 0] = Int32(
              truncatingIfNeeded: Int(test.left) &+ 1 &- right)
            unsafe stackMasks[unchecked: 0] = other
            while height > 0 {
              height &-= 1
              var node = Int(unsafe stackNodes[unchecked: height])
              var points = unsafe stackMasks[unchecked: height]
              let difference: Double
              while true {
                let test = unsafe nodes[unchecked: node]
                if test.left < 0 {
                  difference = test.value - own
                  break
                }
                let column = test.column
                if Int(unsafe partOf[unchecked: column]) != first {
                  node = Int(test.left) &+ side(test, ranks, words, cells)
                  continue
                }
                let start = Int(unsafe maskStart[unchecked: column])
                let toRight = points & mask(test, masks, start, count, offset)
                let toLeft = points & ~toRight
                if toLeft == 0 {
                  node = Int(test.left) &+ 1
                } else {
                  if toRight != 0 {
                    unsafe stackNodes[unchecked: height] = test.left &+ 1
                    unsafe stackMasks[unchecked: height] = toRight
                    height &+= 1
                  }
                  points = toLeft
                  node = Int(test.left)
                }
              }
              add(difference, over: points, at: slot, into: &differences)
            }
          }
        }
      }
    }
  }

  /// 1 where a row goes right, else 0.
  @inline(__always)
  private static func side(
    _ test: EffectNode, _ ranks: Span<Int32>, _ words: Span<UInt32>, _ cells: Int
  ) -> Int {
    let rank = unsafe ranks[unchecked: cells &+ test.column]
    let missing = rank < 0 && test.missingGoesRight ? 1 : 0
    if test.set < 0 { return (rank > test.cut ? 1 : 0) | missing }
    if rank < 0 { return missing }
    let word = unsafe words[unchecked: Int(test.set) &+ Int(rank &>> 5)]
    return Int(~(word &>> UInt32(truncatingIfNeeded: rank & 31)) & 1)
  }

  /// The points of a part that go right at a test.
  @inline(__always)
  private static func mask(
    _ test: EffectNode, _ masks: Span<UInt64>, _ start: Int, _ count: Int, _ offset: Int
  ) -> UInt64 {
    let present = unsafe masks[unchecked: start &+ Int(test.cut) &* count &+ offset]
    if !test.missingGoesRight { return present }
    return unsafe present | masks[unchecked: start &- count &+ offset]
  }

  /// Puts a difference at the start of each run of points, and takes it back behind its end.
  @inline(__always)
  private static func add(
    _ difference: Double, over points: UInt64, at slot: Int,
    into differences: inout MutableSpan<Double>
  ) {
    var left = points
    var from = 0
    while left != 0 {
      let gap = left.trailingZeroBitCount
      left &>>= UInt64(truncatingIfNeeded: gap)
      from &+= gap
      let run = (~left).trailingZeroBitCount
      unsafe differences[unchecked: slot &+ from] += difference
      unsafe differences[unchecked: slot &+ from &+ run] -= difference
      if run == 64 { break }
      left &>>= UInt64(truncatingIfNeeded: run)
      from &+= run
    }
  }

  /// Writes the margins of a row at all points of a part: the row's own, plus the running sum of the
  /// differences.
  ///
  /// Shapes: `differences` from `slot` on `count` places; `output` from `place` on as many.
  static func accumulate(
    _ differences: Span<Double>, slot: Int, count: Int, from own: Double, at place: Int,
    into output: inout MutableSpan<Double>
  ) {
    precondition(
      slot >= 0 && place >= 0 && count >= 0 && slot + count <= differences.count
        && place + count <= output.count)
    var running = 0.0
    for point in 0..<count {
      running += unsafe differences[unchecked: slot &+ point]
      unsafe output[unchecked: place &+ point] = own + running
    }
  }
}
