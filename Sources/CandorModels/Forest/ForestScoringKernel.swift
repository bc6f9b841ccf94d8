/// A node as scoring reads it, 16 bytes.
///
/// At an inner node the right child follows the left one. A leaf has an infinite threshold and
/// itself as left child, so that a walk may go on past it without a branch.
struct ForestNode: Sendable {
  /// A row goes left where its value is at most this.
  var threshold: Double
  /// The encoded column.
  var column: Int32
  /// The left child, counted over the whole forest.
  var left: Int32
}

/// Walks blocks of rows through trees.
enum ForestScoringKernel {
  /// How many rows are walked through one tree after another, so that a tree's nodes are fetched
  /// once a block.
  static let block = 1024

  /// Adds the leaf values of all trees, in the trees' order, to each row's sum.
  ///
  /// Four rows walk abreast to hide the latency of the loads. `rows` is row-major of this width,
  /// every value finite; every column of a node is below the width, every child inside `nodes`.
  /// O(rows · trees · depth), 16 bytes of node and 8 of the row a step.
  static func addLeafValues(
    nodes: Span<ForestNode>, values: Span<Double>, roots: Span<Int32>, rows: Span<Double>,
    width: Int, into sums: inout MutableSpan<Double>
  ) {
    let count = sums.count
    precondition(rows.count == count * width && values.count == nodes.count)
    var start = 0
    while start < count {
      let end = min(start + block, count)
      for tree in 0..<roots.count {
        let root = roots[tree]
        var r = start
        while r + 4 <= end {
          var a = root
          var b = root
          var c = root
          var d = root
          let base = r &* width
          var moved = true
          while moved {
            let nextA = step(nodes, rows, base, a)
            let nextB = step(nodes, rows, base &+ width, b)
            let nextC = step(nodes, rows, base &+ 2 &* width, c)
            let nextD = step(nodes, rows, base &+ 3 &* width, d)
            moved = ((nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d)) != 0
            a = nextA
            b = nextB
            c = nextC
            d = nextD
          }
          unsafe sums[unchecked: r] += values[unchecked: Int(a)]
          unsafe sums[unchecked: r &+ 1] += values[unchecked: Int(b)]
          unsafe sums[unchecked: r &+ 2] += values[unchecked: Int(c)]
          unsafe sums[unchecked: r &+ 3] += values[unchecked: Int(d)]
          r &+= 4
        }
        while r < end {
          var a = root
          var moved = true
          while moved {
            let next = step(nodes, rows, r &* width, a)
            moved = next != a
            a = next
          }
          unsafe sums[unchecked: r] += values[unchecked: Int(a)]
          r &+= 1
        }
      }
      start = end
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
    _ nodes: Span<ForestNode>, _ rows: Span<Double>, _ base: Int, _ node: Int32
  ) -> Int32 {
    let here = unsafe nodes[unchecked: Int(node)]
    let value = unsafe rows[unchecked: base &+ Int(here.column)]
    return here.left &+ (value <= here.threshold ? 0 : 1)
  }
}
