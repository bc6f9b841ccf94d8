import CCandorKernels

/// Finds line ends and delimiters, several bytes at a time.
package enum SeparatorKernel {
  /// Places that must be free behind those found, since vectors of them are stored whole.
  package static let spare = 16

  private static let lowBits: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
  private static let highBits: UInt64 = 0x8080_8080_8080_8080
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// The number of line feeds in a range, and the place of the first; O(n).
  static func lineFeeds(in bytes: Span<UInt8>, _ range: Range<Int>) -> (count: Int, first: Int?) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    var p = range.lowerBound
    let end = range.upperBound
    while p < end, unsafe bytes[unchecked: p] != 0x0A { p += 1 }
    guard p < end else { return (0, nil) }
    let first = p
    var count = 0
    let raw = unsafe bytes.bytes
    let sought = SIMD16<UInt8>(repeating: 0x0A)
    let one = SIMD16<UInt8>(repeating: 1)
    while p + 16 <= end {
      // A lane of a byte holds 255 finds.
      let stop = min(end - 15, p + 255 * 16)
      var found = SIMD16<UInt8>(repeating: 0)
      while p < stop {
        let block = unsafe raw.unsafeLoadUnaligned(
          fromUncheckedByteOffset: p, as: SIMD16<UInt8>.self)
        found &+= SIMD16<UInt8>(repeating: 0).replacing(with: one, where: block .== sought)
        p += 16
      }
      count += Int(SIMD16<UInt16>(truncatingIfNeeded: found).wrappedSum())
    }
    while p < end {
      if unsafe bytes[unchecked: p] == 0x0A { count += 1 }
      p += 1
    }
    return (count, first)
  }

  /// Writes the places of all delimiters and line feeds of a range, in order, into `ends` from
  /// `first` on, and returns their number; O(n).
  ///
  /// Eight bytes behind the range must be there, and be no separators. `ends` must have room for
  /// one place a byte of the range and `spare` more behind them. `level` is no higher than
  /// `VectorLevel.best`.
  package static func find(
    in text: [UInt8], _ range: Range<Int>, delimiter: UInt8, into ends: inout [UInt32],
    from first: Int, level: VectorLevel
  ) -> Int {
    precondition(range.lowerBound >= 0 && range.upperBound + 8 <= text.count)
    precondition(first >= 0 && ends.count >= first + range.count + spare)
    guard level > .none else {
      return findByWords(in: text, range, delimiter: delimiter, into: &ends, from: first)
    }
    precondition(level <= .best && text.count <= Int(UInt32.max))
    var places = ends.mutableSpan
    return unsafe text.span.withUnsafeBufferPointer { text in
      unsafe places.withUnsafeMutableBufferPointer { places in
        guard let text = text.baseAddress, let places = places.baseAddress
        else { return 0 }
        return unsafe candor_find_separators(
          level.rawValue, text, range.lowerBound, range.upperBound, delimiter, places + first)
      }
    }
  }

  /// The twin of the kernel in C.
  ///
  /// A byte is zero exactly where adding 0x7F to its low seven bits sets no high bit and it has none
  /// itself (Warren, "Hacker's Delight", section 6-1); that is asked of each byte's difference to
  /// both separators at once.
  private static func findByWords(
    in text: [UInt8], _ range: Range<Int>, delimiter: UInt8, into ends: inout [UInt32],
    from first: Int
  ) -> Int {
    let bytes = text.span
    var places = ends.mutableSpan
    precondition(range.lowerBound >= 0 && range.upperBound + 8 <= bytes.count)
    precondition(first >= 0 && places.count >= first + range.count + 8)
    let raw = unsafe bytes.bytes
    let delimiters = ones &* UInt64(delimiter)
    let feeds = ones &* 0x0A
    var p = range.lowerBound
    let end = range.upperBound
    var next = first
    while p < end {
      let word = UInt64(
        littleEndian: unsafe raw.unsafeLoadUnaligned(
          fromUncheckedByteOffset: p, as: UInt64.self))
      let a = word ^ delimiters
      let b = word ^ feeds
      let other = (((a & lowBits) &+ lowBits) | a) & (((b & lowBits) &+ lowBits) | b)
      var found = ~other & highBits
      let count = Int(truncatingIfNeeded: ((found &>> 7) &* ones) &>> 56)
      // Writing three places always is cheaper than to ask how many there are.
      unsafe places[unchecked: next] = place(p, found)
      found &= found &- 1
      unsafe places[unchecked: next &+ 1] = place(p, found)
      found &= found &- 1
      unsafe places[unchecked: next &+ 2] = place(p, found)
      if count > 3 {
        for k in 3..<count {
          found &= found &- 1
          unsafe places[unchecked: next &+ k] = place(p, found)
        }
      }
      next &+= count
      p &+= 8
    }
    return next - first
  }

  @inline(__always)
  private static func place(_ start: Int, _ found: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: start &+ (found.trailingZeroBitCount &>> 3))
  }

  /// Whether the last separator of each of the first `rows` records of `width` fields is a line
  /// feed.
  static func areRecords(
    _ bytes: Span<UInt8>, ends: Span<UInt32>, width: Int, rows: Int
  ) -> Bool {
    precondition(rows >= 0 && width > 0 && ends.count > rows * width)
    for row in 0..<rows where bytes[Int(ends[(row + 1) * width])] != 0x0A { return false }
    return true
  }
}
