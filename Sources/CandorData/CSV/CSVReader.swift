/// Reads whole CSV files into tables.
///
/// The bytes are walked twice: once to check the structure and to survey the columns whose type is
/// not declared, once to fill columns of known type and length. No cell becomes a `String` on the
/// way; levels do, once each. Peak memory is the decoded text and the table.
///
/// A line without any field content is skipped, with a notice where rows follow it; a missing cell
/// in a file of one column is written `""`.
public enum CSVReader {
  /// Reads a file, gzip-compressed or not (its first bytes tell); declared columns must be there.
  public static func read(
    file: String, options: CSVOptions = CSVOptions(),
    columns: [String: ColumnDeclaration] = [:]
  ) throws(DataError) -> CSVReading {
    let source = try ByteSource(file: file)
    return try read(bytes: source.readAll(), name: file, options: options, columns: columns)
  }

  /// Reads bytes in memory; `name` stands for the file in errors.
  public static func read(
    bytes: [UInt8], name: String, options: CSVOptions = CSVOptions(),
    columns: [String: ColumnDeclaration] = [:]
  ) throws(DataError) -> CSVReading {
    let options = try options.validated()
    let compressed = GzipStream.isGzip(bytes)
    let byteCount = bytes.count
    var decoder = try TextDecoder(encoding: options.encoding, name: name)
    let text = try decoder.decode(
      compressed ? try GzipStream.decompress(bytes, name: name) : bytes, isLast: true)
    let header = try CSVHeader(of: text.span, options: options, file: name)
    for column in columns.keys.sorted() where !header.names.contains(column) {
      throw DataError.missingColumn(column, among: header.names, file: name)
    }
    var plans: [ColumnPlan] = []
    for column in header.names {
      plans.append(try ColumnPlan(name: column, declaration: columns[column], options: options))
    }

    let survey = try survey(text.span, header: header, plans: &plans, file: name)
    var conclusions: [ColumnSurvey.Conclusion] = []
    var builders: [ColumnBuilder] = []
    for plan in plans {
      let conclusion = plan.conclude()
      conclusions.append(conclusion)
      builders.append(ColumnBuilder(plan.rules(conclusion), capacity: survey.lines.count))
    }
    try fill(&builders, from: text.span, header: header, file: name)

    var notices = survey.notices
    var finished: [Column] = []
    for position in builders.indices {
      let builder = builders[position]
      let unknown = builder.undeclaredLevels
      if !unknown.isEmpty {
        notices.append(
          "Column \"\(builder.rules.name)\" has \(unknown.count) "
            + "\(unknown.count == 1 ? "level" : "levels") outside the declared ones: "
            + unknown.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
            + (unknown.count > 5 ? " and others." : "."))
      }
      finished.append(
        try BooleanOrder.settle(builder.column(), plan: plans[position], file: name))
    }
    let inferences = zip(finished, conclusions).map {
      ColumnSummary.describe($0, conclusion: $1)
    }
    return CSVReading(
      table: try Table(columns: finished, lines: survey.lines),
      dialect: CSVDialect(
        delimiter: header.delimiter, hadByteOrderMark: decoder.hadByteOrderMark,
        lineEnding: header.lineEnding, encoding: options.encoding, compressed: compressed),
      inferences: inferences, byteCount: byteCount, notices: notices, options: options,
      declarations: columns)
  }

  private struct Structure {
    var lines: [Int] = []
    var notices: [String] = []
  }

  /// The first walk: rows and their lines, faults of structure, and counts for inference.
  private static func survey(
    _ bytes: Span<UInt8>, header: CSVHeader, plans: inout [ColumnPlan], file: String
  ) throws(DataError) -> Structure {
    var structure = Structure()
    var cursor = header.next
    var scratch: [UInt8] = []
    let width = header.names.count
    var blanks = 0
    var firstBlank = 0
    var blanksBetween = 0
    while cursor.position < bytes.count {
      let line = cursor.line
      var position = 0
      var extra: String?
      while true {
        let fieldLine = cursor.line
        let field = FieldKernel.next(in: bytes, at: &cursor, syntax: header.syntax)
        if let fault = field.fault {
          let column = position < width ? header.names[position] : String(position + 1)
          throw RecordFault.quote(fault, file: file, line: fieldLine, column: column)
        }
        if position == 0, field.isBlankLine {
          if blanks == 0 { firstBlank = line }
          blanks += 1
          position = -1
          break
        }
        if position < width {
          if plans[position].isOpen {
            if field.hasDoubledQuotes {
              FieldKernel.unescape(bytes, field, into: &scratch)
              plans[position].count(scratch.span)
            } else {
              plans[position].count(bytes.extracting(field.start..<field.end))
            }
          }
        } else if position == width {
          extra = FieldKernel.text(bytes, field)
        }
        position += 1
        if field.ending != .delimiter { break }
      }
      if position < 0 { continue }
      guard position == width else {
        throw RecordFault.ragged(
          found: position, header: header, file: file, line: line, extra: extra)
      }
      blanksBetween = blanks
      structure.lines.append(line)
    }
    guard !structure.lines.isEmpty else {
      throw DataError(
        .emptyFile, "the file has a header but no rows; give a file with data", file: file,
        line: header.line)
    }
    if blanksBetween > 0 {
      structure.notices.append(
        "\(blanksBetween) blank \(blanksBetween == 1 ? "line was" : "lines were") skipped, the "
          + "first at line \(firstBlank).")
    }
    return structure
  }

  /// The second walk: cells of known type into columns.
  private static func fill(
    _ builders: inout [ColumnBuilder], from bytes: Span<UInt8>, header: CSVHeader, file: String
  ) throws(DataError) {
    var cursor = header.next
    var scratch: [UInt8] = []
    while cursor.position < bytes.count {
      let line = cursor.line
      var position = 0
      while true {
        let field = FieldKernel.next(in: bytes, at: &cursor, syntax: header.syntax)
        if position == 0, field.isBlankLine { break }
        let fault: CellFault?
        if field.hasDoubledQuotes {
          FieldKernel.unescape(bytes, field, into: &scratch)
          fault = builders[position].append(scratch.span)
        } else {
          fault = builders[position].append(bytes.extracting(field.start..<field.end))
        }
        if let fault {
          throw builders[position].error(
            fault, value: FieldKernel.text(bytes, field), file: file, line: line)
        }
        position += 1
        if field.ending != .delimiter { break }
      }
    }
  }
}
