public import CandorScoring

/// Why an explanation was refused or failed: one sentence for a person, a code for a program.
public struct ExplanationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault.
  public enum Code: String, Sendable {
    case badOption, badShape, badBackground, unknownFeature, unsupported, mixedScales
    case differentPlayers, scoring, notAdditive, numerical
    case notRefused, referenceRefused, noPrincipalReason, notAReasonMethod
    case unfaithful
  }

  /// The kind of fault.
  public let code: Code
  /// The sentence: what is wrong, where, what to do.
  public let description: String

  /// Makes an error from its kind and its sentence.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  /// Passes on why a scorer refused the rows that an explanation made.
  public init(_ error: ScoringError) {
    self.init(.scoring, "The model refused rows of the explanation: \(error.description)")
  }
}
