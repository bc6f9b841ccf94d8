import Foundation

/// What stands at a path.
public enum FileKind: Sendable {
  case absent, file, folder

  /// Looks at a path; a link counts as what it leads to.
  public init(ofPath path: String) {
    let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved) else {
      self = .absent
      return
    }
    self = attributes[.type] as? FileAttributeType == .typeDirectory ? .folder : .file
  }
}
