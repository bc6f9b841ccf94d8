public import CandorDocument

/// A check that was not done, and why.
public struct NotTestedCheck: Sendable, Equatable, Codable {
  /// The check.
  public let check: Message
  /// Why it was not done.
  public let reason: Message

  /// Joins a check to the reason.
  public init(_ check: Message, because reason: Message) {
    self.check = check
    self.reason = reason
  }
}
