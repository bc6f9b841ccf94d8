public import CandorData
public import CandorIntegrity

/// The hash of a table's typed values in the order of its columns, independent of how the file was
/// written.
///
/// Every text is hashed behind its length, so that no two tables run together to the same bytes.
public enum TableHash {
  /// SHA-256 over names, types and cells; a cell is hashed as its value, a missing one apart.
  public static func value(of table: Table) -> Digest {
    var builder = HashBuilder()
    builder.update("candor table 1\n\(table.rowCount)\n")
    for column in table.columns {
      builder.update(measured(column.name) + measured(column.type.rawValue))
      switch column.storage {
      case .numbers(let numbers): builder.update(doubles: numbers)
      case .codes(let codes, let levels):
        let texts = levels.levels.map(measured)
        builder.update(codes.map { $0 < 0 ? missing : texts[Int($0)] }.joined())
      }
    }
    return builder.finish()
  }

  /// A hash that a re-export in another row order still matches: SHA-256 over the sorted texts of the
  /// rows; O(n log n).
  public static func rowOrderFree(of table: Table) -> Digest {
    var builder = HashBuilder()
    builder.update("candor rows 1\n\(table.rowCount)\n")
    for column in table.columns {
      builder.update(measured(column.name) + measured(column.type.rawValue))
    }
    let rows = (0..<table.rowCount).map { row in
      table.columns.map { $0.text(row).map(measured) ?? missing }.joined()
    }.sorted()
    for row in rows { builder.update(row) }
    return builder.finish()
  }

  private static let missing = "-;"

  private static func measured(_ text: String) -> String { "\(text.utf8.count):\(text);" }
}
