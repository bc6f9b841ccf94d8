/// A node as scoring reads it, 8 bytes.
///
/// At an inner node the right child follows the left one. A leaf tests for 255, which no bin is
/// above, and has itself as left child, so that a walk may go on past it without a branch.
struct ForestNode: Sendable {
  /// `place · 256 + bin`: a row goes right where its byte at the place is above this bin.
  var code: UInt32
  /// The left child, counted over the whole forest.
  var left: Int32

  /// The bin of a leaf.
  static let leafBin: UInt32 = 255
}

/// How a node finds the side: by a bin alone, or by a bin or a set of levels.
protocol NodeTest {
  /// 1 where the row's byte goes right, else 0.
  static func right(
    code: UInt32, bin: UInt8, node: Int, sets: Span<Int32>, words: Span<UInt32>
  ) -> UInt32
}

/// Nodes without sets.
enum BinTest: NodeTest {
  @inline(__always)
  static func right(
    code: UInt32, bin: UInt8, node: Int, sets: Span<Int32>, words: Span<UInt32>
  ) -> UInt32 {
    UInt8(truncatingIfNeeded: code) < bin ? 1 : 0
  }
}

/// Nodes some of which have a set: its bits go right. The set of the others is empty, and the bin of
/// a node with a set is 255, so that either alone decides.
enum SetTest: NodeTest {
  @inline(__always)
  static func right(
    code: UInt32, bin: UInt8, node: Int, sets: Span<Int32>, words: Span<UInt32>
  ) -> UInt32 {
    let set = Int(unsafe sets[unchecked: node])
    let word = unsafe words[unchecked: set &* 8 &+ Int(bin &>> 5)]
    let bit = word &>> UInt32(bin & 31) & 1
    return bit | (UInt8(truncatingIfNeeded: code) < bin ? 1 : 0)
  }
}

/// Walks rows through trees, many walks abreast to hide the latency of the loads: a chunk of rows
/// level by level, or one row through eight trees.
///
/// The cell of row r of a chunk and of the view at `place` is `bins[place + r]`; a chunk has
/// `ForestTables.chunk` rows. Every place of a code is that of a view and every child inside the
/// tree, so that a walk over bytes of any value stays inside the arrays. No branch depends on a
/// comparison but the one that ends the walk below the crown.
enum ForestScoringKernel {
  /// Adds the leaf values of all trees, in the trees' order, to the sum of each of the first `rows`
  /// rows.
  ///
  /// Shapes: `bins` holds whole chunks, `sums` a place for each of their rows, `ends` and `walking`
  /// have a place for each row of a chunk. A tree's nodes are fetched once for all chunks, and its
  /// crown stays in the first-level cache.
  static func addLeafValues<Test: NodeTest>(
    _ tables: ForestTables, test: Test.Type, bins: Span<UInt8>, rows: Int,
    ends: inout MutableSpan<Int32>, walking: inout MutableSpan<Int32>,
    into sums: inout MutableSpan<Double>
  ) {
    let crown = tables.crown.span
    let crownSets = tables.crownSets.span
    let bottoms = tables.bottoms.span
    let bottomValues = tables.bottomValues.span
    let nodes = tables.nodes.span
    let sets = tables.sets.span
    let words = tables.words.span
    let values = tables.values.span
    let levels = tables.levels
    let size = 1 &<< levels
    let chunkBytes = tables.placeCount &* ForestTables.chunk
    let chunks = (rows + ForestTables.chunk - 1) / ForestTables.chunk
    precondition(
      bins.count >= chunks * chunkBytes && sums.count >= chunks * ForestTables.chunk
        && ends.count >= ForestTables.chunk && walking.count >= ForestTables.chunk)
    for tree in 0..<tables.treeCount {
      let top = tree &* size
      for chunk in 0..<chunks {
        let first = chunk &* ForestTables.chunk
        let used = min(rows &- first, ForestTables.chunk)
        let base = chunk &* chunkBytes
        var level = 0
        if test == BinTest.self, levels >= 4 {
          fallFourLevels(crown, bins, top: top, base: base, rows: used, ends: &ends)
          level = 4
        } else {
          for r in 0..<used { unsafe ends[unchecked: r] = 1 }
        }
        while level < levels {
          for r in 0..<used {
            let node = Int(unsafe ends[unchecked: r])
            unsafe ends[unchecked: r] = Int32(
              truncatingIfNeeded: fall(
                test, crown, crownSets, words, bins, top, base &+ r, node))
          }
          level &+= 1
        }
        let under = top &- size
        if !tables.isDeep {
          for r in 0..<used {
            unsafe sums[unchecked: first &+ r] +=
              bottomValues[unchecked: under &+ Int(ends[unchecked: r])]
          }
          continue
        }
        for r in 0..<used {
          unsafe ends[unchecked: r] = bottoms[unchecked: under &+ Int(ends[unchecked: r])]
        }
        goOn(
          test, nodes, sets, words, bins, base: base, rows: used, ends: &ends,
          walking: &walking)
        for r in 0..<used {
          unsafe sums[unchecked: first &+ r] += values[unchecked: Int(ends[unchecked: r])]
        }
      }
    }
  }

