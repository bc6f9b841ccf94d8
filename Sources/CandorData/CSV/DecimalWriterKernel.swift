/// Writes short decimals as `plainText` does, without making a text of each.
enum DecimalWriterKernel {
  /// Bytes that a number takes at most.
  static let longest = 24

  /// Writes a number at `place` and returns where it ends; nil where the number has another form than
  /// a decimal of at most 15 digits and nine decimals, or is closer to zero than 0.001.
  ///
  /// `decimals` is how many decimals the last number of the column had, a guess for this one. A number
  /// that is the nearest one to m / 10ᵏ with m of at most 15 digits is nearest to no other decimal of
  /// as few (Goldberg, "What every computer scientist should know about floating-point arithmetic",
  /// ACM Computing Surveys 23 (1), 1991, theorem 15), so that this is its shortest text once zeros at
  /// its end are dropped.
  static func write(
    _ number: Double, decimals: inout Int, into bytes: inout MutableSpan<UInt8>, at place: Int
  ) -> Int? {
    precondition(place >= 0 && place + longest <= bytes.count)
    let size = number.magnitude
    guard size < 1e14, size >= 0.001 || size == 0 else { return nil }
    var count = decimals
    var units = Self.units(size, decimals: count)
    if units == nil {
      count = 0
      while count <= 9 {
        units = Self.units(size, decimals: count)
        if units != nil { break }
        count += 1
      }
    }
    guard var left = units else { return nil }
    decimals = count
    while count > 0, left % 10 == 0 {
      left /= 10
      count -= 1
    }
    var next = place
    if number < 0 {
      unsafe bytes[unchecked: next] = 0x2D
      next += 1
    }
    var width = 1
    var limit: UInt64 = 10
    while limit <= left {
      limit &*= 10
      width += 1
    }
    width = max(width, count + 1)
    let end = next + width + (count > 0 ? 1 : 0)
    var p = end - 1
    for digit in 0..<width {
      if digit == count, count > 0 {
        unsafe bytes[unchecked: p] = 0x2E
        p -= 1
      }
      let rest = left / 10
      unsafe bytes[unchecked: p] = UInt8(truncatingIfNeeded: 0x30 &+ left &- rest &* 10)
      left = rest
      p -= 1
    }
    return end
  }

  private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

  /// The whole number of units of 10^-decimals that a number is nearest to of all, where there is one
  /// of at most 15 digits.
  @inline(__always)
  private static func units(_ size: Double, decimals: Int) -> UInt64? {
    let scale = powers[decimals]
    let scaled = size * scale
    guard scaled < 1e15 else { return nil }
    // Rounded as in DistinctNumbersKernel.
    let whole = (scaled + 0x1.8p52) - 0x1.8p52
    return whole / scale == size && whole < 1e15 ? UInt64(whole) : nil
  }
}
