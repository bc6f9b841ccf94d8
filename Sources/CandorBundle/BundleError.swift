/// Why a bundle cannot be read or written: one sentence for a person, a code for a program.
public struct BundleError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of fault; more may come.
  public enum Code: String, Sendable {
    /// There is no file that can be read.
    case notReadable
    /// The file ends before what its lengths promise.
    case truncated
    /// The header does not have the form of one.
    case badHeader
    /// A tensor's type, shape or place does not hold.
    case badTensor
    /// The contents do not have the hash that the file carries of them.
    case altered
    /// The layout's version is not known here.
    case unknownVersion
    /// The parts were read but do not make a model.
    case badModel
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
