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

  /// Appends the table's rows without a header, so that batches follow one another.
  public func append(rowsOf table: Table, to output: inout [UInt8]) {
    // Each level is quoted once, not once a row.
    let quoted: [[[UInt8]]] = table.columns.map { column in
      column.codes.map { $0.levels.levels.map { Array(field($0).utf8) } } ?? []
    }
    let isAlone = table.columns.count == 1
    let separator = Array(delimiter.utf8)
    let end = Array(lineEnding.utf8)
    for row in 0..<table.rowCount {
      for (position, column) in table.columns.enumerated() {
        if position > 0 { output += separator }
        if column.isMissing(row) {
          // An empty line would be skipped when it is read.
          if isAlone { output += [0x22, 0x22] }
        } else if let codes = column.codes?.codes {
          output += quoted[position][Int(codes[row])]
        } else if let text = column.text(row) {
          output += Array(field(text).utf8)
        }
      }
      output += end
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