  /// Writes the place of the crown that each row reaches after four levels: 16 to 31.
  ///
  /// All fifteen tests of the upper levels are done for sixteen rows at once, and the ways are then
  /// chosen among their outcomes: fewer operations than a walk takes.
  @inline(__always)
  private static func fallFourLevels(
    _ crown: Span<UInt32>, _ bins: Span<UInt8>, top: Int, base: Int, rows: Int,
    ends: inout MutableSpan<Int32>
  ) {
    let bytes = unsafe bins.bytes
    var r = 0
    while r < rows {
      let at = base &+ r
      let a = right(crown, bytes, top &+ 1, at)
      let b = choose(a, right(crown, bytes, top &+ 3, at), right(crown, bytes, top &+ 2, at))
      let c = choose(
        a,
        choose(b, right(crown, bytes, top &+ 7, at), right(crown, bytes, top &+ 6, at)),
        choose(b, right(crown, bytes, top &+ 5, at), right(crown, bytes, top &+ 4, at)))
      let dRight = choose(
        b,
        choose(c, right(crown, bytes, top &+ 15, at), right(crown, bytes, top &+ 14, at)),
        choose(c, right(crown, bytes, top &+ 13, at), right(crown, bytes, top &+ 12, at)))
      let dLeft = choose(
        b,
        choose(c, right(crown, bytes, top &+ 11, at), right(crown, bytes, top &+ 10, at)),
        choose(c, right(crown, bytes, top &+ 9, at), right(crown, bytes, top &+ 8, at)))
      let d = choose(a, dRight, dLeft)
      var place = SIMD16<UInt8>(repeating: 16)
      place |= a & SIMD16<UInt8>(repeating: 8)
      place |= b & SIMD16<UInt8>(repeating: 4)
      place |= c & SIMD16<UInt8>(repeating: 2)
      place |= d & SIMD16<UInt8>(repeating: 1)
      for lane in 0..<16 { unsafe ends[unchecked: r &+ lane] = Int32(place[lane]) }
      r &+= 16
    }
  }

  /// All ones in the lanes of sixteen rows that go right at a place of the crown, else zero.
  @inline(__always)
  private static func right(
    _ crown: Span<UInt32>, _ bins: RawSpan, _ place: Int, _ at: Int
  ) -> SIMD16<UInt8> {
    let code = unsafe crown[unchecked: place]
    let bin = unsafe bins.unsafeLoadUnaligned(
      fromUncheckedByteOffset: at &+ Int(code &>> 8), as: SIMD16<UInt8>.self)
    let limit = SIMD16<UInt8>(repeating: UInt8(truncatingIfNeeded: code))
    return SIMD16<UInt8>.zero.replacing(with: 255, where: bin .> limit)
  }

  /// `yes` where the mask is all ones, `no` where it is zero.
  @inline(__always)
  private static func choose(
    _ mask: SIMD16<UInt8>, _ yes: SIMD16<UInt8>, _ no: SIMD16<UInt8>
  ) -> SIMD16<UInt8> {
    no ^ ((no ^ yes) & mask)
  }

  /// Walks the rows whose end is marked as no leaf on to one, two steps a turn; those that are there
  /// drop out of the list of walkers, so that no step waits for the deepest row.
  @inline(__always)
  private static func goOn<Test: NodeTest>(
    _ test: Test.Type, _ nodes: Span<ForestNode>, _ sets: Span<Int32>, _ words: Span<UInt32>,
    _ bins: Span<UInt8>, base: Int, rows: Int, ends: inout MutableSpan<Int32>,
    walking: inout MutableSpan<Int32>
  ) {
    var walkers = 0
    for r in 0..<rows {
      let end = unsafe ends[unchecked: r]
      unsafe ends[unchecked: r] = end & Int32.max
      unsafe walking[unchecked: walkers] = Int32(truncatingIfNeeded: r)
      walkers &+= Int(truncatingIfNeeded: UInt32(bitPattern: end) &>> 31)
    }
    while walkers > 0 {
      var left = 0
      for i in 0..<walkers {
        let r = unsafe walking[unchecked: i]
        let row = Int(r)
        let here = Int(unsafe ends[unchecked: row])
        let next = step(test, nodes, sets, words, bins, base &+ row, here)
        let last = step(test, nodes, sets, words, bins, base &+ row, next)
        unsafe ends[unchecked: row] = Int32(truncatingIfNeeded: last)
        unsafe walking[unchecked: left] = r
        // A walk that stood still is at its leaf. Counted by a sign: a branch here is a coin toss.
        left &+= Int(bitPattern: UInt(bitPattern: 0 &- (last ^ next)) &>> 63)
      }
      walkers = left
    }
  }

