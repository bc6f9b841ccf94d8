/// What is decided at the cut-off.
public enum Decision: String, Sendable, Codable {
  /// The PD is below the cut-off.
  case approve
  /// The PD is at or above the cut-off.
  case refuse
}

/// One scored applicant.
public struct ScoredRow: Sendable, Equatable, Codable {
  /// The scorer's own output.
  public let margin: Double
  /// The log-odds of bad after calibration.
  public let logOdds: Double
  /// The probability of bad after calibration.
  public let probability: Double
  /// The scorecard points, not rounded.
  public let points: Double
  /// The decision at the model's cut-off.
  public let decision: Decision
}
