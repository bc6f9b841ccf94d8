public import CandorData
public import CandorIntegrity

/// The hash of a table's typed values in the order of its columns, independent of how the file was
/// written.
public enum TableHash {
  /// SHA-256 over names, types and cells; a cell is hashed as its text, a missing one apart.
  public static func value(of table: Table) -> Digest {
    var builder = HashBuilder()
    builder.update("candor table 1\n\(table.rowCount)\n")
    for column in table.columns {
      builder.update("\(column.name)\u{1F}\(column.type.rawValue)\n")
      switch column.storage {
      case .numbers(let numbers): builder.update(doubles: numbers)
      case .codes(let codes, let levels):
        let texts = levels.levels
        builder.update(
          codes.map { $0 < 0 ? "\u{1E}" : texts[Int($0)] + "\u{1F}" }.joined())
      }
    }
    return builder.finish()
  }

  /// A hash that a re-export in another row order still matches: SHA-256 over the sorted texts of the
  /// rows; O(n log n).
  public static func rowOrderFree(of table: Table) -> Digest {
    var builder = HashBuilder()
    builder.update(
      table.columns.map { "\($0.name)\u{1F}\($0.type.rawValue)" }.joined(separator: "\n"))
    let rows = (0..<table.rowCount).map { row in
      table.columns.map { $0.text(row) ?? "\u{1E}" }.joined(separator: "\u{1F}")
    }.sorted()
    for row in rows { builder.update("\n" + row) }
    return builder.finish()
  }
}
