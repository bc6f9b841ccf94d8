/// The sentences for records that cannot be read.
enum RecordFault {
  static func quote(
    _ fault: Field.Fault, file: String, line: Int, column: String
  ) -> DataError {
    switch fault {
    case .unclosedQuote:
      DataError(
        .unclosedQuote,
        "a quoted field begins here and is never closed; add the closing quote, or double quotes "
          + "that belong to the text", file: file, line: line, column: column)
    case .textAfterQuote:
      DataError(
        .unclosedQuote,
        "text follows the closing quote of a field; double quotes that belong to the text",
        file: file, line: line, column: column)
    }
  }

  static func ragged(
    found: Int, header: CSVHeader, file: String, line: Int, extra: String?
  ) -> DataError {
    let expected = header.names.count
    let delimiter = header.delimiter == "\t" ? "tab" : "\"\(header.delimiter)\""
    let advice =
      found < expected
      ? "complete the row"
      : "quote cells that contain the delimiter \(delimiter)"
    let column = found < expected ? header.names[found] : String(expected + 1)
    return DataError(
      .raggedRow,
      "the row has \(found) \(found == 1 ? "field" : "fields") where the header has \(expected); "
        + advice, file: file, line: line, column: column, value: extra)
  }
}
