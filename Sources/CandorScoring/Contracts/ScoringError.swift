/// Why a scorer refused: one sentence for a person, and a code for a program.
public struct ScoringError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault.
  public enum Code: String, Sendable {
    case widthMismatch, notFinite, invalidModel, unsupported, unknownFamily, numericalFailure
  }

  /// The kind of fault.
  public let code: Code
  /// The sentence.
  public let description: String

  /// Makes an error from its kind and its sentence.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
