import CandorStudy
import Foundation

/// What an output file may replace.
enum OutputFile {
  /// Complains where a bundle would overwrite something that is none: a study, data, a folder.
  static func check(_ path: String, isBundle: Bool) throws {
    guard FileKind(ofPath: path) == .file else { return }
    guard let handle = FileHandle(forReadingAtPath: path) else { return }
    defer { try? handle.close() }
    let start = [UInt8](try handle.read(upToCount: 9) ?? Data())
    // A safetensors file begins with the length of its header in eight bytes, then the header.
    let looksLikeBundle = start.count == 9 && start[8] == UInt8(ascii: "{") && start[7] == 0
    if isBundle, !looksLikeBundle, !start.isEmpty {
      throw ToolError(
        ExitCodes.cannotCreate, "\(path) is already there and is no bundle; name another file.")
    }
  }

  /// Complains where the output is one of the inputs.
  static func check(_ path: String, isNot input: String) throws {
    let places = [path, input].map {
      URL(fileURLWithPath: $0).standardizedFileURL.resolvingSymlinksInPath().path
    }
    if places[0] == places[1] {
      throw ToolError(
        ExitCodes.cannotCreate, "\(path) is the data file itself; name another output.")
    }
  }
}
