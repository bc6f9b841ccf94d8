/// Loops of binning: sorting keys, and numbers to bins.
///
/// Goals in order: one result whatever the machine, then speed. Nothing here knows of options.
package enum BinningKernel {
  /// Sorts numbers in rising order by their bit patterns: least-significant-digit radix sort with
  /// six digits of eleven bits; a digit that all keys share is skipped.
  ///
  /// Shapes: `numbers` and `scratch` of one length n. O(n) time a digit, 16 bytes moved an element.
  /// NaN must not be among the numbers; -0 must have been turned into 0.
  package static func sort(_ numbers: [Double]) -> [Double] {
    // Below this length the passes cost more than a comparison sort.
    guard numbers.count > 2048 else { return numbers.sorted() }
    var keys = numbers.map { number -> UInt64 in
      let bits = number.bitPattern
      return bits >> 63 == 1 ? ~bits : bits | (1 << 63)
    }
    var other = [UInt64](repeating: 0, count: keys.count)
    var shift: UInt64 = 0
    while shift < 64 {
      if scatter(keys.span, by: shift, into: &other) { swap(&keys, &other) }
      shift += 11
    }
    return keys.map { key in
      Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
    }
  }

  /// One stable counting pass over a digit; false where all keys share the digit and nothing moved.
  private static func scatter(
    _ keys: Span<UInt64>, by shift: UInt64, into output: inout [UInt64]
  ) -> Bool {
    var places = [Int](repeating: 0, count: 2048)
    for i in keys.indices { places[Int(keys[i] >> shift & 2047)] += 1 }
    if places[Int(keys[0] >> shift & 2047)] == keys.count { return false }
    var next = 0
    for digit in places.indices {
      let count = places[digit]
      places[digit] = next
      next += count
    }
    var target = output.mutableSpan
    for i in keys.indices {
      let digit = Int(keys[i] >> shift & 2047)
      target[places[digit]] = keys[i]
      places[digit] += 1
    }
    return true
  }

  /// The bin of every number: the count of edges below it, found by halving; 255 for a NaN.
  ///
  /// Shapes: the first `count` of `numbers` and of `bins`; `edges` strictly rising and at most 254.
  /// About log2(edges) comparisons a number, as many for each, so that numbers overlap and nothing
  /// branches on their outcome: the sign of a difference is the comparison, since the difference of
  /// two numbers is zero only where they are equal.
  package static func assign(
    _ numbers: Span<Double>, count: Int, edges: Span<Double>, into bins: inout MutableSpan<UInt8>
  ) {
    precondition(
      count >= 0 && count <= numbers.count && count <= bins.count && edges.count <= 254)
    let most = edges.count
    var i = 0
    while i &+ 4 <= count {
      let a = unsafe numbers[unchecked: i]
      let b = unsafe numbers[unchecked: i &+ 1]
      let c = unsafe numbers[unchecked: i &+ 2]
      let d = unsafe numbers[unchecked: i &+ 3]
      var lowA = 0
      var lowB = 0
      var lowC = 0
      var lowD = 0
      var length = most
      while length > 1 {
        let half = length &>> 1
        lowA &+= half & below(edges, lowA &+ half &- 1, a)
        lowB &+= half & below(edges, lowB &+ half &- 1, b)
        lowC &+= half & below(edges, lowC &+ half &- 1, c)
        lowD &+= half & below(edges, lowD &+ half &- 1, d)
        length &-= half
      }
      unsafe bins[unchecked: i] = last(edges, lowA, length, a)
      unsafe bins[unchecked: i &+ 1] = last(edges, lowB, length, b)
      unsafe bins[unchecked: i &+ 2] = last(edges, lowC, length, c)
      unsafe bins[unchecked: i &+ 3] = last(edges, lowD, length, d)
      i &+= 4
    }
    while i < count {
      let number = unsafe numbers[unchecked: i]
      var low = 0
      var length = most
      while length > 1 {
        let half = length &>> 1
        low &+= half & below(edges, low &+ half &- 1, number)
        length &-= half
      }
      unsafe bins[unchecked: i] = last(edges, low, length, number)
      i &+= 1
    }
  }

  /// All ones where the edge is below the number, else zero.
  @inline(__always)
  private static func below(_ edges: Span<Double>, _ edge: Int, _ number: Double) -> Int {
    let difference = unsafe edges[unchecked: edge] - number
    return Int(truncatingIfNeeded: Int64(bitPattern: difference.bitPattern) &>> 63)
  }

  /// The bin after the last comparison, of which there is none where there is no edge.
  @inline(__always)
  private static func last(
    _ edges: Span<Double>, _ low: Int, _ length: Int, _ number: Double
  ) -> UInt8 {
    let bin = length == 1 ? low &- below(edges, low, number) : low
    return number.isNaN ? 255 : UInt8(truncatingIfNeeded: bin)
  }

  /// The bin of every level code: the code, and 255 for what is no whole number in `0..<levels`.
  ///
  /// Shapes: the first `count` of `numbers` and of `bins`; `levels` at most 255.
  package static func assignLevels(
    _ numbers: Span<Double>, count: Int, levels: Int, into bins: inout MutableSpan<UInt8>
  ) {
    precondition(
      count >= 0 && count <= numbers.count && count <= bins.count && levels >= 0 && levels <= 255)
    let end = Double(levels)
    for i in 0..<count {
      let number = unsafe numbers[unchecked: i]
      let code = number >= 0 && number < end ? Int(number) : 255
      unsafe bins[unchecked: i] = Double(code) == number ? UInt8(truncatingIfNeeded: code) : 255
    }
  }

  /// Copies every `stride`-th of `values` from a position on.
  static func gather(
    _ values: Span<Double>, from first: Int, stride: Int, count: Int,
    into output: inout MutableSpan<Double>
  ) {
    guard count > 0 else { return }
    precondition(
      first >= 0 && stride > 0 && first + (count - 1) * stride < values.count
        && count <= output.count)
    for i in 0..<count {
      unsafe output[unchecked: i] = values[unchecked: first &+ i &* stride]
    }
  }

  /// One where the mark is `place`, zero elsewhere.
  static func indicate(
    _ marks: Span<Int32>, place: Int32, from first: Int, count: Int,
    into output: inout MutableSpan<Double>
  ) {
    precondition(first >= 0 && first + count <= marks.count && count <= output.count)
    for i in 0..<count {
      unsafe output[unchecked: i] = marks[unchecked: first &+ i] == place ? 1 : 0
    }
  }

  /// Writes the first `count` bins to every `stride`-th place of a row-major block.
  static func scatter(
    _ bins: Span<UInt8>, count: Int, from first: Int, stride: Int,
    into output: inout MutableSpan<UInt8>
  ) {
    guard count > 0 else { return }
    precondition(
      count <= bins.count && first >= 0 && first + (count - 1) * stride < output.count)
    for i in 0..<count {
      unsafe output[unchecked: first &+ i &* stride] = bins[unchecked: i]
    }
  }

  /// Whether one of the numbers is infinite; no branch a number.
  static func hasInfinity(_ numbers: Span<Double>, from: Int, to: Int) -> Bool {
    precondition(from >= 0 && from <= to && to <= numbers.count)
    var found: UInt64 = 0
    for i in from..<to {
      let bits = unsafe numbers[unchecked: i].bitPattern & 0x7FFF_FFFF_FFFF_FFFF
      found |= bits == 0x7FF0_0000_0000_0000 ? 1 : 0
    }
    return found != 0
  }
}
