import CandorIntegrity
public import Foundation

/// Writes files so that nothing half-written is ever seen: beside, then renamed.
public enum OutputFolder {
  /// The file that marks a folder as one of ours, which may be replaced.
  public static let manifestName = "manifest.json"

  /// Writes one file; an existing one is replaced in a single step.
  ///
  /// - Parameters:
  ///   - contents: The bytes.
  ///   - path: Where they go; missing folders above it are made.
  /// - Throws: `StudyError` where the file cannot be made.
  public static func write(_ contents: Data, to path: String) throws(StudyError) {
    guard !path.isEmpty else {
      throw StudyError(.cannotWrite, "The output has an empty name; name a file.")
    }
    let target = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      if FileKind(ofPath: target.path) == .folder {
        throw StudyError(.cannotWrite, "This is a folder; name a file.", file: path)
      }
      // `.atomic` writes beside the target and renames.
      try contents.write(to: target, options: .atomic)
    } catch let error as StudyError {
      throw error
    } catch {
      throw cannotWrite(path, error)
    }
  }

  /// Makes a folder of files; an existing report there is replaced as a whole.
  ///
  /// - Parameters:
  ///   - files: Paths below the folder, with their bytes.
  ///   - path: The folder.
  /// - Throws: `StudyError` where the folder cannot be made, or holds something that is not a
  ///   report.
  public static func write(
    _ files: [(path: String, contents: Data)], to path: String
  ) throws(StudyError) {
    try checkReplaceable(path)
    let target = URL(fileURLWithPath: path)
    let parent = target.deletingLastPathComponent()
    let name = target.lastPathComponent
    let process = ProcessInfo.processInfo.processIdentifier
    let fresh = parent.appendingPathComponent(".\(name).new-\(process)")
    let old = parent.appendingPathComponent(".\(name).old-\(process)")
    let manager = FileManager.default
    do {
      try? manager.removeItem(at: fresh)
      for file in files {
        let place = fresh.appendingPathComponent(file.path)
        try manager.createDirectory(
          at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try file.contents.write(to: place)
      }
      if manager.fileExists(atPath: target.path) { try manager.moveItem(at: target, to: old) }
      try manager.moveItem(at: fresh, to: target)
      try? manager.removeItem(at: old)
    } catch {
      try? manager.removeItem(at: fresh)
      if !manager.fileExists(atPath: target.path) { try? manager.moveItem(at: old, to: target) }
      throw cannotWrite(path, error)
    }
  }

  /// Complains before the work is done, where the folder could not be written after it.
  ///
  /// - Parameter path: The folder.
  /// - Throws: `StudyError` where a file stands there, or a folder that is not a report.
  public static func checkReplaceable(_ path: String) throws(StudyError) {
    guard !path.isEmpty else {
      throw StudyError(.cannotWrite, "The output has an empty name; name a folder.")
    }
    let kind = FileKind(ofPath: path)
    guard kind != .absent else { return }
    guard kind == .folder else {
      throw StudyError(
        .cannotWrite, "A file stands where the report's folder would go.", file: path)
    }
    let entries: [String]
    do {
      entries = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw StudyError(
        .cannotWrite, "The folder cannot be read, so it cannot be replaced.", file: path)
    }
    guard entries.isEmpty || isReport(path) else {
      throw StudyError(
        .cannotWrite,
        "The folder holds files that are not those of a report, so it is not replaced; name "
          + "another folder, or an empty one.", file: path)
    }
  }

  /// Whether every file of a folder stands in a manifest of ours; a changed or missing one does not
  /// matter, since all of them are replaced.
  private static func isReport(_ path: String) -> Bool {
    let place = URL(fileURLWithPath: path).appendingPathComponent(manifestName)
    guard let bytes = FileManager.default.contents(atPath: place.path),
      let manifest = try? Manifest.read(bytes),
      let problems = try? ManifestVerification.verify(manifest, directory: path)
    else { return false }
    return !problems.contains { problem in
      if case .extra = problem { true } else { false }
    }
  }

  private static func cannotWrite(_ path: String, _ error: any Error) -> StudyError {
    let reason = (error as NSError).localizedDescription
    return StudyError(.cannotWrite, "Cannot be written: \(reason)", file: path)
  }
}
