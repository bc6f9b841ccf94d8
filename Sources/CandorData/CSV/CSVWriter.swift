public import CandorNumerics

/// Writes tables and rows as CSV (RFC 4180): fields are quoted where they must be, numbers are the
/// shortest texts that read back to the same value, missing cells are empty.
public struct CSVWriter: Sendable {
  /// What stands between fields.
  public let delimiter: String
  /// What ends a line.
  public let lineEnding: String

  /// A writer; commas and line feeds unless told otherwise.
  public init(delimiter: String = ",", lineEnding: String = "\n") {
    self.delimiter = delimiter
    self.lineEnding = lineEnding
  }

  /// The table with its header as text. O(cells).
  public func text(_ table: Table) -> String {
    String(decoding: bytes(table), as: UTF8.self)
  }

  /// The table with its header as UTF-8. O(cells).
  public func bytes(_ table: Table) -> [UInt8] {
    var output: [UInt8] = []
    append(table.names, to: &output)
    append(rowsOf: table, to: &output)
    return output
  }

  /// Appends the table's rows without a header, so that batches follow one another. O(cells), on
  /// threads; the bytes do not depend on their number.
  public func append(
    rowsOf table: Table, to output: inout [UInt8], threads: Int = Parallel.processorCount
  ) {
    let writer = CSVRowWriter(table, writer: self)
    let blocks = Parallel.blocks(of: table.rowCount, size: 1 << 13)
    // Some blocks at a time, so that the text is not held twice.
    let wave = max(threads, 1) * 4
    for start in stride(from: 0, to: blocks.count, by: wave) {
      let some = blocks[start..<min(start + wave, blocks.count)]
      let texts = Parallel.map(count: some.count, threads: threads) { index in
        writer.bytes(some[some.startIndex + index])
      }
      for text in texts { output += text }
    }
  }

  /// Appends one row of texts, nil where missing.
  public func append(_ fields: [String?], to output: inout [UInt8]) {
    for (position, text) in fields.enumerated() {
      if position > 0 { output += Array(delimiter.utf8) }
      output += Array((text.map { field($0) } ?? (fields.count == 1 ? "\"\"" : "")).utf8)
    }
    output += Array(lineEnding.utf8)
  }

  /// One row of texts with its line end, nil where missing.
  public func line(_ fields: [String?]) -> String {
    var output: [UInt8] = []
    append(fields, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  /// The text as a field: in quotes where it holds the delimiter, a quote, a line end or spaces at
  /// its ends, or is empty.
  public func field(_ text: String) -> String {
    let bytes = text.utf8
    let special = delimiter.utf8.first ?? 0x2C
    let isSpaced =
      [0x20, 0x09].contains(bytes.first ?? 0) || [0x20, 0x09].contains(bytes.last ?? 0)
    let needsQuotes =
      bytes.isEmpty || isSpaced
      || bytes.contains { $0 == special || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    guard needsQuotes else { return text }
    var quoted: [UInt8] = [0x22]
    for byte in bytes {
      if byte == 0x22 { quoted.append(0x22) }
      quoted.append(byte)
    }
    quoted.append(0x22)
    return String(decoding: quoted, as: UTF8.self)
  }
}