  /// The sum of the leaf values of all trees for one row of the first chunk: eight trees abreast,
  /// summed in the trees' order.
  static func leafSum<Test: NodeTest>(
    _ tables: ForestTables, test: Test.Type, bins: Span<UInt8>, row: Int
  ) -> Double {
    let crown = tables.crown.span
    let crownSets = tables.crownSets.span
    let bottoms = tables.bottoms.span
    let nodes = tables.nodes.span
    let sets = tables.sets.span
    let words = tables.words.span
    let values = tables.values.span
    let levels = tables.levels
    let size = 1 &<< levels
    let last = tables.treeCount &- 1
    precondition(
      row >= 0 && row < ForestTables.chunk
        && bins.count >= tables.placeCount * ForestTables.chunk)
    var sum = 0.0
    var at = InlineArray<8, Int>(repeating: 1)
    var tree = 0
    while tree <= last {
      // Past the last tree the last is walked again, and not counted.
      for lane in 0..<8 { unsafe at[unchecked: lane] = 1 }
      for _ in 0..<levels {
        for lane in 0..<8 {
          let top = min(tree &+ lane, last) &* size
          unsafe at[unchecked: lane] = fall(
            test, crown, crownSets, words, bins, top, row, at[unchecked: lane])
        }
      }
      for lane in 0..<8 {
        let under = (min(tree &+ lane, last) &- 1) &* size
        let end = unsafe bottoms[unchecked: under &+ at[unchecked: lane]]
        unsafe at[unchecked: lane] = Int(end & Int32.max)
      }
      var moved = tables.isDeep ? 1 : 0
      while moved != 0 {
        moved = 0
        for lane in 0..<8 {
          let here = unsafe at[unchecked: lane]
          let next = step(test, nodes, sets, words, bins, row, here)
          moved |= next ^ here
          unsafe at[unchecked: lane] = next
        }
      }
      for lane in 0..<min(8, last &- tree &+ 1) {
        sum += unsafe values[unchecked: at[unchecked: lane]]
      }
      tree &+= 8
    }
    return sum
  }

  /// Copies the first `count` bins to a place of a chunk, each raised by `shift` modulo 256.
  static func put(
    _ bins: Span<UInt8>, count: Int, shift: UInt8, at place: Int,
    into chunk: inout MutableSpan<UInt8>
  ) {
    precondition(place >= 0 && count <= bins.count && place + count <= chunk.count)
    for i in 0..<count {
      unsafe chunk[unchecked: place &+ i] = bins[unchecked: i] &+ shift
    }
  }

  @inline(__always)
  private static func fall<Test: NodeTest>(
    _ test: Test.Type, _ crown: Span<UInt32>, _ crownSets: Span<Int32>, _ words: Span<UInt32>,
    _ bins: Span<UInt8>, _ top: Int, _ base: Int, _ node: Int
  ) -> Int {
    let code = unsafe crown[unchecked: top &+ node]
    let bin = unsafe bins[unchecked: base &+ Int(code &>> 8)]
    let right = test.right(
      code: code, bin: bin, node: top &+ node, sets: crownSets, words: words)
    return node &+ node &+ Int(right)
  }

  @inline(__always)
  private static func step<Test: NodeTest>(
    _ test: Test.Type, _ nodes: Span<ForestNode>, _ sets: Span<Int32>, _ words: Span<UInt32>,
    _ bins: Span<UInt8>, _ base: Int, _ node: Int
  ) -> Int {
    let here = unsafe nodes[unchecked: node]
    let bin = unsafe bins[unchecked: base &+ Int(here.code &>> 8)]
    let right = test.right(code: here.code, bin: bin, node: node, sets: sets, words: words)
    return Int(here.left) &+ Int(right)
  }
}
