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
}
