import CandorTestSupport
import Foundation

/// A file of the package.
struct SourceFile: Sendable {
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

  /// The path below `Sources`; the whole path elsewhere.
  var pathInSources: String {
    path.hasPrefix("Sources/") ? String(path.dropFirst("Sources/".count)) : path
  }

  /// The places where the code matches, as `path:line: the line`; every match holds one of the
  /// words. A word ends at a full stop: Unicode's default would take `a.b` for one word.
  func matches(of pattern: some RegexComponent, with words: [String]) -> [String] {
    let pattern = pattern.regex.wordBoundaryKind(.simple)
    return code.lines(with: words).filter { $0.text.firstMatch(of: pattern) != nil }.map {
      "\(path):\($0.number): \($0.text.trimmingCharacters(in: .whitespaces))"
    }
  }

  /// The Swift files below `Sources`, by path, read once.
  static let sources = Result { try swiftFiles(below: "Sources") }
  /// The Swift files below `Tests`, by path, read once.
  static let tests = Result { try swiftFiles(below: "Tests") }

  private static func swiftFiles(below folder: String) throws -> [SourceFile] {
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
