public import Foundation

/// A file of a report.
public struct ReportFile: Sendable, Equatable {
  /// Its path relative to the report's folder, with `/`.
  public let path: String
  /// Its bytes.
  public let bytes: Data

  /// Joins a path to its bytes.
  public init(path: String, bytes: Data) {
    self.path = path
    self.bytes = bytes
  }
}
