/// Typed columns of equal length.
public struct Table: Sendable, Equatable {
  /// The columns, in the file's order.
  public let columns: [Column]
  /// The number of rows.
  public let rowCount: Int
  /// Where each row began in its file (lines from one), empty where the table was made in memory.
  public let lines: [Int]
  private let positions: [String: Int]

  /// Puts columns together; throws where their lengths differ or a name comes twice.
  public init(columns: [Column], lines: [Int] = []) throws(DataError) {
    let count = columns.first?.count ?? 0
    var positions: [String: Int] = [:]
    for (position, column) in columns.enumerated() {
      guard column.count == count else {
        throw DataError(
          .raggedRow, "has \(column.count) rows where the first column has \(count)",
          column: column.name)
      }
      guard positions.updateValue(position, forKey: column.name) == nil else {
        throw DataError(.duplicateHeader, "the name stands twice", column: column.name)
      }
    }
    self.columns = columns
    self.rowCount = count
    self.lines = lines
    self.positions = positions
  }

  /// The column of this name, nil where there is none.
  public func column(_ name: String) -> Column? { positions[name].map { columns[$0] } }

  /// The column of this name; throws a sentence with the nearest name where there is none.
  public func requiredColumn(_ name: String) throws(DataError) -> Column {
    if let column = column(name) { return column }
    throw DataError.missingColumn(name, among: columns.map(\.name))
  }

  /// The names of the columns, in order.
  public var names: [String] { columns.map(\.name) }

  /// The rows at these positions, in this order.
  public func selecting(rows: [Int]) -> Table {
    Table(
      unchecked: columns.map { $0.selecting(rows: rows) }, rowCount: rows.count,
      lines: lines.isEmpty ? [] : rows.map { lines[$0] })
  }

  /// The columns of these names, in this order; unknown names are left out.
  public func selecting(columns names: [String]) -> Table {
    Table(unchecked: names.compactMap { column($0) }, rowCount: rowCount, lines: lines)
  }

  private init(unchecked columns: [Column], rowCount: Int, lines: [Int]) {
    self.columns = columns
    self.rowCount = rowCount
    self.lines = lines
    positions = Dictionary(
      columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

extension DataError {
  /// The error for a column that is not there, with the nearest name as a suggestion.
  public static func missingColumn(
    _ name: String, among names: [String], file: String? = nil
  ) -> DataError {
    let advice =
      nearestName(to: name, among: names).map { "; did you mean \"\($0)\"?" }
      ?? "; the columns are \(names.prefix(12).map { "\"\($0)\"" }.joined(separator: ", "))"
    return DataError(
      .missingColumn, "there is no column \"\(name)\" in the data\(advice)", file: file)
  }
}
