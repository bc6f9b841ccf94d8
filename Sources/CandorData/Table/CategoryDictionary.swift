/// The levels of a categorical column, each with its code (its position).
public struct CategoryDictionary: Sendable, Equatable, Codable {
  /// The levels, by code.
  public let levels: [String]
  private let codes: [String: Int32]

  /// Numbers levels in the order given; of a repeated one, the first counts.
  public init(levels: [String]) {
    self.levels = levels
    codes = Dictionary(
      levels.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The number of levels.
  public var count: Int { levels.count }

  /// The code of a level, nil where it is unknown.
  public func code(of level: String) -> Int32? { codes[level] }

  /// Reads the list of levels.
  public init(from decoder: any Decoder) throws {
    self.init(levels: try decoder.singleValueContainer().decode([String].self))
  }

  /// Writes the list of levels.
  public func encode(to encoder: any Swift.Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(levels)
  }
}
