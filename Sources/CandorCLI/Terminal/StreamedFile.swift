import CandorStudy
import Foundation

/// A file that is written piece by piece beside its place and moved there when it is whole.
struct StreamedFile {
  private let path: String
  private let target: URL
  private let fresh: URL
  private let handle: FileHandle

  /// Opens a file beside `path`; missing folders above it are made.
  init(_ path: String) throws {
    self.path = path
    guard !path.isEmpty else {
      throw ToolError(ExitCodes.cannotCreate, "The output has an empty name; name a file.")
    }
    target = URL(fileURLWithPath: path)
    guard FileKind(ofPath: target.path) != .folder else {
      throw ToolError(ExitCodes.cannotCreate, "\(path): This is a folder; name a file.")
    }
    let folder = target.deletingLastPathComponent()
    let process = ProcessInfo.processInfo.processIdentifier
    fresh = folder.appendingPathComponent(".\(target.lastPathComponent).new-\(process)")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data().write(to: fresh)
      handle = try FileHandle(forWritingTo: fresh)
    } catch {
      throw Self.cannotWrite(path, error)
    }
  }

  /// Appends a piece.
  func write(_ piece: [UInt8]) throws {
    do {
      try handle.write(contentsOf: Data(piece))
    } catch {
      throw Self.cannotWrite(path, error)
    }
  }

  /// Moves the whole file to its place; an older one is kept until the new one stands there.
  func finish() throws {
    let manager = FileManager.default
    let old = fresh.appendingPathExtension("old")
    do {
      try handle.close()
      let replaces = manager.fileExists(atPath: target.path)
      if replaces { try manager.moveItem(at: target, to: old) }
      do {
        try manager.moveItem(at: fresh, to: target)
      } catch {
        if replaces { try? manager.moveItem(at: old, to: target) }
        throw error
      }
      if replaces { try? manager.removeItem(at: old) }
    } catch {
      throw Self.cannotWrite(path, error)
    }
  }

  /// Takes back what was written; for a run that failed.
  func discard() {
    try? handle.close()
    try? FileManager.default.removeItem(at: fresh)
  }

  private static func cannotWrite(_ path: String, _ error: any Error) -> ToolError {
    let fault = error as NSError
    let deeper = fault.userInfo[NSUnderlyingErrorKey] as? NSError
    return ToolError(
      ExitCodes.cannotCreate,
      "\(path): The file cannot be written: \((deeper ?? fault).localizedDescription)")
  }
}
