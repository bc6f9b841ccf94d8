/// A file that was read: the table, and what was found out on the way.
public struct CSVReading: Sendable, Equatable {
  /// The cells, with the line that each row began in.
  public let table: Table
  /// How the file is written.
  public let dialect: CSVDialect
  /// One for each column, in the file's order.
  public let inferences: [ColumnInference]
  /// The size of the file as it was given, compressed where it was.
  public let byteCount: Int
  /// Whole sentences about what was passed over or looks odd; empty for a tidy file.
  public let notices: [String]
  /// The options that the file was read with.
  public let options: CSVOptions
  /// The declarations that the file was read with.
  public let declarations: [String: ColumnDeclaration]
}
