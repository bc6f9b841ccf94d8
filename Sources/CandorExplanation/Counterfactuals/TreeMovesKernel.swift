/// Walks through trees with a few features free: the values of all their options in one pass.
///
/// `ways` says for each test where the row goes: 0 left, 1 right, 2 where the first free feature
/// decides, 3 where the second does. `masks` has for each test a bit for each option that goes left.
/// Children and tests of every node are inside their arrays, since `TreeMoves` made them; a stack has
/// room for two entries a level. Differences are summed afterwards, so that a run of options costs two
/// additions whatever its length.
enum TreeMovesKernel {
  /// The leaves' sum for a row whose way is decided everywhere.
  static func sum(
    nodes: Span<SIMD4<Int32>>, values: Span<Double>, roots: Span<Int32>, ways: Span<UInt8>
  ) -> Double {
    precondition(nodes.count == values.count)
    var total = 0.0
    for tree in roots.indices {
      var node = Int(unsafe roots[unchecked: tree])
      while true {
        let here = unsafe nodes[unchecked: node]
        if here[0] < 0 { break }
        let way = unsafe ways[unchecked: Int(here[0])]
        node = Int(way == 0 ? here[1] : here[2])
      }
      total += unsafe values[unchecked: node]
    }
    return total
  }

  /// Adds the trees' values for every option of one free feature, as differences.
  ///
  /// - Returns: The number of nodes visited.
  static func addProfile(
    nodes: Span<SIMD4<Int32>>, values: Span<Double>, roots: Span<Int32>, ways: Span<UInt8>,
    masks: Span<SIMD4<UInt64>>, all: SIMD4<UInt64>, stackNodes: inout MutableSpan<Int32>,
    stackMasks: inout MutableSpan<SIMD4<UInt64>>, into differences: inout MutableSpan<Double>
  ) -> Int {
    precondition(nodes.count == values.count && masks.count >= ways.count)
    precondition(differences.count > 256 && stackMasks.count >= stackNodes.count)
    var visits = 0
    for tree in roots.indices {
      var top = 0
      var node = Int(unsafe roots[unchecked: tree])
      var mask = all
      while true {
        let here = unsafe nodes[unchecked: node]
        visits &+= 1
        if here[0] >= 0 {
          let test = Int(here[0])
          let way = unsafe ways[unchecked: test]
          if way < 2 {
            node = Int(way == 0 ? here[1] : here[2])
            continue
          }
          let goesLeft = unsafe masks[unchecked: test]
          let left = mask & goesLeft
          let right = mask & ~goesLeft
          if left == .zero {
            node = Int(here[2])
          } else if right == .zero {
            node = Int(here[1])
          } else {
            unsafe stackNodes[unchecked: top] = here[2]
            unsafe stackMasks[unchecked: top] = right
            top &+= 1
            node = Int(here[1])
            mask = left
          }
          continue
        }
        let value = unsafe values[unchecked: node]
        for word in 0..<4 {
          var bits = mask[word]
          while bits != 0 {
            let start = bits.trailingZeroBitCount
            let length = (~(bits &>> UInt64(start))).trailingZeroBitCount
            let end = min(start &+ length, 64)
            unsafe differences[unchecked: word &* 64 &+ start] += value
            unsafe differences[unchecked: word &* 64 &+ end] -= value
            bits = end == 64 ? 0 : bits & (UInt64.max &<< UInt64(end))
          }
        }
        if top == 0 { break }
        top &-= 1
        node = Int(unsafe stackNodes[unchecked: top])
        mask = unsafe stackMasks[unchecked: top]
      }
    }
    return visits
  }

  /// Adds the trees' values for every pair of options of two free features, as differences in rows of
  /// `columns` places.
  ///
  /// - Returns: The number of nodes visited.
  static func addPairs(
    nodes: Span<SIMD4<Int32>>, values: Span<Double>, roots: Span<Int32>, ways: Span<UInt8>,
    masks: Span<SIMD4<UInt64>>, first: SIMD4<UInt64>, second: SIMD4<UInt64>, columns: Int,
    stackNodes: inout MutableSpan<Int32>, stackFirst: inout MutableSpan<SIMD4<UInt64>>,
    stackSecond: inout MutableSpan<SIMD4<UInt64>>, into differences: inout MutableSpan<Double>
  ) -> Int {
    precondition(nodes.count == values.count && masks.count >= ways.count)
    precondition(stackFirst.count >= stackNodes.count && stackSecond.count >= stackNodes.count)
    let lastFirst = 256 &- bitWidth(first)
    let lastSecond = 256 &- bitWidth(second)
    precondition(lastSecond < columns && (lastFirst + 1) * columns <= differences.count)
    var visits = 0
    for tree in roots.indices {
      var top = 0
      var node = Int(unsafe roots[unchecked: tree])
      var a = first
      var b = second
      while true {
        let here = unsafe nodes[unchecked: node]
        visits &+= 1
        if here[0] >= 0 {
          let test = Int(here[0])
          let way = unsafe ways[unchecked: test]
          if way < 2 {
            node = Int(way == 0 ? here[1] : here[2])
            continue
          }
          let goesLeft = unsafe masks[unchecked: test]
          let whole = way == 2 ? a : b
          let left = whole & goesLeft
          let right = whole & ~goesLeft
          if left == .zero {
            node = Int(here[2])
          } else if right == .zero {
            node = Int(here[1])
          } else {
            unsafe stackNodes[unchecked: top] = here[2]
            unsafe stackFirst[unchecked: top] = way == 2 ? right : a
            unsafe stackSecond[unchecked: top] = way == 2 ? b : right
            top &+= 1
            node = Int(here[1])
            if way == 2 { a = left } else { b = left }
          }
          continue
        }
        addRectangles(
          a, b, value: unsafe values[unchecked: node], columns: columns, into: &differences)
        if top == 0 { break }
        top &-= 1
        node = Int(unsafe stackNodes[unchecked: top])
        a = unsafe stackFirst[unchecked: top]
        b = unsafe stackSecond[unchecked: top]
      }
    }
    return visits
  }

