/// The checked first record of a file.
struct CSVHeader: Sendable, Equatable {
  let names: [String]
  /// The line that it stands in.
  let line: Int
  let syntax: FieldSyntax
  let lineEnding: CSVDialect.LineEnding
  /// Where the first row begins.
  let next: FieldCursor

  /// The delimiter as text.
  var delimiter: String { String(UnicodeScalar(syntax.delimiter)) }

  /// Reads the header of a text that has no byte-order mark; blank lines before it are skipped.
  init(of bytes: Span<UInt8>, options: CSVOptions, file: String) throws(DataError) {
    var cursor = FieldCursor(position: 0, line: 1)
    var delimiter = options.delimiter?.utf8.first
    if let hint = DialectDetection.spreadsheetHint(in: bytes) {
      delimiter = delimiter ?? hint.delimiter
      cursor = hint.next
    }
    syntax = FieldSyntax(
      delimiter: delimiter
        ?? DialectDetection.delimiter(of: bytes, from: cursor, trimsSpaces: options.trimsSpaces),
      trimsSpaces: options.trimsSpaces)
    lineEnding = DialectDetection.lineEnding(of: bytes)
    var names: [String] = []
    var line = cursor.line
    while cursor.position < bytes.count, names.isEmpty {
      line = cursor.line
      while true {
        let field = FieldKernel.next(in: bytes, at: &cursor, syntax: syntax)
        if let fault = field.fault {
          throw RecordFault.quote(
            fault, file: file, line: line, column: String(names.count + 1))
        }
        if names.isEmpty, field.isBlankLine { break }
        names.append(FieldKernel.text(bytes, field))
        if field.ending != .delimiter { break }
      }
    }
    guard !names.isEmpty else {
      throw DataError(
        .emptyFile, "the file is empty; it needs a header line and rows", file: file)
    }
    self.names = names
    self.line = line
    next = cursor
    try checkNames(file: file)
  }

  private func checkNames(file: String) throws(DataError) {
    var first: [String: Int] = [:]
    for (position, name) in names.enumerated() {
      guard !name.isEmpty else {
        throw DataError(
          .emptyHeader,
          "column \(position + 1) has no name in the header; give it one, or remove the column",
          file: file, line: line, column: String(position + 1))
      }
      if let before = first.updateValue(position, forKey: name) {
        throw DataError(
          .duplicateHeader,
          "the header has this name twice, in columns \(before + 1) and \(position + 1); "
            + "rename one of them", file: file, line: line, column: name)
      }
    }
  }
}
