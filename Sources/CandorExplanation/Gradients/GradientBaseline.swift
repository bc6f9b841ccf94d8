/// The row that a gradient method starts from; it is named, since the answer depends on it.
public struct GradientBaseline: Sendable, Equatable {
  /// The baseline as a background of one row.
  package let background: Background
  /// The encoded values.
  public let row: [Double]

  /// A row with a name; throws where a value is not finite.
  public init(name: String, row: [Double], hash: String? = nil) throws(ExplanationError) {
    guard row.allSatisfy(\.isFinite) else {
      throw ExplanationError(
        .badBackground, "The baseline \"\(name)\" holds a value that is not finite.")
    }
    background = try Background(name: name, rows: .init(row: row), hash: hash)
    self.row = row
  }

  /// The weighted mean of a background: no real applicant, and said so in its name.
  public init(meanOf background: Background) throws(ExplanationError) {
    try self.init(name: "mean of \(background.name)", row: background.meanRow)
  }

  /// The baseline's name.
  public var name: String { background.name }
  /// The baseline's hash.
  public var hash: String { background.hash }
}