  /// The number of zero bits above the highest one.
  private static func bitWidth(_ mask: SIMD4<UInt64>) -> Int {
    var zeros = 0
    for word in [3, 2, 1, 0] {
      if mask[word] != 0 { return zeros &+ mask[word].leadingZeroBitCount }
      zeros &+= 64
    }
    return zeros
  }

  @inline(__always)
  private static func addRectangles(
    _ a: SIMD4<UInt64>, _ b: SIMD4<UInt64>, value: Double, columns: Int,
    into differences: inout MutableSpan<Double>
  ) {
    for wordA in 0..<4 {
      var bitsA = a[wordA]
      while bitsA != 0 {
        let startA = bitsA.trailingZeroBitCount
        let endA = min(startA &+ (~(bitsA &>> UInt64(startA))).trailingZeroBitCount, 64)
        bitsA = endA == 64 ? 0 : bitsA & (UInt64.max &<< UInt64(endA))
        let low = (wordA &* 64 &+ startA) &* columns
        let high = (wordA &* 64 &+ endA) &* columns
        for wordB in 0..<4 {
          var bitsB = b[wordB]
          while bitsB != 0 {
            let startB = bitsB.trailingZeroBitCount
            let endB = min(startB &+ (~(bitsB &>> UInt64(startB))).trailingZeroBitCount, 64)
            bitsB = endB == 64 ? 0 : bitsB & (UInt64.max &<< UInt64(endB))
            let left = wordB &* 64 &+ startB
            let right = wordB &* 64 &+ endB
            unsafe differences[unchecked: low &+ left] += value
            unsafe differences[unchecked: low &+ right] -= value
            unsafe differences[unchecked: high &+ left] -= value
            unsafe differences[unchecked: high &+ right] += value
          }
        }
      }
    }
  }

  /// The sum over the trees of the least value of a leaf that a row of the box can reach.
  ///
  /// `owners` has the mover of each test, -1 where the way is decided; `box` one mask a mover, given
  /// back as it was.
  static func least(
    nodes: Span<SIMD4<Int32>>, values: Span<Double>, roots: Span<Int32>, ways: Span<UInt8>,
    masks: Span<SIMD4<UInt64>>, owners: Span<Int32>, box: inout MutableSpan<SIMD4<UInt64>>,
    visits: inout Int
  ) -> Double {
    precondition(nodes.count == values.count && masks.count >= ways.count)
    precondition(owners.count >= ways.count)
    var total = 0.0
    for tree in roots.indices {
      total += least(
        below: Int(unsafe roots[unchecked: tree]), nodes, values, ways, masks, owners, &box,
        &visits)
    }
    return total
  }

  private static func least(
    below start: Int, _ nodes: Span<SIMD4<Int32>>, _ values: Span<Double>, _ ways: Span<UInt8>,
    _ masks: Span<SIMD4<UInt64>>, _ owners: Span<Int32>,
    _ box: inout MutableSpan<SIMD4<UInt64>>, _ visits: inout Int
  ) -> Double {
    var node = start
    while true {
      let here = unsafe nodes[unchecked: node]
      visits &+= 1
      if here[0] < 0 { return unsafe values[unchecked: node] }
      let test = Int(here[0])
      let owner = Int(unsafe owners[unchecked: test])
      if owner < 0 {
        node = Int(unsafe ways[unchecked: test] == 0 ? here[1] : here[2])
        continue
      }
      let goesLeft = unsafe masks[unchecked: test]
      let whole = box[owner]
      let left = whole & goesLeft
      let right = whole & ~goesLeft
      if left == .zero {
        node = Int(here[2])
      } else if right == .zero {
        node = Int(here[1])
      } else {
        box[owner] = left
        let a = least(below: Int(here[1]), nodes, values, ways, masks, owners, &box, &visits)
        box[owner] = right
        let b = least(below: Int(here[2]), nodes, values, ways, masks, owners, &box, &visits)
        box[owner] = whole
        return min(a, b)
      }
    }
  }
}
