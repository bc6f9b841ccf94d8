public import CandorNumerics

/// Reads whole CSV files into tables.
///
/// Plain text, which is most of it, is read in one walk by several threads: see `PlainReader`. All
/// other text, and text with faults, is walked twice: once to check the structure and to survey the
/// columns whose type is not declared, once to fill columns of known type and length. Both ways give
/// the same result. No cell becomes a `String` on the way; levels do, once each. Peak memory is the
/// table, and for text that is not plain the decoded text.
///
/// A line without any field content is skipped, with a notice where rows follow it; a missing cell
/// in a file of one column is written `""`.
public enum CSVReader {
  /// Reads a file, gzip-compressed or not (its first bytes tell); declared columns must be there.
  ///
  /// The result does not depend on the number of threads.
  public static func read(
    file: String, options: CSVOptions = CSVOptions(),
    columns: [String: ColumnDeclaration] = [:], threads: Int = Parallel.processorCount
  ) throws(DataError) -> CSVReading {
    try read(file: file, options: options, columns: columns, threads: threads, cut: PlainCut())
  }

  /// The same with the cut of plain text given, for tests.
  package static func read(
    file: String, options: CSVOptions, columns: [String: ColumnDeclaration], threads: Int,
    cut: PlainCut
  ) throws(DataError) -> CSVReading {
    let source = try ByteSource(file: file)
    if options.encoding == .utf8, let options = try? options.validated() {
      let reader = PlainReader(
        source: .file(source), name: file, options: options, declarations: columns,
        threads: threads, cut: cut)
      if let result = reader.read() {
        return reading(
          result, hadByteOrderMark: result.hadByteOrderMark, compressed: false,
          byteCount: source.expectedSize, options: options, columns: columns)
      }
    }
    let bytes = try source.readAll()
    // What is compressed or coded otherwise may still be plain text.
    let isTried = options.encoding == .utf8 && !GzipStream.isGzip(bytes)
    return try read(
      bytes: bytes, name: file, options: options, columns: columns, threads: threads,
      cut: isTried ? nil : cut)
  }

  /// Reads bytes in memory; `name` stands for the file in errors.
  ///
  /// The result does not depend on the number of threads.
  public static func read(
    bytes: [UInt8], name: String, options: CSVOptions = CSVOptions(),
    columns: [String: ColumnDeclaration] = [:], threads: Int = Parallel.processorCount
  ) throws(DataError) -> CSVReading {
    try read(
      bytes: bytes, name: name, options: options, columns: columns, threads: threads,
      cut: PlainCut())
  }

  /// The same with the cut of plain text given, for tests; nil for two walks in any case.
  package static func read(
    bytes: [UInt8], name: String, options: CSVOptions, columns: [String: ColumnDeclaration],
    threads: Int, cut: PlainCut?
  ) throws(DataError) -> CSVReading {
    let options = try options.validated()
    let compressed = GzipStream.isGzip(bytes)
    var decoder = try TextDecoder(encoding: options.encoding, name: name)
    let text = try decoder.decode(
      compressed ? try GzipStream.decompress(bytes, name: name) : bytes, isLast: true)
    let plain = cut.flatMap { cut in
      PlainReader(
        source: .memory(text), name: name, options: options, declarations: columns,
        threads: threads, cut: cut
      ).read()
    }
    let result: TextReading
    if let plain {
      result = plain
    } else {
      result = try readTwice(text, name: name, options: options, columns: columns)
    }
    return reading(
      result,
      hadByteOrderMark: decoder.hadByteOrderMark, compressed: compressed, byteCount: bytes.count,
      options: options, columns: columns)
  }

  /// Whether UTF-8 text in memory is read in one walk, for tests.
  package static func isPlain(
    _ text: [UInt8], options: CSVOptions, columns: [String: ColumnDeclaration]
  ) -> Bool {
    PlainReader(
      source: .memory(text), name: "", options: options, declarations: columns, threads: 1,
      cut: PlainCut()
    ).read() != nil
  }

  private static func reading(
    _ result: TextReading, hadByteOrderMark: Bool, compressed: Bool, byteCount: Int,
    options: CSVOptions, columns: [String: ColumnDeclaration]
  ) -> CSVReading {
    CSVReading(
      table: result.table,
      dialect: CSVDialect(
        delimiter: result.header.delimiter, hadByteOrderMark: hadByteOrderMark,
        lineEnding: result.header.lineEnding, encoding: options.encoding, compressed: compressed),
      inferences: result.inferences, byteCount: byteCount, notices: result.notices,
      options: options, declarations: columns)
  }

  /// Walks the text twice.
  private static func readTwice(
    _ text: [UInt8], name: String, options: CSVOptions, columns: [String: ColumnDeclaration]
  ) throws(DataError) -> TextReading {
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
      notices += builders[position].notices
      finished.append(
        try BooleanOrder.settle(builders[position].column(), plan: plans[position], file: name))
    }
    let inferences = zip(finished, conclusions).map {
      ColumnSummary.describe($0, conclusion: $1)
    }
    return TextReading(
      table: try Table(columns: finished, lines: survey.lines), header: header,
      hadByteOrderMark: false, inferences: inferences, notices: notices)
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
