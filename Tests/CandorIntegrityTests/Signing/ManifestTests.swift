import CandorIntegrity
import Foundation
import Testing

@Suite("Manifests")
struct ManifestTests {
  private func write(_ text: String, _ path: String) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  private func withExample(_ body: (String, Manifest) throws -> Void) throws {
    try withTemporaryDirectory { directory in
      try write("alpha", directory + "/b.txt")
      try write("", directory + "/a/empty")
      try write("模型", directory + "/a/模型.json")
      let manifest = try Manifest(
        directory: directory, fields: ["version": "1", "seed": "7"], clock: ["started": "today"])
      try write(manifest.canonicalJSON, directory + "/" + Manifest.fileName)
      try body(directory, manifest)
    }
  }

  @Test("A directory agrees with the manifest that was made of it, also after writing and reading")
  func roundTrip() throws {
    try withExample { directory, manifest in
      #expect(manifest.entries.map(\.path) == ["a/empty", "a/模型.json", "b.txt"])
      #expect(manifest.entries.map(\.bytes) == [0, 6, 5])
      #expect(manifest.entries[2].sha256 == Digest.of(text: "alpha"))
      let data = try Data(contentsOf: URL(fileURLWithPath: directory + "/manifest.json"))
      let read = try Manifest.read(data)
      #expect(read == manifest)
      #expect(read.canonicalJSON == manifest.canonicalJSON)
      #expect(try ManifestVerification.verify(read, directory: directory).isEmpty)
      let coded = try JSONDecoder().decode(Manifest.self, from: JSONEncoder().encode(manifest))
      #expect(coded == manifest)
    }
  }

  @Test("Changed, missing and extra files are each found, in order of their paths")
  func problems() throws {
    try withExample { directory, manifest in
      try write("alphA", directory + "/b.txt")
      try FileManager.default.removeItem(atPath: directory + "/a/empty")
      try write("new", directory + "/a/z/new")
      let problems = try ManifestVerification.verify(manifest, directory: directory)
      #expect(
        problems == [
          .missing(path: "a/empty"), .extra(path: "a/z/new"),
          .changed(
            path: "b.txt", expected: Digest.of(text: "alpha"), found: Digest.of(text: "alphA")),
        ])
      #expect(problems.allSatisfy { $0.description.hasSuffix(".") })
    }
  }

  @Test("A link in place of a file is a problem even where it leads to equal bytes")
  func links() throws {
    try withExample { directory, manifest in
      try FileManager.default.moveItem(
        atPath: directory + "/b.txt", toPath: directory + "/c.txt")
      try FileManager.default.createSymbolicLink(
        atPath: directory + "/b.txt", withDestinationPath: "c.txt")
      #expect(
        try ManifestVerification.verify(manifest, directory: directory)
          == [.unreadable(path: "b.txt"), .extra(path: "c.txt")])
    }
  }

  @Test("The root hash moves with files and fields and not with the clock or the order of entries")
  func rootHash() throws {
    let one = Manifest.Entry(path: "x", sha256: Digest.of(text: "1"), bytes: 1)
    let two = Manifest.Entry(path: "y", sha256: Digest.of(text: "2"), bytes: 1)
    let base = try Manifest(entries: [one, two], fields: ["a": "b"], clock: ["t": "1"])
    #expect(
      try Manifest(entries: [two, one], fields: ["a": "b"], clock: ["t": "2"]).rootHash
        == base.rootHash)
    let others = [
      try Manifest(entries: [one], fields: ["a": "b"]),
      try Manifest(entries: [one, two], fields: ["a": "c"]),
      try Manifest(entries: [one, two]),
      try Manifest(
        entries: [one, .init(path: "y", sha256: two.sha256, bytes: 2)], fields: ["a": "b"]),
      try Manifest(
        entries: [one, .init(path: "z", sha256: two.sha256, bytes: 1)], fields: ["a": "b"]),
    ]
    #expect(Set(others.map(\.rootHash) + [base.rootHash]).count == others.count + 1)
  }

  @Test("A manifest that was edited no longer has its root hash")
  func editedManifest() throws {
    try withExample { directory, manifest in
      let edited = manifest.canonicalJSON.replacingOccurrences(
        of: "\"seed\": \"7\"", with: "\"seed\": \"8\"")
      let read = try Manifest.read(Data(edited.utf8))
      let problems = try ManifestVerification.verify(read, directory: directory)
      #expect(
        problems == [
          .wrongRootHash(stored: manifest.rootHash, computed: read.computedRootHash)
        ])
    }
  }

  @Test("Paths that could leave the directory, and duplicates, are refused on making and reading")
  func paths() throws {
    let digest = Digest.of([])
    for path in ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/", "a\\b", "a\nb"] {
      #expect(throws: IntegrityError.self) {
        try Manifest(entries: [.init(path: path, sha256: digest, bytes: 0)])
      }
      let json = try JSONSerialization.data(withJSONObject: [
        "entries": [["path": path, "sha256": digest.hex, "bytes": 0] as [String: Any]],
        "fields": [String: String](), "clock": [String: String](), "rootHash": digest.hex,
      ])
      #expect(throws: IntegrityError.self) { try Manifest.read(json) }
      #expect(throws: IntegrityError.self) { try Manifest(directory: "/", paths: [path]) }
    }
    let entry = Manifest.Entry(path: "a", sha256: digest, bytes: 0)
    #expect(throws: IntegrityError.self) { try Manifest(entries: [entry, entry]) }
    for text in ["", "{}", "[]", "{\"entries\":[]}"] {
      #expect(throws: IntegrityError.self) { try Manifest.read(Data(text.utf8)) }
    }
  }

  @Test("A directory that is not there is an error and not a list of missing files")
  func absentDirectory() throws {
    try withTemporaryDirectory { directory in
      let absent = directory + "/absent"
      let manifest = try Manifest(entries: [])
      for attempt in 0..<2 {
        do {
          _ =
            attempt == 0
            ? try ManifestVerification.verify(manifest, directory: absent).count
            : try Manifest(directory: absent).entries.count
          Issue.record("An absent directory was accepted.")
        } catch let error as IntegrityError {
          #expect(error.isMissingFile)
        }
      }
    }
  }
}
