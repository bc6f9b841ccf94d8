/// How small groups are treated and which group is compared with.
public struct GroupOptions: Sendable, Equatable, Codable {
  /// The group to compare with; nil takes the one with the highest approval rate.
  public var reference: String?
  /// Rows that a group needs to become the reference by itself.
  public var minimumReferenceRows: Int
  /// Rows that a group needs for a verdict.
  public var minimumRows: Int
  /// Bad rows that a group needs for a verdict.
  public var minimumBads: Int
  /// Below this many rows nothing but the number of rows is given: the numbers would be about
  /// persons.
  public var suppressBelow: Int
  /// The nominal coverage of intervals.
  public var level: Double

  /// Sets the options.
  public init(
    reference: String? = nil, minimumReferenceRows: Int = 30, minimumRows: Int = 100,
    minimumBads: Int = 30, suppressBelow: Int = 10, level: Double = 0.95
  ) {
    self.reference = reference
    self.minimumReferenceRows = minimumReferenceRows
    self.minimumRows = minimumRows
    self.minimumBads = minimumBads
    self.suppressBelow = suppressBelow
    self.level = level
  }

  /// These options, or an error that names the first that is out of range.
  public func validated() throws(EvaluationError) -> GroupOptions {
    for (name, value) in [
      ("minimumReferenceRows", minimumReferenceRows), ("minimumRows", minimumRows),
      ("minimumBads", minimumBads), ("suppressBelow", suppressBelow),
    ] where value < 1 {
      throw EvaluationError(.badOption, "The option \(name) is \(value); it must be at least 1.")
    }
    guard level > 0, level < 1 else {
      throw EvaluationError(
        .badOption, "The option level is \(level); it must lie between 0 and 1.")
    }
    return self
  }
}
