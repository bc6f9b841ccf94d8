import Foundation

/// Compares a directory with its manifest.
public enum ManifestVerification {
  /// One way in which a directory and its manifest differ.
  public enum Problem: Sendable, Equatable, CustomStringConvertible {
    /// The manifest names a file that is not there.
    case missing(path: String)
    /// The file's bytes are not those of the manifest.
    case changed(path: String, expected: Digest, found: Digest)
    /// The place is not a plain file, or cannot be read.
    case unreadable(path: String)
    /// A file that the manifest does not name.
    case extra(path: String)
    /// The stored root hash is not that of the entries and fields.
    case wrongRootHash(stored: Digest, computed: Digest)

    /// One sentence that says what differs.
    public var description: String {
      switch self {
      case .missing(let path): "\(path) is missing."
      case .changed(let path, let expected, let found):
        "\(path) was changed: its hash is \(found.short)…, the manifest says \(expected.short)…."
      case .unreadable(let path): "\(path) is not a plain file that can be read."
      case .extra(let path): "\(path) is not in the manifest."
      case .wrongRootHash(let stored, let computed):
        "The manifest itself was changed: its root hash is \(computed.short)…, it says "
          + "\(stored.short)…."
      }
    }
  }

  /// Hashes every file again and lists what differs.
  ///
  /// An unchanged directory proves that nothing was changed by mistake; against intent only a root
  /// hash that is kept elsewhere, or a signature, helps.
  ///
  /// - Parameters:
  ///   - manifest: The manifest.
  ///   - directory: Where the files are.
  ///   - ignoring: Files that are no part of the manifest, as a rule the manifest itself.
  /// - Returns: The problems: the root hash first, then files by path; empty where all is well.
  /// - Throws: `IntegrityError` where the directory cannot be listed.
  public static func verify(
    _ manifest: Manifest, directory: String, ignoring: Set<String> = [Manifest.fileName]
  ) throws(IntegrityError) -> [Problem] {
    var problems: [Problem] = []
    let computed = manifest.computedRootHash
    if computed != manifest.rootHash {
      problems.append(.wrongRootHash(stored: manifest.rootHash, computed: computed))
    }
    let present = try DirectoryListing.files(below: directory)
    var found: [(path: String, problem: Problem)] = []
    var named = Set<String>()
    for entry in manifest.entries {
      named.insert(entry.path)
      if let problem = check(entry, in: directory) { found.append((entry.path, problem)) }
    }
    for path in present where !named.contains(path) && !ignoring.contains(path) {
      found.append((path, .extra(path: path)))
    }
    found.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    return problems + found.map(\.problem)
  }

  private static func check(_ entry: Manifest.Entry, in directory: String) -> Problem? {
    let path = directory + "/" + entry.path
    guard let kind = DirectoryListing.kind(path) else { return .missing(path: entry.path) }
    guard kind == .typeRegular, let measured = try? Digest.measureFile(path) else {
      return .unreadable(path: entry.path)
    }
    if measured.digest == entry.sha256, measured.bytes == entry.bytes { return nil }
    return .changed(path: entry.path, expected: entry.sha256, found: measured.digest)
  }
}
