/// Why a document could not be made: one sentence for a person, and a code for a program.
public struct DocumentError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault.
  public enum Code: String, Sendable {
    case missingKey, missingArgument, unusedArgument, invalidCatalogue, invalidChart, encoding
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
