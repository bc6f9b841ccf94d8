/// A limit on a number and where the limit comes from.
///
/// Ends are inclusive: a value equal to one passes it.
public struct Limit: Sendable, Equatable, Codable {
  /// Who set a limit. Almost every number that the trade repeats is a convention.
  public enum Basis: String, Sendable, Codable {
    /// A law or regulation.
    case law
    /// Guidance of a supervisor.
    case guidance
    /// A convention of the trade.
    case convention
    /// Our own default.
    case ownDefault
  }

  /// Below this the value fails.
  public let atLeast: Double?
  /// Above this the value fails.
  public let atMost: Double?
  /// Below this the value warns.
  public let warnBelow: Double?
  /// Above this the value warns.
  public let warnAbove: Double?
  /// Where the limit comes from.
  public let basis: Basis

  /// Sets a limit.
  public init(
    atLeast: Double? = nil, atMost: Double? = nil, warnBelow: Double? = nil,
    warnAbove: Double? = nil, basis: Basis = .ownDefault
  ) {
    self.atLeast = atLeast
    self.atMost = atMost
    self.warnBelow = warnBelow
    self.warnAbove = warnAbove
    self.basis = basis
  }

  /// The verdict on a number: `notTested` for none or one that is not a number, and
  /// `insufficientData` where the caller says that there are too few rows.
  public func judge(_ value: Double?, sufficientData: Bool = true) -> Verdict {
    guard let value, !value.isNaN else { return .notTested }
    guard sufficientData else { return .insufficientData }
    if let atLeast, value < atLeast { return .fail }
    if let atMost, value > atMost { return .fail }
    if let warnBelow, value < warnBelow { return .warn }
    if let warnAbove, value > warnAbove { return .warn }
    return .pass
  }

  /// The verdict on an estimate's value.
  public func judge(_ estimate: Estimate?, sufficientData: Bool = true) -> Verdict {
    judge(estimate?.value, sufficientData: sufficientData)
  }

  /// The limits that hold unless a study sets its own.
  public enum Standard {
    /// Observed over expected bads.
    public static let observedOverExpected = Limit(warnBelow: 0.9, warnAbove: 1.1)
    /// Observed over expected bads within a group.
    public static let groupObservedOverExpected = Limit(warnBelow: 0.8, warnAbove: 1.25)
    /// The calibration slope.
    public static let calibrationSlope = Limit(warnBelow: 0.8, warnAbove: 1.2)
    /// The area on training rows minus that on test rows.
    public static let overfitGap = Limit(atMost: 0.07, warnAbove: 0.03)
    /// The fall of the area from one period to the next.
    public static let areaFall = Limit(atMost: 0.05, warnAbove: 0.02)
    /// An area so high that leakage should be looked for.
    public static let suspiciousArea = Limit(warnAbove: 0.90, basis: .convention)
    /// The population stability index.
    public static let populationStability = Limit(
      atMost: 0.25, warnAbove: 0.10, basis: .convention)
    /// The adverse impact ratio: four fifths, of employment law and never codified for lending.
    public static let adverseImpactRatio = Limit(warnBelow: 0.80, basis: .convention)
    /// The absolute gap of approval rates of goods.
    public static let equalOpportunityGap = Limit(
      atMost: 0.10, warnAbove: 0.05, basis: .convention)
    /// The larger absolute gap of approval rates of goods and of bads.
    public static let equalisedOddsGap = Limit(warnAbove: 0.10, basis: .convention)
    /// The absolute difference of the area of a group from that of the reference.
    public static let groupAreaGap = Limit(warnAbove: 0.05)
    /// The area of predicting a protected attribute from one feature or the score.
    public static let proxyPower = Limit(warnAbove: 0.65)
    /// The absolute standardised mean difference of scores.
    public static let standardisedMeanDifference = Limit(
      atMost: 0.5, warnAbove: 0.3, basis: .convention)
  }
}
