/// What a chart's axis measures, and from where to where.
public struct Axis: Sendable, Hashable, Codable {
  /// What is measured, with its unit.
  public let label: Message
  /// The lower end; nil to follow the data.
  public let minimum: Double?
  /// The upper end; nil to follow the data.
  public let maximum: Double?
  /// Whether ticks are printed as percentages.
  public let isPercent: Bool
  /// Whether only whole numbers can be met, so that ticks stand on whole numbers alone.
  public let isWhole: Bool

  /// Makes an axis.
  public init(
    label: Message, minimum: Double? = nil, maximum: Double? = nil, isPercent: Bool = false,
    isWhole: Bool = false
  ) {
    self.label = label
    self.minimum = minimum
    self.maximum = maximum
    self.isPercent = isPercent
    self.isWhole = isWhole
  }

  /// The range that holds these values, widened to round ticks where an end is free.
  func domain(of values: [Double]) -> (low: Double, high: Double) {
    let finite = values.filter(\.isFinite)
    let low = minimum ?? finite.min() ?? 0
    let high = maximum ?? finite.max() ?? 1
    let rounded = Ticks.rounded(low, high)
    let ends = (minimum ?? rounded.0, maximum ?? rounded.1)
    return ends.1 > ends.0 ? ends : (ends.0, ends.0 + 1)
  }

  func tickTexts(_ ticks: Ticks, _ style: NumberStyle) -> [String] {
    ticks.values.map { value in
      isPercent
        ? style.string(value, .percent(max(0, ticks.decimals - 2)))
        : style.string(value, .fixed(ticks.decimals))
    }
  }
}
