/// A broken promise of a scorer or learner.
public struct Violation: Sendable, Equatable, CustomStringConvertible {
  /// The check that found it.
  public let check: String
  /// What was found, in a sentence.
  public let finding: String

  /// Joins a check to its finding.
  public init(check: String, finding: String) {
    self.check = check
    self.finding = finding
  }

  /// Check and finding.
  public var description: String { "\(check): \(finding)" }
}
