/// Why a statistic cannot be computed: one sentence that says what is wrong and what to do.
public struct EvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault; tools map it to an exit code.
  public enum Code: String, Sendable {
    case emptySample, lengthMismatch, notFinite
    case badLabel, badProbability, badWeight, badOption
    case oneClass, differentSamples, unknownGroup
  }

  /// The kind of fault.
  public let code: Code
  /// The sentence.
  public let message: String

  /// Makes an error of a kind with its sentence.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The sentence.
  public var description: String { message }
}
