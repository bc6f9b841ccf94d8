/// Looks up one column of short texts in a table of known ones.
enum ShortTextKernel {
  /// The longest text that a table holds, in bytes.
  static let longest = 32
  /// Words of one slot: four of text, the length plus one (zero where the slot is free), the code,
  /// and two to fill a line of cache.
  static let slotWords = 8

  /// Writes the codes of cells from row `from` on, up to the first cell that the table does not
  /// hold; returns that row, or the number of rows. O(rows) on average.
  ///
  /// `slots` is an open-addressed table of 2ᵏ slots, at least one of them free, `shift` is 64 − k.
  static func look(
    _ grid: borrowing CellGrid, column: Int, from: Int, slots: Span<UInt64>, shift: UInt64,
    into codes: inout MutableSpan<Int32>
  ) -> Int {
    precondition(column >= 0 && column < grid.width && from >= 0 && codes.count >= grid.rows)
    precondition(shift > 0 && shift < 64 && slots.count == slotWords << Int(64 - shift))
    let text = grid.text.span
    let raw = unsafe text.bytes
    let ends = grid.ends.span
    let width = grid.width
    let rows = grid.rows
    let isLast = column == width - 1
    let mask = slots.count / slotWords - 1
    var row = from
    while row < rows {
      let cell = row &* width &+ column
      let start = Int(unsafe ends[unchecked: cell]) &+ 1
      var end = Int(unsafe ends[unchecked: cell &+ 1])
      if isLast, end > start, unsafe text[unchecked: end &- 1] == 0x0D { end &-= 1 }
      let length = end &- start
      if length > longest { return row }
      let a = load(raw, start) & firstBytes(length)
      var b: UInt64 = 0
      var c: UInt64 = 0
      var d: UInt64 = 0
      if length > 8 {
        b = load(raw, start &+ 8) & firstBytes(length &- 8)
        if length > 16 {
          c = load(raw, start &+ 16) & firstBytes(length &- 16)
          if length > 24 { d = load(raw, start &+ 24) & firstBytes(length &- 24) }
        }
      }
      let sought = UInt64(truncatingIfNeeded: length &+ 1)
      var slot = Int(truncatingIfNeeded: hash(a, b, c, d) &>> shift)
      while true {
        let base = slot &* slotWords
        let known = unsafe slots[unchecked: base &+ 4]
        if known == 0 { return row }
        let difference =
          (unsafe slots[unchecked: base] ^ a) | (unsafe slots[unchecked: base &+ 1] ^ b)
          | (unsafe slots[unchecked: base &+ 2] ^ c) | (unsafe slots[unchecked: base &+ 3] ^ d)
          | (known ^ sought)
        if difference == 0 {
          unsafe codes[unchecked: row] = Int32(
            truncatingIfNeeded: unsafe slots[unchecked: base &+ 5])
          break
        }
        slot = (slot &+ 1) & mask
      }
      row &+= 1
    }
    return row
  }

  /// A hash of a text's four words whose high bits serve as the slot: sums of products with odd
  /// numbers, folded and multiplied once more (Dietzfelbinger and others, "A reliable randomized
  /// algorithm for the closest-pair problem", Journal of Algorithms 25, 1997).
  @inline(__always)
  static func hash(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) -> UInt64 {
    let sum =
      (a &* 0x9E37_79B9_7F4A_7C15) &+ (b &* 0xC2B2_AE3D_27D4_EB4F)
      &+ (c &* 0x1656_67B1_9E37_79F9) &+ (d &* 0x27D4_EB2F_1656_67C5)
    return (sum ^ (sum &>> 31)) &* 0xD6E8_FEB8_6659_FD93
  }

  @inline(__always)
  private static func load(_ raw: RawSpan, _ place: Int) -> UInt64 {
    UInt64(
      littleEndian: unsafe raw.unsafeLoadUnaligned(
        fromUncheckedByteOffset: place, as: UInt64.self))
  }

  /// A mask of a word's first bytes; all of them where `count` is eight or more.
  @inline(__always)
  private static func firstBytes(_ count: Int) -> UInt64 {
    count >= 8 ? ~0 : ~(~0 &<< UInt64(truncatingIfNeeded: 8 &* count))
  }
}
