/// A node as scoring reads it, 8 bytes.
///
/// At an inner node the right child follows the left one. A leaf tests for bin 255, which every row
/// passes, and has itself as left child, so that a walk may go on past it without a branch.
struct ForestNode: Sendable {
  /// `column · 256 + bin`: a row goes left where its bin of that column is at most this one.
  var code: Int32
  /// The left child, counted over the whole forest.
  var left: Int32

  /// The code of a leaf.
  static let leafCode: Int32 = 255
}

/// Walks blocks of rows through trees.
enum ForestScoringKernel {
  /// How many rows are walked through one tree after another: a tree's nodes are fetched once a
  /// block, and the block's bins stay in the first-level cache for a few dozen columns.
  static let block = 1024

  /// Adds the leaf values of all trees, in the trees' order, to each row's sum.
  ///
  /// Eight rows walk abreast to hide the latency of the loads. `bins` is column-major with
  /// `sums.count` rows; every column of a node is below the number of columns, every child inside
  /// `nodes`. O(rows · trees · depth), 8 bytes of node and one bin a step, no branch on a
  /// comparison.
  static func addLeafValues(
    nodes: Span<ForestNode>, values: Span<Double>, roots: Span<Int32>, bins: Span<UInt8>,
    columns: Int, into sums: inout MutableSpan<Double>
  ) {
    let count = sums.count
    precondition(bins.count == count * columns && values.count == nodes.count)
    for tree in 0..<roots.count {
      let root = roots[tree]
      var r = 0
      while r &+ 8 <= count {
        var a = root
        var b = root
        var c = root
        var d = root
        var e = root
        var f = root
        var g = root
        var h = root
        var moved: Int32 = 1
        while moved != 0 {
          let nextA = step(nodes, bins, count, r, a)
          let nextB = step(nodes, bins, count, r &+ 1, b)
          let nextC = step(nodes, bins, count, r &+ 2, c)
          let nextD = step(nodes, bins, count, r &+ 3, d)
          let nextE = step(nodes, bins, count, r &+ 4, e)
          let nextF = step(nodes, bins, count, r &+ 5, f)
          let nextG = step(nodes, bins, count, r &+ 6, g)
          let nextH = step(nodes, bins, count, r &+ 7, h)
          moved =
            (nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d)
            | (nextE ^ e) | (nextF ^ f) | (nextG ^ g) | (nextH ^ h)
          a = nextA
          b = nextB
          c = nextC
          d = nextD
          e = nextE
          f = nextF
          g = nextG
          h = nextH
        }
        unsafe sums[unchecked: r] += values[unchecked: Int(a)]
        unsafe sums[unchecked: r &+ 1] += values[unchecked: Int(b)]
        unsafe sums[unchecked: r &+ 2] += values[unchecked: Int(c)]
        unsafe sums[unchecked: r &+ 3] += values[unchecked: Int(d)]
        unsafe sums[unchecked: r &+ 4] += values[unchecked: Int(e)]
        unsafe sums[unchecked: r &+ 5] += values[unchecked: Int(f)]
        unsafe sums[unchecked: r &+ 6] += values[unchecked: Int(g)]
        unsafe sums[unchecked: r &+ 7] += values[unchecked: Int(h)]
        r &+= 8
      }
      while r < count {
        var at = root
        var moved = true
        while moved {
          let next = step(nodes, bins, count, r, at)
          moved = next != at
          at = next
        }
        unsafe sums[unchecked: r] += values[unchecked: Int(at)]
        r &+= 1
      }
    }
  }

  /// Walks the rows of `walkers` through one tree on bins, and writes the leaf that each reaches.
  ///
  /// `codes` and `left` are those of one tree; `bins` is column-major with `rowCount` rows.
  static func walkBins(
    codes: Span<Int32>, left: Span<Int32>, bins: Span<UInt8>, rowCount: Int,
    walkers: Span<Int32>, into leaves: inout MutableSpan<Int32>
  ) {
    precondition(walkers.count == leaves.count && codes.count == left.count)
    for i in 0..<walkers.count {
      let row = Int(unsafe walkers[unchecked: i])
      var node = 0
      var code = unsafe codes[unchecked: 0]
      while code >= 0 {
        let bin = unsafe bins[unchecked: Int(code >> 8) &* rowCount &+ row]
        node = Int(unsafe left[unchecked: node]) &+ (Int32(bin) > (code & 255) ? 1 : 0)
        code = unsafe codes[unchecked: node]
      }
      unsafe leaves[unchecked: i] = Int32(node)
    }
  }

  @inline(__always)
  private static func step(
    _ nodes: Span<ForestNode>, _ bins: Span<UInt8>, _ rows: Int, _ row: Int, _ node: Int32
  ) -> Int32 {
    let here = unsafe nodes[unchecked: Int(node)]
    let bin = unsafe bins[unchecked: Int(here.code &>> 8) &* rows &+ row]
    // The sign of the difference is the comparison.
    return here.left
      &+ Int32(bitPattern: UInt32(bitPattern: (here.code & 255) &- Int32(bin)) &>> 31)
  }
}
