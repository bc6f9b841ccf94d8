/// A condition on the rows of a table, written as `column operator value`.
///
/// Operators: `=`, `!=`, `<`, `<=`, `>`, `>=`. Numbers and dates are compared as such, levels as
/// texts; only `=` and `!=` apply to levels without an order. `ordinal` levels compare by their
/// order. A missing cell fulfils no condition but `column = ` with nothing after it.
public struct RowFilter: Sendable, Equatable {
  /// How a cell is compared with the value.
  public enum Comparison: String, Sendable, CaseIterable {
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case notEqual = "!="
    case equal = "="
    case less = "<"
    case greater = ">"
  }

  /// The column's name.
  public let column: String
  /// The comparison.
  public let comparison: Comparison
  /// The value as written; empty means a missing cell.
  public let value: String

  /// Reads a condition; blanks around its parts and quotes around the value are dropped.
  ///
  /// - Parameter text: The condition, for example `amount >= 5000` or `purpose = "car (used)"`.
  /// - Throws: `DataError.badOption` where there is no operator or no column.
  public init(_ text: String) throws(DataError) {
    var found: (range: Range<String.Index>, comparison: Comparison)?
    var index = text.startIndex
    search: while index < text.endIndex {
      for comparison in Comparison.allCases where text[index...].hasPrefix(comparison.rawValue) {
        let end = text.index(index, offsetBy: comparison.rawValue.count)
        found = (index..<end, comparison)
        break search
      }
      index = text.index(after: index)
    }
    guard let found else {
      throw DataError(
        .badOption, "the condition needs one of =, !=, <, <=, >, >=, as in \"amount >= 5000\"",
        value: text)
    }
    column = Self.trimmed(text[..<found.range.lowerBound])
    comparison = found.comparison
    var value = Self.trimmed(text[found.range.upperBound...])
    if value.count >= 2, let quote = value.first, quote == "\"" || quote == "'",
      value.last == quote
    {
      value = String(value.dropFirst().dropLast())
    }
    self.value = value
    guard !column.isEmpty else {
      throw DataError(.badOption, "the condition names no column", value: text)
    }
  }

  /// Which rows of a table fulfil the condition.
  ///
  /// - Parameter table: The table.
  /// - Returns: One answer a row.
  /// - Throws: `DataError.missingColumn` where the table has no such column, `.badOption` where the
  ///   value does not fit the column or the operator its levels.
  public func matches(_ table: Table) throws(DataError) -> [Bool] {
    let cells = try table.requiredColumn(column)
    if value.isEmpty {
      switch comparison {
      case .equal: return (0..<cells.count).map { cells.isMissing($0) }
      case .notEqual: return (0..<cells.count).map { !cells.isMissing($0) }
      default: throw fault("a missing cell has no size; use = or !=")
      }
    }
    switch cells.storage {
    case .numbers(let numbers):
      guard let bound = cells.type == .date ? date : Double(value), bound.isFinite else {
        throw fault(
          cells.type == .date
            ? "is no date; write one such as 2024-01-31" : "is no number, as this column has")
      }
      return numbers.map { !$0.isNaN && holds($0, bound) }
    case .codes(let codes, let levels):
      let position = levels.levels.firstIndex(of: value)
      if comparison == .equal || comparison == .notEqual {
        let code = position.map(Int32.init)
        return codes.map { $0 >= 0 && ($0 == code) == (comparison == .equal) }
      }
      guard cells.type == .ordinal else {
        throw fault("the levels of this column have no order; use = or !=")
      }
      guard let position else {
        throw fault("is no level; the levels are \(levels.levels.joined(separator: ", "))")
      }
      return codes.map { $0 >= 0 && holds(Double($0), Double(position)) }
    }
  }

  private var date: Double? {
    let parts = value.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] else {
      return nil
    }
    return CivilDate(year: year, month: month, day: day).map { Double($0.daysSinceEpoch) }
  }

  private func holds(_ cell: Double, _ bound: Double) -> Bool {
    switch comparison {
    case .lessOrEqual: cell <= bound
    case .greaterOrEqual: cell >= bound
    case .notEqual: cell != bound
    case .equal: cell == bound
    case .less: cell < bound
    case .greater: cell > bound
    }
  }

  private func fault(_ sentence: String) -> DataError {
    DataError(.badOption, sentence, column: column, value: value)
  }

  private static func trimmed(_ part: Substring) -> String {
    var part = part
    while part.first == " " { part.removeFirst() }
    while part.last == " " { part.removeLast() }
    return String(part)
  }
}
