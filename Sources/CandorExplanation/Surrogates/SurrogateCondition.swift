/// What a rule of a surrogate tree asks of one source feature.
public struct SurrogateCondition: Sendable, Equatable, Codable {
  /// The source feature.
  public let feature: String
  /// The number below which the rule does not hold; nil where there is none.
  public let lower: Double?
  /// The number above which the rule does not hold; nil where there is none.
  public let upper: Double?
  /// Whether the lower end belongs to the rule and the upper end does not, as trees that compare by
  /// `<` have it; otherwise the other way round.
  public let holdsLowerEnd: Bool
  /// The levels for which the rule holds, in the order of the data; nil for a number. Empty where it
  /// holds for missing cells alone.
  public let levels: [String]?
  /// Whether the sample has missing cells and the rule holds for them.
  public let includesMissing: Bool

  /// The condition in a reader's words: `duration > 12 and ≤ 24`, `housing in {rent, own} or missing`.
  public var text: String {
    var text = feature
    if let levels {
      guard !levels.isEmpty else { return feature + " is missing" }
      text +=
        levels.count == 1 ? " = \(levels[0])" : " in {\(levels.joined(separator: ", "))}"
    } else {
      let parts = [
        lower.map { (holdsLowerEnd ? "≥ " : "> ") + shortText($0) },
        upper.map { (holdsLowerEnd ? "< " : "≤ ") + shortText($0) },
      ].compactMap { $0 }
      text += " " + parts.joined(separator: " and ")
    }
    return includesMissing ? text + " or missing" : text
  }

  /// Bounds of a number without words: `12 < duration ≤ 24`; nil for levels, and where no end is
  /// bound.
  public var range: String? {
    guard levels == nil, lower != nil || upper != nil else { return nil }
    switch (lower, upper) {
    case (let lower?, nil): return feature + (holdsLowerEnd ? " ≥ " : " > ") + shortText(lower)
    default:
      return (lower.map { shortText($0) + (holdsLowerEnd ? " ≤ " : " < ") } ?? "") + feature
        + (upper.map { (holdsLowerEnd ? " < " : " ≤ ") + shortText($0) } ?? "")
    }
  }
}
