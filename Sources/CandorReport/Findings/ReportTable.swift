public import CandorDocument

/// A table whose cells are typed.
public struct ReportTable: Sendable, Equatable, Codable {
  /// A column.
  public struct Column: Sendable, Equatable, Codable {
    /// The header.
    public let header: Message
    /// On which side its cells are set.
    public let alignment: Table.Alignment

    /// Makes a column.
    public init(_ header: Message, _ alignment: Table.Alignment = .left) {
      self.header = header
      self.alignment = alignment
    }
  }

  /// The title.
  public let title: Message
  /// The columns.
  public let columns: [Column]
  /// The rows.
  public let rows: [[Value]]
  /// A note under the table.
  public let note: Message?

  /// Makes a table.
  public init(title: Message, columns: [Column], rows: [[Value]], note: Message? = nil) {
    self.title = title
    self.columns = columns
    self.rows = rows
    self.note = note
  }
}
