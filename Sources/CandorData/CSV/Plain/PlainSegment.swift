import CandorNumerics

/// Consecutive records of a text for one task.
struct PlainSegment: Sendable {
  /// Where the first record begins.
  var start: Int
  /// Where the record behind the last one begins.
  var end: Int
  /// The records' places in the table.
  var rows: Range<Int>

  /// Cuts the text from `start` on, where a record begins, at the line feeds next to multiples of
  /// `size` bytes; nil where the text cannot be read. O(bytes) over all threads.
  static func cut(_ source: SeekableText, from start: Int, size: Int, threads: Int)
    -> [PlainSegment]?
  {
    let blocks = Parallel.blocks(of: source.count - start, size: size)
    // A record belongs to the block that its first byte lies in, so the line feeds that count begin
    // one byte before the block.
    let counted = Parallel.map(count: blocks.count, threads: threads) { index in
      let block = blocks[index]
      return lines(
        source, start + block.lowerBound - (index == 0 ? 0 : 1)..<start + block.upperBound - 1)
    }
    var segments: [PlainSegment] = []
    var row = 0
    for (index, lines) in counted.enumerated() {
      guard let lines else { return nil }
      var count = lines.count
      var first = lines.first.map { $0 + 1 }
      if index == 0 {
        count += 1
        first = start
      }
      guard let first else { continue }
      if !segments.isEmpty { segments[segments.count - 1].end = first }
      segments.append(PlainSegment(start: first, end: source.count, rows: row..<row + count))
      row += count
    }
    return segments
  }

  private static func lines(_ source: SeekableText, _ range: Range<Int>)
    -> (count: Int, first: Int?)?
  {
    let piece = 1 << 16
    var buffer = [UInt8](repeating: 0, count: min(piece, range.count))
    var count = 0
    var first: Int?
    var place = range.lowerBound
    while place < range.upperBound {
      let length = min(piece, range.upperBound - place)
      guard source.copy(from: place, count: length, into: &buffer, at: 0) else { return nil }
      let found = SeparatorKernel.lineFeeds(in: buffer.span, 0..<length)
      count += found.count
      if first == nil { first = found.first.map { place + $0 } }
      place += length
    }
    return (count, first)
  }

  /// Reads the segment's cells into the store; nil where only `CSVReader`'s two walks can say what
  /// is right.
  func read(
    _ source: SeekableText, plans: [PlainColumnPlan], syntax: FieldSyntax, cut: PlainCut,
    into store: ColumnStore
  ) -> [PlainColumnFindings]? {
    var grid = CellGrid(
      width: plans.count, block: cut.block(columns: plans.count), syntax: syntax,
      level: cut.vectors)
    var readers = plans.indices.map { PlainColumnReader(plans[$0], column: $0) }
    var place = start
    var row = rows.lowerBound
    while place < end {
      guard let next = grid.read(source, from: place, to: end),
        row + grid.rows <= rows.upperBound
      else { return nil }
      for column in readers.indices {
        guard readers[column].read(grid, into: store, at: row) else { return nil }
      }
      row += grid.rows
      place = next
    }
    return row == rows.upperBound ? readers.map(\.findings) : nil
  }
}
