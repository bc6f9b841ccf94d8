/// What one source feature, or one group of them, contributes to one explained value.
///
/// Positive is towards bad. The unit is the scale of the explanation that holds it.
public struct Attribution: Sendable, Equatable, Codable {
  /// The source feature's or the group's name.
  public let source: String
  /// The contribution.
  public let value: Double
  /// The standard error of the method's own sampling: zero where the method is exact given its
  /// background, nil where the method has none to give.
  public let standardError: Double?
  /// The lower end of the 95% interval, nil without a standard error.
  public let lower: Double?
  /// The upper end of the 95% interval, nil without a standard error.
  public let upper: Double?

  /// A contribution; the interval is `value ± quantile · standardError`.
  ///
  /// - Parameters:
  ///   - source: The feature's or group's name.
  ///   - value: The contribution.
  ///   - standardError: Its standard error, nil where there is none.
  ///   - quantile: The two-sided 95% quantile of the error; the normal one unless told otherwise.
  public init(
    source: String, value: Double, standardError: Double?, quantile: Double = NormalQuantile.of95
  ) {
    self.source = source
    self.value = value
    self.standardError = standardError
    lower = standardError.map { value - quantile * $0 }
    upper = standardError.map { value + quantile * $0 }
  }
}

/// The quantile that intervals in this target use.
public enum NormalQuantile {
  /// The 0.975 quantile of the standard normal: 95% two-sided.
  public static let of95 = 1.959963984540054
}
