/// Reads one column of short decimal numbers.
enum DecimalKernel {
  private static let highBits: UInt64 = 0x8080_8080_8080_8080
  private static let lowBits: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
  private static let zeros: UInt64 = 0x3030_3030_3030_3030
  private static let overNine: UInt64 = 0x7676_7676_7676_7676

  /// The powers of ten that divide a number with so many decimals.
  static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
  ]

  /// Reads cells from row `from` on, NaN where empty, up to the first that has another form than
  /// `-123.45`: more than 16 signs, spaces, an exponent, whole digits behind a leading zero. Returns
  /// that row, or the number of rows, and whether a number was read. O(rows).
  ///
  /// The last 16 bytes of a cell are two words of digits, the first digit in the lowest byte; the
  /// decimal sign is taken out by moving the bytes before it up by one. Eight digits become a number
  /// by three multiplications that join neighbours to pairs, fours and eights (Lemire, "Number
  /// parsing at a gigabyte per second", Software: Practice and Experience 51 (8), 2021). Up to 2⁵³
  /// the digits and the power of ten are exact, so that one division rounds once (Clinger, PLDI
  /// 1990), as in `NumberKernel`.
  static func read(
    _ grid: borrowing CellGrid, column: Int, from: Int, decimal: UInt8, powers: Span<Double>,
    into numbers: inout MutableSpan<Double>
  ) -> (row: Int, hasNumber: Bool) {
    precondition(column >= 0 && column < grid.width && from >= 0)
    precondition(numbers.count >= grid.rows && powers.count >= 17)
    let text = grid.text.span
    let raw = unsafe text.bytes
    let ends = grid.ends.span
    let width = grid.width
    let rows = grid.rows
    let isLast = column == width - 1
    let sought = (0x0101_0101_0101_0101 as UInt64) &* UInt64(decimal ^ 0x30)
    var hasNumber = false
    var row = from
    while row < rows {
      let cell = row &* width &+ column
      let start = Int(unsafe ends[unchecked: cell]) &+ 1
      var end = Int(unsafe ends[unchecked: cell &+ 1])
      if isLast, end > start, unsafe text[unchecked: end &- 1] == 0x0D { end &-= 1 }
      if start == end {
        unsafe numbers[unchecked: row] = .nan
        row &+= 1
        continue
      }
      let first = unsafe text[unchecked: start]
      let sign: UInt64 = first == 0x2D ? 1 : 0
      let length = end &- start &- Int(truncatingIfNeeded: sign)
      if length > 16 || length < 1 { return (row, hasNumber) }

      var high = load(raw, end &- 8) ^ zeros
      var low: UInt64 = 0
      var decimals = 0
      var digits = length
      if length <= 8 {
        high &= ~0 &<< UInt64(truncatingIfNeeded: 64 &- 8 &* length)
        let dot = zeroBytes(high ^ sought)
        if dot != 0 {
          let place = dot & (0 &- dot)
          high = (high & ~(place | (place &- 1))) | ((high & ((place &>> 7) &- 1)) &<< 8)
          decimals = 7 &- (place.trailingZeroBitCount &>> 3)
          digits &-= 1
        }
        if ((high &+ overNine) | high) & highBits != 0 || digits == 0 { return (row, hasNumber) }
      } else {
        low = load(raw, end &- 16) ^ zeros
        low &= ~0 &<< UInt64(truncatingIfNeeded: 128 &- 8 &* length)
        let dot = zeroBytes(high ^ sought)
        if dot != 0 {
          let place = dot & (0 &- dot)
          high =
            (high & ~(place | (place &- 1))) | ((high & ((place &>> 7) &- 1)) &<< 8) | (low &>> 56)
          low &<<= 8
          decimals = 7 &- (place.trailingZeroBitCount &>> 3)
        } else {
          let dot = zeroBytes(low ^ sought)
          if dot != 0 {
            let place = dot & (0 &- dot)
            low = (low & ~(place | (place &- 1))) | ((low & ((place &>> 7) &- 1)) &<< 8)
            decimals = 15 &- (place.trailingZeroBitCount &>> 3)
          }
        }
        if ((high &+ overNine) | high | (low &+ overNine) | low) & highBits != 0 {
          return (row, hasNumber)
        }
      }
      var mantissa = eightDigits(high)
      if low != 0 {
        mantissa &+= eightDigits(low) &* 100_000_000
        if mantissa > 1 &<< 53 { return (row, hasNumber) }
      }
      // Digits behind a leading zero may be a name; a decimal sign makes them a quantity.
      if first == 0x30, length > 1, !hasDecimalSign(decimals, digits, length, raw, end, decimal) {
        return (row, hasNumber)
      }
      hasNumber = true
      let value =
        Double(Int64(truncatingIfNeeded: mantissa)) / (unsafe powers[unchecked: decimals])
      unsafe numbers[unchecked: row] = Double(bitPattern: value.bitPattern | (sign &<< 63))
      row &+= 1
    }
    return (row, hasNumber)
  }

  /// A cell of the checked form has a decimal sign where it has decimals or ends with it.
  @inline(__always)
  private static func hasDecimalSign(
    _ decimals: Int, _ digits: Int, _ length: Int, _ raw: RawSpan, _ end: Int, _ decimal: UInt8
  ) -> Bool {
    decimals > 0 || digits < length
      || (unsafe raw.unsafeLoad(fromUncheckedByteOffset: end &- 1, as: UInt8.self)) == decimal
  }

  @inline(__always)
  private static func load(_ raw: RawSpan, _ place: Int) -> UInt64 {
    UInt64(
      littleEndian: unsafe raw.unsafeLoadUnaligned(
        fromUncheckedByteOffset: place, as: UInt64.self))
  }

  /// The high bit of every byte that is zero.
  @inline(__always)
  private static func zeroBytes(_ word: UInt64) -> UInt64 {
    ~(((word & lowBits) &+ lowBits) | word) & highBits
  }

  @inline(__always)
  private static func eightDigits(_ word: UInt64) -> UInt64 {
    let pairs = (word &* 10) &+ (word &>> 8)
    let mask: UInt64 = 0x0000_00FF_0000_00FF
    let upper = (pairs & mask) &* 0x000F_4240_0000_0064
    let lower = ((pairs &>> 16) & mask) &* 0x0000_2710_0000_0001
    return (upper &+ lower) &>> 32
  }
}
