/// What a cell says when it is read as a number.
package enum NumberReading: Equatable {
  case number(Double)
  /// The name of a value that is not finite, or a number beyond the range of `Double`.
  case notFinite
  case notNumber
}

/// Reads decimal numbers from bytes.
///
/// A number of at most 2⁵³ significant units with a power of ten of at most 22 is exact as one
/// multiplication or division of two exact doubles (Clinger, "How to read floating point numbers
/// accurately", PLDI 1990). With at most 19 significant digits and 19 decimals it is a rounded
/// integer quotient. All others go through the standard library, which is correctly rounded.
package enum NumberKernel {
  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// Reads a cell; spaces around the number are ignored.
  package static func read(_ cell: Span<UInt8>, format: NumberFormat) -> NumberReading {
    if !format.thousands.isEmpty {
      switch withoutThousands(cell, format: format) {
      case .unchanged: break
      case .malformed: return .notNumber
      case .stripped(let bytes): return read(bytes.span, decimal: format.decimal)
      }
    }
    return read(cell, decimal: format.decimal)
  }

  /// Whether the cell is whole digits behind a leading zero, as codes and telephone numbers are.
  package static func hasLeadingZero(_ cell: Span<UInt8>) -> Bool {
    guard cell.count >= 2, cell[0] == 0x30 else { return false }
    for i in 1..<cell.count where !isDigit(cell[i]) { return false }
    return true
  }

  @inline(__always)
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  private static func read(_ cell: Span<UInt8>, decimal: UInt8) -> NumberReading {
    var end = cell.count
    var p = 0
    while p < end, cell[p] == 0x20 || cell[p] == 0x09 { p += 1 }
    while end > p, cell[end - 1] == 0x20 || cell[end - 1] == 0x09 { end -= 1 }
    let first = p
    guard p < end else { return .notNumber }
    let negative = cell[p] == 0x2D
    if negative || cell[p] == 0x2B { p += 1 }

    var mantissa: UInt64 = 0
    var digits = 0
    var significant = 0
    var fraction = 0
    while p < end, isDigit(cell[p]) {
      if significant < 19 { mantissa = mantissa &* 10 &+ UInt64(cell[p] &- 0x30) }
      if mantissa > 0 || significant > 0 { significant += 1 }
      digits += 1
      p += 1
    }
    if p < end, cell[p] == decimal {
      p += 1
      while p < end, isDigit(cell[p]) {
        if significant < 19 { mantissa = mantissa &* 10 &+ UInt64(cell[p] &- 0x30) }
        if mantissa > 0 || significant > 0 { significant += 1 }
        digits += 1
        fraction += 1
        p += 1
      }
    }
    guard digits > 0 else { return isNameOfNotFinite(cell, first, end) ? .notFinite : .notNumber }
    var exponent = 0
    if p < end, cell[p] | 0x20 == 0x65 {
      p += 1
      let below = p < end && cell[p] == 0x2D
      if p < end, cell[p] == 0x2D || cell[p] == 0x2B { p += 1 }
      guard p < end, isDigit(cell[p]) else { return .notNumber }
      while p < end, isDigit(cell[p]) {
        exponent = min(exponent * 10 + Int(cell[p] &- 0x30), 100_000)
        p += 1
      }
      if below { exponent = -exponent }
    }
    guard p == end else { return .notNumber }

    let power = exponent - fraction
    if significant < 19, mantissa <= 1 << 53, abs(power) <= 22 {
      let whole = Double(mantissa)
      let value = power < 0 ? whole / powers[-power] : whole * powers[power]
      return .number(negative ? -value : value)
    }
    if significant <= 19, mantissa > 0, power <= 0, power >= -19 {
      let value = quotient(mantissa, powerOfTen: -power)
      return .number(negative ? -value : value)
    }
    return readSlowly(cell, first, end, decimal: decimal)
  }

  /// `mantissa / 10^powerOfTen`, correctly rounded: the quotient of both, shifted to full width, has
  /// at least 62 bits, and a last bit that says whether a remainder is left cannot reach the bit
  /// where rounding to 53 bits decides, so the conversion of that quotient is the only rounding.
  private static func quotient(_ mantissa: UInt64, powerOfTen: Int) -> Double {
    var divisor: UInt64 = 1
    for _ in 0..<powerOfTen { divisor *= 10 }
    let shift = mantissa.leadingZeroBitCount
    let divisorShift = divisor.leadingZeroBitCount
    let dividend = mantissa << UInt64(shift)
    let result = (divisor << UInt64(divisorShift)).dividingFullWidth(
      (dividend >> 1, (dividend & 1) << 63))
    let sticky = result.quotient | (result.remainder == 0 ? 0 : 1)
    return Double(sign: .plus, exponent: divisorShift - shift - 63, significand: Double(sticky))
  }

  private static func readSlowly(
    _ cell: Span<UInt8>, _ start: Int, _ end: Int, decimal: UInt8
  ) -> NumberReading {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(end - start)
    for i in start..<end {
      let byte = cell[i] == decimal ? 0x2E : cell[i]
      // The standard library wants digits on both sides of the point.
      if byte == 0x2E, bytes.last.map({ isDigit($0) }) != true { bytes.append(0x30) }
      bytes.append(byte)
      if byte == 0x2E, i + 1 == end || !isDigit(cell[i + 1]) { bytes.append(0x30) }
    }
    guard let value = Double(String(decoding: bytes, as: UTF8.self)) else { return .notNumber }
    return value.isFinite ? .number(value) : .notFinite
  }

  private static func isNameOfNotFinite(_ cell: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard start < end, end - start <= 10 else { return false }
    // Most texts are ruled out by their first byte: a sign, "i", "n" or "#".
    guard [0x2B, 0x2D, 0x23, 0x49, 0x4E, 0x69, 0x6E].contains(cell[start]) else { return false }
    var word = ""
    for i in start..<end where cell[i] < 0x80 {
      word.append(Character(UnicodeScalar(cell[i])).lowercased())
    }
    if word.hasPrefix("-") || word.hasPrefix("+") { word.removeFirst() }
    return ["nan", "inf", "infinity", "#num!", "#div/0!"].contains(word)
  }

  private enum Stripping {
    case unchanged, malformed
    case stripped([UInt8])
  }

  /// Takes thousands separators out of the whole part; groups must have three digits (or two, as
  /// in India, before the last), so that "1,5" is not read as 15.
  private static func withoutThousands(_ cell: Span<UInt8>, format: NumberFormat) -> Stripping {
    let separator = format.thousands
    var bytes: [UInt8] = []
    var groups: [Int] = []
    var run = 0
    var p = 0
    var inWhole = true
    while p < cell.count {
      if inWhole, matches(cell, at: p, separator), run > 0 || !groups.isEmpty {
        // A space after the number is not a separator.
        groups.append(run)
        run = 0
        p += separator.count
        continue
      }
      let byte = cell[p]
      if inWhole, isDigit(byte) {
        run += 1
      } else if run > 0 || !groups.isEmpty {
        inWhole = false
      }
      bytes.append(byte)
      p += 1
    }
    if groups.isEmpty { return .unchanged }
    let last = run
    guard last == 3, (1...3).contains(groups[0]),
      groups.dropFirst().allSatisfy({ $0 == 3 }) || groups.dropFirst().allSatisfy({ $0 == 2 })
    else { return .malformed }
    return .stripped(bytes)
  }

  private static func matches(_ cell: Span<UInt8>, at place: Int, _ bytes: [UInt8]) -> Bool {
    guard place + bytes.count <= cell.count else { return false }
    for i in 0..<bytes.count where cell[place + i] != bytes[i] { return false }
    return true
  }
}
