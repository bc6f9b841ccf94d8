/// Numbers with a fixed count of decimals, printed by whole-number arithmetic.
enum FixedDecimal {
  /// The most bytes that `write` needs: a sign, nineteen digits, a decimal point.
  static let mostBytes = 21

  /// Writes `scaled` / 10^`decimals` with all its decimals, (-1250, 3) as `-1.250`, from `place` on
  /// and moves `place` behind it. O(digits).
  @inline(__always)
  static func write(
    _ scaled: Int64, decimals: Int, to output: inout MutableSpan<UInt8>, at place: inout Int
  ) {
    if scaled < 0 {
      output[place] = 0x2D
      place += 1
    }
    var rest = scaled.magnitude
    var digits = 1
    var bound: UInt64 = 10
    while rest >= bound, digits < 19 {
      digits += 1
      bound *= 10
    }
    digits = max(digits, decimals + 1)
    place += decimals > 0 ? digits + 1 : digits
    var next = place - 1
    for written in 0..<digits {
      if written == decimals, decimals > 0 {
        output[next] = 0x2E
        next -= 1
      }
      output[next] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
      next -= 1
    }
  }
}
