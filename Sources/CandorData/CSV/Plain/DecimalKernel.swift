import CCandorKernels

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

  /// Where the decimal sign stands in the last eight bytes of a cell, as masks of them.
  private struct Form {
    /// The byte of the sign, in its place.
    var sign: UInt64 = 0
    var signMask: UInt64 = 0
    /// The bytes before it, and those behind it.
    var before: UInt64 = 0
    var behind: UInt64 = ~0
    /// How far the digits before it move.
    var shift: UInt64 = 0
    var power = 1.0
    /// A first digit that may make the cell a name: zero, or nothing where there are decimals.
    var suspect: UInt8 = 0x30

    /// A form of at most seven decimals; what has more, or ends with the sign, has none.
    init(decimals: Int, decimal: UInt8, powers: Span<Double>) {
      guard decimals > 0, decimals < 8 else { return }
      let place = UInt64(truncatingIfNeeded: 8 &* (7 &- decimals))
      sign = UInt64(decimal ^ 0x30) &<< place
      signMask = 0xFF &<< place
      before = (1 &<< place) &- 1
      behind = ~(before | signMask)
      shift = 8
      power = unsafe powers[unchecked: decimals]
      suspect = 0xFF
    }
  }

  /// Reads cells from row `from` on, NaN where empty, up to the first that has another form than
  /// `-123.45`: more than 16 signs, spaces, an exponent, whole digits behind a leading zero. Returns
  /// that row, or the number of rows, and whether a number was read. O(rows).
  ///
  /// The last 16 bytes of a cell are two words of digits, the first digit in the lowest byte; the
  /// decimal sign is taken out by moving the bytes before it up by one. It is expected where the cell
  /// before had it, and sought where it is not. Eight digits become a number by three multiplications
  /// that join neighbours to pairs, fours and eights (Lemire, "Number parsing at a gigabyte per
  /// second", Software: Practice and Experience 51 (8), 2021). Below 2⁵² the digits and the power of
  /// ten are exact, so that one division rounds once (Clinger, PLDI 1990), as in `NumberKernel`.
  static func read(
    _ grid: borrowing CellGrid, column: Int, from: Int, decimal: UInt8, powers: Span<Double>,
    into numbers: inout MutableSpan<Double>
  ) -> (row: Int, hasNumber: Bool) {
    // A cell of the last column may end with a carriage return, which the vectors do not look for.
    let isLast = column == grid.width - 1
    let isByVectors = grid.level == .avx512 && !isLast
    var row = from
    var hasNumber = false
    while row < grid.rows {
      if isByVectors {
        row = readByEight(
          grid, column: column, from: row, decimal: decimal, into: &numbers, &hasNumber)
      }
      // What the vectors leave may be plain all the same, and is in whole columns of long numbers.
      let end = isByVectors ? min(row + 8, grid.rows) : grid.rows
      let next =
        isLast
        ? read(
          grid, column: column, isLast: true, from: row, to: end, decimal: decimal,
          powers: powers, into: &numbers)
        : read(
          grid, column: column, isLast: false, from: row, to: end, decimal: decimal,
          powers: powers, into: &numbers)
      hasNumber = hasNumber || next.hasNumber
      row = next.row
      if row < end { break }
    }
    return (row, hasNumber)
  }

  /// Reads whole eights of rows with the kernel in C, up to the first cell that it leaves to the
  /// twin; returns the row behind the last one read.
  private static func readByEight(
    _ grid: borrowing CellGrid, column: Int, from: Int, decimal: UInt8,
    into numbers: inout MutableSpan<Double>, _ hasNumber: inout Bool
  ) -> Int {
    let (width, rows) = (grid.width, grid.rows)
    guard rows - from >= 8 else { return from }
    let text = grid.text.span
    let ends = grid.ends.span
    precondition(column >= 0 && from >= 0 && numbers.count >= rows && ends.count > rows * width)
    var found: Int32 = 0
    let next = unsafe text.withUnsafeBufferPointer { text in
      unsafe ends.withUnsafeBufferPointer { ends in
        unsafe numbers.withUnsafeMutableBufferPointer { numbers in
          guard let text = text.baseAddress, let ends = ends.baseAddress,
            let numbers = numbers.baseAddress
          else { return from }
          return unsafe candor_read_decimals(
            text, ends, column, width, from, rows, decimal, numbers, &found)
        }
      }
    }
    hasNumber = hasNumber || found != 0
    return next
  }

  @inline(__always)
  private static func read(
    _ grid: borrowing CellGrid, column: Int, isLast: Bool, from: Int, to rows: Int,
    decimal: UInt8, powers: Span<Double>, into numbers: inout MutableSpan<Double>
  ) -> (row: Int, hasNumber: Bool) {
    precondition(column >= 0 && column < grid.width && from >= 0)
    precondition(rows <= grid.rows && numbers.count >= rows && powers.count >= 17)
    let text = grid.text.span
    let raw = unsafe text.bytes
    let ends = grid.ends.span
    let width = grid.width
    var form = Form(decimals: -1, decimal: decimal, powers: powers)
    var hasNumber = false
    var row = from
    var cell = row &* width &+ column
    while row < rows {
      let start = Int(unsafe ends[unchecked: cell]) &+ 1
      var end = Int(unsafe ends[unchecked: cell &+ 1])
      cell &+= width
      if isLast, end > start, unsafe text[unchecked: end &- 1] == 0x0D { end &-= 1 }
      if start == end {
        unsafe numbers[unchecked: row] = .nan
        row &+= 1
        continue
      }
      let first = unsafe text[unchecked: start]
      let isNegative: UInt64 = first == 0x2D ? 1 : 0
      let length = end &- start &- Int(truncatingIfNeeded: isNegative)
      if length > 16 || length < 1 { return (row, hasNumber) }

      var high = load(raw, end &- 8) ^ zeros
      var low: UInt64 = 0
      if length <= 8 {
        high &= ~0 &<< UInt64(truncatingIfNeeded: 64 &- 8 &* length)
      } else {
        low = load(raw, end &- 16) ^ zeros
        low &= ~0 &<< UInt64(truncatingIfNeeded: 128 &- 8 &* length)
      }
      if (high & form.signMask) != form.sign || !isWhole(high & ~form.signMask, low)
        || (first == form.suspect && length > 1)
      {
        // The sign is elsewhere, or this is no plain number.
        let found = zeroBytes(high ^ ((0x0101_0101_0101_0101 as UInt64) &* UInt64(decimal ^ 0x30)))
        form = Form(
          decimals: found == 0 ? -1 : 7 &- (found.trailingZeroBitCount &>> 3), decimal: decimal,
          powers: powers)
        if (high & form.signMask) != form.sign || !isWhole(high & ~form.signMask, low)
          || (first == form.suspect && length > 1)
        {
          guard let value = readMany(high, low, length: length, decimal: decimal, powers: powers)
          else { return (row, hasNumber) }
          hasNumber = true
          unsafe numbers[unchecked: row] = isNegative == 0 ? value : -value
          row &+= 1
          continue
        }
      }
      if length > 8, form.shift != 0 {
        high = (high & form.behind) | ((high & form.before) &<< 8) | (low &>> 56)
        low &<<= 8
      } else {
        high = (high & form.behind) | ((high & form.before) &<< form.shift)
      }
      var mantissa = eightDigits(high)
      if length > 8 {
        mantissa &+= eightDigits(low) &* 100_000_000
        if mantissa >= 1 &<< 52 { return (row, hasNumber) }
      }
      hasNumber = true
      // Below 2⁵² these bits are 2⁵² plus the number. The instruction that converts integers would wait
      // for the register that the last division is still filling.
      let whole = Double(bitPattern: 0x4330_0000_0000_0000 | mantissa) - 0x1p52
      let value = whole / form.power
      unsafe numbers[unchecked: row] = Double(bitPattern: value.bitPattern | (isNegative &<< 63))
      row &+= 1
    }
    return (row, hasNumber)
  }

  /// Reads a cell with more than seven decimals; nil for all others, and where it is no number below
  /// 2⁵² units.
  @inline(never)
  private static func readMany(
    _ high: UInt64, _ low: UInt64, length: Int, decimal: UInt8, powers: Span<Double>
  ) -> Double? {
    let found = zeroBytes(low ^ ((0x0101_0101_0101_0101 as UInt64) &* UInt64(decimal ^ 0x30)))
    guard length > 8, found != 0 else { return nil }
    let decimals = 15 &- (found.trailingZeroBitCount &>> 3)
    let sign = found & (0 &- found)
    let before = low & ((sign &>> 7) &- 1)
    let joined = (low & ~(sign | (sign &- 1))) | (before &<< 8)
    guard isWhole(high, joined) else { return nil }
    let mantissa = eightDigits(joined) &* 100_000_000 &+ eightDigits(high)
    guard mantissa < 1 &<< 52 else { return nil }
    return Double(mantissa) / (unsafe powers[unchecked: decimals])
  }

  /// Whether all bytes of both words are digits less `0`.
  @inline(__always)
  private static func isWhole(_ high: UInt64, _ low: UInt64) -> Bool {
    ((high &+ overNine) | high | (low &+ overNine) | low) & highBits == 0
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
