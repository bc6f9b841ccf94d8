/// What reading found out about one column.
public struct ColumnInference: Sendable, Equatable {
  /// The column's name.
  public let name: String
  /// How its cells are understood.
  public let type: ColumnType
  /// Why, in one short sentence.
  public let reason: String
  /// The number of distinct values, missing cells apart.
  public let distinctCount: Int
  /// The number of missing cells.
  public let missingCount: Int
  /// The first distinct values, at most five.
  public let examples: [String]
  /// Whether every row has its own value and the column so seems to name rows.
  public let looksLikeIdentifier: Bool
  /// How dates are written, for a column of dates.
  public let dateFormat: DateFormat?
  /// The cell that keeps an otherwise numeric column from being numeric, where there is one; it
  /// probably means a missing value.
  public let suspectedMissingCode: String?
  /// The distinct cells, at most ten, that keep a column from being numeric where nine tenths of its
  /// cells are numbers; empty elsewhere.
  public let strayCells: [String]
  /// How the numbers are written, where another decimal or thousands sign would read them all.
  public let numberHint: NumberHint?
}
