/// The texts that mean a missing cell in one column.
package struct MissingCodes: Sendable {
  private let texts: [[UInt8]]
  /// One bit for each length below 64 that some text has; most cells are ruled out by it.
  private let lengths: UInt64
  private let hasLongTexts: Bool
  /// The codes of the column that are numbers; they are compared by value in numeric columns.
  let numbers: [Double]

  /// Joins the file's codes with the column's own.
  package init(file: [String], column: [String], format: NumberFormat) {
    texts = (file + column).map { Array($0.utf8) }
    lengths = texts.reduce(0) { $1.count < 64 ? $0 | 1 << UInt64($1.count) : $0 }
    hasLongTexts = texts.contains { $0.count >= 64 }
    numbers = texts.compactMap { text in
      for numberFormat in [format, .plain] {
        if case .number(let value) = NumberKernel.read(text.span, format: numberFormat) {
          return value
        }
      }
      return nil
    }
  }

  /// Whether the cell's text is one of the codes.
  package func contains(_ cell: Span<UInt8>) -> Bool {
    if cell.count < 64 {
      guard lengths & (1 << UInt64(cell.count)) != 0 else { return false }
    } else if !hasLongTexts {
      return false
    }
    search: for text in texts where text.count == cell.count {
      for i in 0..<text.count where text[i] != cell[i] { continue search }
      return true
    }
    return false
  }
}
