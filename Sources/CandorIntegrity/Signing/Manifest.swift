public import Foundation

/// The list of a directory's files with their hashes, and what made them.
///
/// `rootHash` covers files and fields but not `clock`, so that two runs of one study have one root
/// hash whenever and however fast they ran.
public struct Manifest: Codable, Sendable, Equatable {
  /// One file.
  public struct Entry: Codable, Sendable, Equatable {
    /// Where the file is below the directory, with forward slashes.
    public let path: String
    /// The hash of its bytes.
    public let sha256: Digest
    /// The number of its bytes.
    public let bytes: Int

    /// Joins a path to what is known about its bytes.
    public init(path: String, sha256: Digest, bytes: Int) {
      self.path = path
      self.sha256 = sha256
      self.bytes = bytes
    }
  }

  /// The name of the file that holds a manifest in its directory.
  public static let fileName = "manifest.json"

  /// The files, sorted by path.
  public let entries: [Entry]
  /// What made the files: versions, seeds, hashes of inputs.
  public let fields: [String: String]
  /// Dates and wall times: the one place for them, outside the root hash.
  public let clock: [String: String]
  /// The root hash that was stored with the manifest; `computedRootHash` is what it should be.
  public let rootHash: Digest

  /// Makes a manifest; entries are sorted, and the root hash is computed.
  ///
  /// - Parameters:
  ///   - entries: The files in any order.
  ///   - fields: What made them.
  ///   - clock: Dates and wall times.
  /// - Throws: `IntegrityError` where a path is there twice or could leave the directory.
  public init(
    entries: [Entry], fields: [String: String] = [:], clock: [String: String] = [:]
  ) throws(IntegrityError) {
    try Self.check(entries)
    self.entries = Self.sorted(entries)
    self.fields = fields
    self.clock = clock
    rootHash = Self.root(of: self.entries, fields: fields)
  }

  /// Hashes files of a directory into a manifest.
  ///
  /// - Parameters:
  ///   - directory: Where the files are.
  ///   - paths: The files below it; nil takes all but a `manifest.json` at the top.
  ///   - fields: What made them.
  ///   - clock: Dates and wall times.
  /// - Throws: `IntegrityError` where a file cannot be read or a path could leave the directory.
  public init(
    directory: String, paths: [String]? = nil, fields: [String: String] = [:],
    clock: [String: String] = [:]
  ) throws(IntegrityError) {
    var entries: [Entry] = []
    var chosen: [String]
    if let paths {
      chosen = paths
    } else {
      chosen = try DirectoryListing.files(below: directory)
      chosen.removeAll { $0 == Self.fileName }
    }
    for path in chosen {
      try Self.check(path)
      let (digest, bytes) = try Digest.measureFile(directory + "/" + path)
      entries.append(Entry(path: path, sha256: digest, bytes: bytes))
    }
    try self.init(entries: entries, fields: fields, clock: clock)
  }

  /// Reads a manifest; its root hash is kept as it stands there, for `ManifestVerification`.
  ///
  /// - Parameter json: The bytes of the file.
  /// - Returns: The manifest.
  /// - Throws: `IntegrityError` where it does not have the form of a manifest.
  public static func read(_ json: Data) throws(IntegrityError) -> Manifest {
    do {
      return try JSONDecoder().decode(Manifest.self, from: json)
    } catch let error as IntegrityError {
      throw error
    } catch {
      throw IntegrityError(
        .invalidManifest,
        "The file is not a manifest: it must be a JSON object with entries (path, sha256, bytes), "
          + "fields, clock and rootHash.")
    }
  }

  /// Reads a manifest and checks the paths in it.
  ///
  /// - Parameter decoder: The source.
  /// - Throws: `DecodingError` or `IntegrityError` where it does not have the form of a manifest.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let read = try container.decode([Entry].self, forKey: .entries)
    try Self.check(read)
    entries = Self.sorted(read)
    fields = try container.decode([String: String].self, forKey: .fields)
    clock = try container.decode([String: String].self, forKey: .clock)
    rootHash = try container.decode(Digest.self, forKey: .rootHash)
  }

  /// The root hash of what the manifest holds now.
  public var computedRootHash: Digest { Self.root(of: entries, fields: fields) }

  /// The manifest as a file: JSON of one fixed form, equal for equal manifests.
  public var canonicalJSON: String {
    CanonicalJSON.object([
      "entries": Self.list(entries), "fields": .texts(fields), "clock": .texts(clock),
      "rootHash": .text(rootHash.hex),
    ]).indented
  }

  private static func root(of entries: [Entry], fields: [String: String]) -> Digest {
    .of(
      text: CanonicalJSON.object(["entries": list(entries), "fields": .texts(fields)]).compact)
  }

  private static func list(_ entries: [Entry]) -> CanonicalJSON {
    .list(
      entries.map { entry in
        .object([
          "path": .text(entry.path), "sha256": .text(entry.sha256.hex),
          "bytes": .integer(entry.bytes),
        ])
      })
  }

  private static func sorted(_ entries: [Entry]) -> [Entry] {
    entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private static func check(_ entries: [Entry]) throws(IntegrityError) {
    var seen = Set<String>()
    for entry in entries {
      try check(entry.path)
      guard entry.bytes >= 0 else {
        throw IntegrityError(
          .invalidManifest, "The manifest gives \(entry.path) a negative number of bytes.")
      }
      guard seen.insert(entry.path).inserted else {
        throw IntegrityError(
          .invalidPath, "The manifest names \(entry.path) twice; each file has one entry.")
      }
    }
  }

  /// A path must stay below its directory on every system.
  private static func check(_ path: String) throws(IntegrityError) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let sound =
      parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
      && !path.unicodeScalars.contains { $0 == "\\" || $0.value < 32 }
    guard sound else {
      throw IntegrityError(
        .invalidPath,
        "The path \"\(path)\" may not stand in a manifest: it must lead down from the directory, "
          + "with forward slashes and without \"..\".")
    }
  }
}
