/// What is wrong with a study file or a run: one sentence, with the place where there is one.
public struct StudyError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault; the tool maps it to an exit code.
  public enum Code: String, Sendable {
    case fileNotFound, badSyntax, unknownKey, missingKey, wrongType, outOfRange
    case protectedInput, notPossible, cannotWrite, tooLarge
  }

  /// The kind of fault.
  public let code: Code
  /// What is wrong and what to do.
  public let message: String
  /// The file, as the user named it.
  public let file: String?
  /// The line in the file, from one.
  public let line: Int?

  /// Makes an error; give the place as far as it is known.
  public init(_ code: Code, _ message: String, file: String? = nil, line: Int? = nil) {
    self.code = code
    self.message = message
    self.file = file
    self.line = line
  }

  /// `file:line: message`.
  public var description: String {
    switch (file, line) {
    case (let file?, let line?): "\(file):\(line): \(message)"
    case (let file?, nil): "\(file): \(message)"
    case (nil, _): message
    }
  }
}
