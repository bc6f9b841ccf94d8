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

  /// Joins sources to the names of all encoded columns.
  public init(sources: [Source], columnNames: [String]) {
    self.sources = sources
    self.columnNames = columnNames
  }

  /// The number of encoded columns.
  public var width: Int { columnNames.count }

  /// The source features' names, in order.
  public var sourceNames: [String] { sources.map(\.name) }
}
