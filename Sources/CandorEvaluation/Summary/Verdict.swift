/// What a test says, its silence included.
public enum Verdict: String, Sendable, Equatable, Codable, CaseIterable {
  /// Within the limit.
  case pass
  /// Within the limit of failure but outside that of warning.
  case warn
  /// Outside the limit.
  case fail
  /// The test was not run.
  case notTested
  /// The institution did not supply what the test needs.
  case notSupplied
  /// There are too few rows for the test to say anything.
  case insufficientData
}
