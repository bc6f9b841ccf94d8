import CandorTestSupport
import Foundation

/// A file of the package.
struct SourceFile {
  /// Its path from the package's root.
  let path: String
  /// Its text as it stands.
  let text: String
  /// Its text without comments and literals.
  let code: SwiftCode

  /// A file from its path and text; tests plant violations with it.
  init(path: String, text: String) {
    self.path = path
    self.text = text
    code = SwiftCode(text)
  }

  /// The name of the file.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// The target that the file belongs to: the folder below `Sources`.
  var target: String {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : ""
  }

  /// The places where the code matches, as `path:line: the line`.
  func matches(of pattern: some RegexComponent) -> [String] {
    zip(code.lines, 1...).filter { !$0.0.matches(of: pattern).isEmpty }.map {
      "\(path):\($0.1): \($0.0.trimmingCharacters(in: .whitespaces))"
    }
  }

  /// The Swift files below a folder of the package, by path.
  static func swiftFiles(below folder: String) throws -> [SourceFile] {
    try paths(below: folder).filter { $0.hasSuffix(".swift") }.map {
      SourceFile(path: $0, text: try read($0))
    }
  }

  /// The text of a file of the package.
  static func read(_ path: String) throws -> String {
    try String(
      contentsOf: ReferenceValues.packageRoot.appendingPathComponent(path), encoding: .utf8)
  }

  /// The paths of everything below a folder of the package, in order.
  static func paths(below folder: String) throws -> [String] {
    let root = ReferenceValues.packageRoot.appendingPathComponent(folder)
    return try FileManager.default.subpathsOfDirectory(atPath: root.path).map {
      folder + "/" + $0
    }.sorted()
  }
}
