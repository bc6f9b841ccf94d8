/// What can go wrong when hashes and manifests are read or made.
public struct IntegrityError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of mistake; more may come.
  public enum Code: String, Sendable {
    /// There is nothing at the path.
    case missingFile
    /// A file or directory is there but cannot be read.
    case unreadable
    /// A text is not a SHA-256 hash in hexadecimal digits.
    case invalidDigest
    /// A path in a manifest could leave its directory, or is there twice.
    case invalidPath
    /// A manifest does not have the form of one.
    case invalidManifest
  }

  /// The kind of mistake.
  public let code: Code
  /// One sentence: what is wrong, where, and what to do.
  public let description: String

  /// Whether there is nothing at the path, rather than something wrong.
  public var isMissingFile: Bool { code == .missingFile }

  /// Joins a kind to its sentence.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
