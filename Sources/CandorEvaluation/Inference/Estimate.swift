/// A number with what is known of its uncertainty.
public struct Estimate: Sendable, Equatable, Codable {
  /// The value.
  public let value: Double
  /// Its standard error, where one is defined.
  public let standardError: Double?
  /// The lower end of the interval, where one is defined.
  public let lower: Double?
  /// The upper end of the interval, where one is defined.
  public let upper: Double?
  /// The nominal coverage of the interval.
  public let level: Double
  /// How standard error and interval were found.
  public let method: String

  /// Puts a number and its uncertainty together.
  public init(
    value: Double, standardError: Double? = nil, lower: Double? = nil, upper: Double? = nil,
    level: Double = 0.95, method: String
  ) {
    self.value = value
    self.standardError = standardError
    self.lower = lower
    self.upper = upper
    self.level = level
    self.method = method
  }

  /// The estimate of `scale · value + shift`.
  public func transformed(scale: Double, shift: Double = 0) -> Estimate {
    let ends = [lower, upper].map { end in end.map { scale * $0 + shift } }
    return Estimate(
      value: scale * value + shift, standardError: standardError.map { abs(scale) * $0 },
      lower: scale < 0 ? ends[1] : ends[0], upper: scale < 0 ? ends[0] : ends[1], level: level,
      method: method)
  }

  /// Whether the interval is known and holds this number.
  public func contains(_ number: Double) -> Bool {
    guard let lower, let upper else { return false }
    return lower <= number && number <= upper
  }
}
