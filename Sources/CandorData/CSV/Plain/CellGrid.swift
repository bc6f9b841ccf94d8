/// Some whole records of a text, with the place of every cell.
///
/// Cell `i` begins behind `ends[i]` and ends before `ends[i + 1]`; a carriage return before the end
/// of a record is no part of its last cell. There are `margin` bytes in front of the first cell and
/// behind the last, so that kernels load whole words.
struct CellGrid: Sendable {
  /// Bytes that can be read before and behind every cell.
  static let margin = 40
  /// Longer records are not taken in.
  private static let longestRecord = 1 << 24

  /// The number of cells of a record.
  let width: Int
  /// The number of records.
  private(set) var rows = 0
  private(set) var text: [UInt8]
  private(set) var ends: [UInt32]
  private var block: Int
  private let syntax: FieldSyntax
  /// The vectors that kernels use on it.
  let level: VectorLevel

  /// An empty grid that takes in about `block` bytes at a time.
  init(width: Int, block: Int, syntax: FieldSyntax, level: VectorLevel) {
    self.width = width
    self.syntax = syntax
    self.level = level
    self.block = max(block, 1)
    text = []
    ends = []
    makeRoom()
  }

  private mutating func makeRoom() {
    text = [UInt8](repeating: 0, count: block + 1 + 2 * Self.margin)
    ends = [UInt32](repeating: 0, count: block + 2 + SeparatorKernel.spare)
  }

  /// Takes in as many whole records from `start` on as fit, at least one, and returns where the next
  /// one begins; nil where a line of the range has not `width` fields, or the text cannot be read.
  mutating func read(_ source: SeekableText, from start: Int, to limit: Int) -> Int? {
    let delimiter = syntax.delimiter
    while true {
      let count = min(block, limit - start)
      guard source.copy(from: start, count: count, into: &text, at: Self.margin) else { return nil }
      var end = Self.margin + count
      if start + count == source.count, text[end - 1] != 0x0A {
        text[end] = 0x0A
        end += 1
      }
      for i in end..<min(end + 8, text.count) { text[i] = 0 }
      ends[0] = UInt32(Self.margin - 1)
      let found = SeparatorKernel.find(
        in: text, Self.margin..<end, delimiter: delimiter, into: &ends, from: 1,
        level: level)
      rows = found / width
      if rows > 0 {
        guard SeparatorKernel.areRecords(text.span, ends: ends.span, width: width, rows: rows)
        else { return nil }
        return min(start + Int(ends[rows * width]) + 1 - Self.margin, limit)
      }
      guard count == block, block < Self.longestRecord else { return nil }
      block *= 2
      makeRoom()
    }
  }

  /// The bytes of a cell as they stand in the file.
  func range(row: Int, column: Int) -> Range<Int> {
    let cell = row * width + column
    let start = Int(ends[cell]) + 1
    var end = Int(ends[cell + 1])
    if column == width - 1, end > start, text[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }

  /// The content of a cell as `FieldKernel` finds it, where one look at the cell is enough to know:
  /// nil where it may go on behind a delimiter or line end inside quotes, has doubled quotes, or
  /// holds a carriage return or a zero byte.
  func content(row: Int, column: Int) -> Range<Int>? {
    let cell = range(row: row, column: column)
    var start = cell.lowerBound
    var end = cell.upperBound
    for i in start..<end where text[i] == 0x0D || text[i] == 0 { return nil }
    if syntax.trimsSpaces {
      while start < end, isSpace(text[start]) { start += 1 }
      while end > start, isSpace(text[end - 1]) { end -= 1 }
    }
    guard start < end, text[start] == FieldKernel.quote else { return start..<end }
    guard end - start >= 2, text[end - 1] == FieldKernel.quote else { return nil }
    for i in start + 1..<end - 1 where text[i] == FieldKernel.quote { return nil }
    return start + 1..<end - 1
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
