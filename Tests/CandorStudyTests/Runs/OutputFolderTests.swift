import CandorIntegrity
import CandorStudy
import Foundation
import Testing

@Suite("Writing folders")
struct OutputFolderTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("candor-output-\(UUID().uuidString)")

  private func report(_ text: String) throws -> [(path: String, contents: Data)] {
    let page = Data(text.utf8)
    let manifest = try Manifest(
      entries: [
        Manifest.Entry(path: "a/page.md", sha256: Digest.of(page), bytes: page.count)
      ], fields: [:], clock: [:])
    return [
      ("a/page.md", page), (OutputFolder.manifestName, Data(manifest.canonicalJSON.utf8)),
    ]
  }

  private func read(_ path: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
  }

  @Test("A report replaces an older one as a whole, and leaves nothing beside it")
  func replaces() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let place = folder.appendingPathComponent("report").path
    try OutputFolder.write(report("one"), to: place)
    try OutputFolder.write(report("two"), to: place)
    #expect(try read("report/a/page.md") == "two")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["report"])
  }

  @Test("A folder of somebody else is not touched, whatever its files are called")
  func foreignFolders() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: folder.appendingPathComponent("manifest.json"))
    try Data("years of work".utf8).write(to: folder.appendingPathComponent("thesis.txt"))
    #expect(throws: StudyError.self) { try OutputFolder.write(report("one"), to: folder.path) }
    #expect(try read("thesis.txt") == "years of work")
  }

  @Test("A report to which somebody added a file is not replaced")
  func addedFiles() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try OutputFolder.write(report("one"), to: folder.path)
    try Data("mine".utf8).write(to: folder.appendingPathComponent("notes.txt"))
    #expect(throws: StudyError.self) { try OutputFolder.write(report("two"), to: folder.path) }
    #expect(try read("notes.txt") == "mine")
    #expect(try read("a/page.md") == "one")
  }

  @Test("A file in the folder's place, or a folder in the file's, is refused")
  func wrongKinds() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try OutputFolder.write(Data("x".utf8), to: folder.appendingPathComponent("file").path)
    #expect(throws: StudyError.self) {
      try OutputFolder.write(report("one"), to: folder.appendingPathComponent("file").path)
    }
    #expect(throws: StudyError.self) {
      try OutputFolder.write(Data("x".utf8), to: folder.path)
    }
    #expect(try read("file") == "x")
  }
}
