public import CandorDocument

/// A question to the institution and its answer.
public struct SuppliedField: Sendable, Equatable, Codable {
  /// The question.
  public let label: Message
  /// The answer as given, nil where there is none.
  public let answer: String?

  /// Joins a question to its answer.
  public init(label: Message, answer: String?) {
    self.label = label
    self.answer = answer
  }
}
