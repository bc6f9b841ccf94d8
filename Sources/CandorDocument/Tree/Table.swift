/// A table with one header row.
public struct Table: Sendable, Hashable, Codable {
  /// On which side the cells of a column are set.
  public enum Alignment: String, Sendable, Codable {
    case left, right, centre
  }

  /// A column's header and alignment.
  public struct Column: Sendable, Hashable, Codable {
    /// The header.
    public let header: [Inline]
    /// On which side its cells are set.
    public let alignment: Alignment

    /// Makes a column.
    public init(header: [Inline], alignment: Alignment = .left) {
      self.header = header
      self.alignment = alignment
    }
  }

  /// The columns, first on the left.
  public let columns: [Column]
  /// The rows; a row that is too short is filled with empty cells, one too long is cut.
  public let rows: [[[Inline]]]

  /// Makes a table, every row exactly as long as there are columns.
  public init(columns: [Column], rows: [[[Inline]]]) {
    self.columns = columns
    self.rows = rows.map { row in
      columns.indices.map { $0 < row.count ? row[$0] : [] }
    }
  }
}
