/// What is wrong with data from outside: one sentence, the place, and what to do.
public struct DataError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault; tools map it to an exit code.
  public enum Code: String, Sendable {
    case fileNotFound, fileNotReadable, fileNotWritable
    case emptyFile, binaryFile, badEncoding, badCompression
    case raggedRow, unclosedQuote, duplicateHeader, emptyHeader
    case unparsableNumber, unparsableDate, notFinite, unknownLevel
    case missingColumn, missingTarget, unknownTargetValue, oneClassOnly
    case duplicateIdentifier, tooFewRows, wrongType, badOption, shapeMismatch
  }

  /// The kind of fault.
  public let code: Code
  /// The sentence: what is wrong and what to do, without the place.
  public let message: String
  /// The file as the user named it.
  public var file: String?
  /// The line in that file, from one.
  public var line: Int?
  /// The column's name, or its number from one where it has none.
  public var column: String?
  /// The offending value, shortened to 60 characters.
  public var value: String?

  /// Makes an error; give the place as far as it is known.
  public init(
    _ code: Code, _ message: String, file: String? = nil, line: Int? = nil,
    column: String? = nil, value: String? = nil
  ) {
    self.code = code
    self.message = message
    self.file = file
    self.line = line
    self.column = column
    self.value = value.map { $0.count > 60 ? String($0.prefix(57)) + "..." : $0 }
  }

  /// `file:line: column "c", value "v": message`, with the parts that are known.
  public var description: String {
    var place = ""
    if let file { place += file }
    if let line { place += place.isEmpty ? "line \(line)" : ":\(line)" }
    var subject: [String] = []
    if let column { subject.append("column \"\(column)\"") }
    if let value { subject.append("value \"\(value)\"") }
    let parts = [place, subject.joined(separator: ", "), message].filter { !$0.isEmpty }
    return parts.joined(separator: ": ")
  }
}
