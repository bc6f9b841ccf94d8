/// How a column's cells are understood.
public enum ColumnType: String, Sendable, Codable, CaseIterable {
  /// Real numbers; a missing cell is NaN.
  case numeric
  /// Names without order.
  case categorical
  /// Two names that mean yes and no.
  case boolean
  /// Names with a declared order, lowest first.
  case ordinal
  /// Calendar dates, stored as days since 1970-01-01; a missing cell is NaN.
  case date
}
