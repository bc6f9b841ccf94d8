import Foundation

/// The files below a directory.
enum DirectoryListing {
  /// Everything below a directory that is not itself a directory, as relative paths in order of
  /// their UTF-8 bytes; links are listed and not followed.
  static func files(below directory: String) throws(IntegrityError) -> [String] {
    let manager = FileManager.default
    let all: [String]
    do {
      all = try manager.subpathsOfDirectory(atPath: directory)
    } catch {
      throw IntegrityError(
        kind(directory) == nil ? .missingFile : .unreadable,
        "The directory \(directory) cannot be listed; check that it exists and may be read.")
    }
    return all.filter { kind(directory + "/" + $0) != .typeDirectory }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// What stands at a path, without following a link; nil for nothing.
  static func kind(_ path: String) -> FileAttributeType? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return attributes?[.type] as? FileAttributeType
  }
}
