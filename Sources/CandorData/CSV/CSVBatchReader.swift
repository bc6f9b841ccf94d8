/// Reads rows of a CSV file or of standard input in batches, with memory that does not grow with
/// the number of rows; for scoring, where every column's type is known beforehand.
///
/// The header may have any order and further columns. A text outside a column's declared levels,
/// ordinal ones included, gets a new code behind them in the dictionary of its batch, so that the
/// encoder can treat it as unseen. The rest is as in `CSVReader`.
public struct CSVBatchReader {
  /// Where the text comes from.
  public enum Source: Sendable, Equatable {
    /// A file, gzip-compressed or not.
    case file(path: String)
    /// The standard input, gzip-compressed or not.
    case standardInput

    /// The name that errors give the source.
    public var name: String {
      switch self {
      case .file(let path): path
      case .standardInput: "standard input"
      }
    }
  }

  /// All names of the header, in the file's order.
  public var header: [String] { head.names }
  /// How the file is written.
  public let dialect: CSVDialect

  private let name: String
  private let head: CSVHeader
  private var input: TextInput
  private var buffer: [UInt8]
  private var cursor: FieldCursor
  /// For each column of the file: how to read it, nil where it is passed over.
  private let rules: [CellRules?]

  /// Opens the source and reads its header.
  ///
  /// - Parameters:
  ///   - source: A file or standard input.
  ///   - options: How the file is written.
  ///   - columns: Columns to read, each with its type; those that are not in the file are left out.
  ///   - required: Names that must be in the header.
  ///   - keep: Columns to pass through as text; they must be in the header.
  /// - Throws: `DataError` where the source cannot be read, its header is faulty or lacks a name,
  ///   or a column is declared without type.
  public init(
    source: Source, options: CSVOptions = CSVOptions(), columns: [String: ColumnDeclaration],
    required: [String] = [], keep: [String] = []
  ) throws(DataError) {
    let options = try options.validated()
    let name = source.name
    let bytes =
      switch source {
      case .file(let path): try ByteSource(file: path)
      case .standardInput: ByteSource(standardInputNamed: name)
      }
    try self.init(
      input: TextInput(bytes, options: options, name: name), name: name, options: options,
      columns: columns, required: required, keep: keep)
  }

  private init(
    input: TextInput, name: String, options: CSVOptions, columns: [String: ColumnDeclaration],
    required: [String], keep: [String]
  ) throws(DataError) {
    var input = input
    // The header, and enough rows to tell the delimiter, are in the first pieces.
    var buffer: [UInt8] = []
    while buffer.count < 1 << 16, try input.append(to: &buffer) {}
    var header = Result { () throws(DataError) in
      try CSVHeader(of: buffer.span, options: options, file: name)
    }
    // A header that the buffer cuts off, or an open quote, needs more text.
    while !input.isAtEnd {
      if case .success(let head) = header, head.next.position < buffer.count { break }
      guard try input.append(to: &buffer) else { break }
      header = Result { () throws(DataError) in
        try CSVHeader(of: buffer.span, options: options, file: name)
      }
    }
    let head = try header.get()
    for column in required + keep where !head.names.contains(column) {
      throw DataError.missingColumn(column, among: head.names, file: name)
    }
    var rules: [CellRules?] = []
    for column in head.names {
      guard let declaration = columns[column] else {
        let text = ColumnDeclaration(type: .categorical)
        rules.append(
          keep.contains(column)
            ? try ColumnPlan(name: column, declaration: text, options: options).textRules : nil)
        continue
      }
      rules.append(
        try ColumnPlan(name: column, declaration: declaration, options: options).openRules())
    }
    self.name = name
    self.head = head
    self.input = input
    self.buffer = buffer
    self.rules = rules
    cursor = head.next
    dialect = CSVDialect(
      delimiter: head.delimiter, hadByteOrderMark: input.hadByteOrderMark,
      lineEnding: head.lineEnding, encoding: options.encoding, compressed: input.isCompressed)
  }

  /// The next rows, at most so many, as a table of the declared and kept columns in the file's
  /// order; nil where there are no more. Throws where a row or a cell is faulty.
  public mutating func next(maximumRows: Int) throws(DataError) -> Table? {
    var builders = rules.map { rule in
      rule.map { ColumnBuilder($0, capacity: max(0, min(maximumRows, 1 << 16))) }
    }
    var lines: [Int] = []
    var fields: [Field] = []
    var scratch: [UInt8] = []
    while lines.count < maximumRows {
      let start = cursor
      let (found, next) = scan(into: &fields)
      if !input.isAtEnd, found != .whole || next.position >= buffer.count {
        // The record may go on beyond what was read: fetch more and look at it again.
        try refill()
        continue
      }
      cursor = next
      if found == .nothing { break }
      if fields.count == 1, fields[0].isBlankLine { continue }
      try append(fields, from: start.line, to: &builders, scratch: &scratch)
      lines.append(start.line)
    }
    guard !lines.isEmpty else { return nil }
    var columns: [Column] = []
    for builder in builders {
      if let builder { columns.append(builder.column()) }
    }
    return try Table(columns: columns, lines: lines)
  }

  private enum Scan { case whole, open, nothing }

  /// The fields of the record at the cursor, and the place behind it.
  private func scan(into fields: inout [Field]) -> (found: Scan, next: FieldCursor) {
    fields.removeAll(keepingCapacity: true)
    let bytes = buffer.span
    var next = cursor
    guard next.position < bytes.count else { return (.nothing, next) }
    while true {
      let field = FieldKernel.next(in: bytes, at: &next, syntax: head.syntax)
      fields.append(field)
      if field.fault == .textAfterQuote || field.ending == .line { return (.whole, next) }
      if field.ending == .file { return (.open, next) }
    }
  }

  private func append(
    _ fields: [Field], from line: Int, to builders: inout [ColumnBuilder?],
    scratch: inout [UInt8]
  ) throws(DataError) {
    let bytes = buffer.span
    let width = head.names.count
    for (position, field) in fields.enumerated() {
      if let fault = field.fault {
        let column = position < width ? head.names[position] : String(position + 1)
        throw RecordFault.quote(fault, file: name, line: line, column: column)
      }
    }
    guard fields.count == width else {
      throw RecordFault.ragged(
        found: fields.count, header: head, file: name, line: line,
        extra: fields.count > width ? FieldKernel.text(bytes, fields[width]) : nil)
    }
    for (position, field) in fields.enumerated() where builders[position] != nil {
      let fault: CellFault?
      if field.hasDoubledQuotes {
        FieldKernel.unescape(bytes, field, into: &scratch)
        fault = builders[position]?.append(scratch.span)
      } else {
        fault = builders[position]?.append(bytes.extracting(field.start..<field.end))
      }
      if let fault, let builder = builders[position] {
        throw builder.error(
          fault, value: FieldKernel.text(bytes, field), file: name, line: line)
      }
    }
  }

  /// Drops what was used up and reads more; pieces grow with an unfinished record, so that a long
  /// one is looked at only a few times.
  private mutating func refill() throws(DataError) {
    if cursor.position > 0 {
      buffer.removeFirst(cursor.position)
      cursor.position = 0
    }
    let wanted = buffer.count * 2
    repeat {
      guard try input.append(to: &buffer) else { return }
    } while buffer.count < wanted
  }
}
