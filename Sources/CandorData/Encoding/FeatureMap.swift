/// Which encoded columns belong to which source feature.
public struct FeatureMap: Sendable, Equatable, Codable {
  /// A source feature and the block of encoded columns that it became.
  public struct Source: Sendable, Equatable, Codable {
    /// The source feature's name.
    public let name: String
    /// Its encoded columns; empty where the encoder dropped the feature (a constant).
    public let columns: Range<Int>

    /// Joins a name to its block.
    public init(name: String, columns: Range<Int>) {
      self.name = name
      self.columns = columns
    }
  }

  /// The source features, blocks in rising order and without gaps.
  public let sources: [Source]
  /// The encoded columns' names, for example `housing=rent`.
  public let columnNames: [String]
  /// The encoded columns that hold level codes (0, 1, … in no order, NaN where missing or unknown)
  /// rather than numbers, with their number of levels; empty where every level has a 0/1 column.
  public let levelCounts: [Int: Int]

  /// Joins sources to the names of all encoded columns, and says which of these hold level codes.
  public init(sources: [Source], columnNames: [String], levelCounts: [Int: Int] = [:]) {
    self.sources = sources
    self.columnNames = columnNames
    self.levelCounts = levelCounts
  }

  /// The number of encoded columns.
  public var width: Int { columnNames.count }

  /// The source features' names, in order.
  public var sourceNames: [String] { sources.map(\.name) }
}
