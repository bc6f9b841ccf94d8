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

  /// The bin of every number: the count of edges below it, found by halving.
  ///
  /// Shapes: `numbers` and `bins` of one length, `edges` strictly rising and at most 255. A NaN
  /// goes to the last bin. About log2(edges) comparisons a number, no branch on their outcome.
  package static func assign(
    _ numbers: Span<Double>, edges: Span<Double>, into bins: inout MutableSpan<UInt8>
  ) {
    precondition(numbers.count == bins.count && edges.count <= 255)
    if edges.count == 1 {
      // The 0/1 columns of one-hot encoding.
      let edge = edges[0]
      for i in numbers.indices { bins[i] = numbers[i] <= edge ? 0 : 1 }
      return
    }
    for i in numbers.indices {
      let number = numbers[i]
      var low = 0
      var length = edges.count
      while length > 0 {
        let half = length / 2
        // Not "number > edge": a NaN must walk to the end.
        let above = !(number <= edges[low + half])
        low = above ? low + half + 1 : low
        length = above ? length - half - 1 : half
      }
      bins[i] = UInt8(truncatingIfNeeded: low)
    }
  }
}
