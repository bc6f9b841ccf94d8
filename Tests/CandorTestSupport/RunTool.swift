package import Foundation

/// Runs the built tool as a person would, in a folder of its own.
package struct ToolFolder {
  /// What a run left.
  package struct Outcome: Sendable {
    package let status: Int32
    package let output: String
    package let errors: String
  }

  /// The folder; the tool runs in it.
  package let url: URL

  /// Makes an empty folder.
  package init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("candor-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  /// Removes the folder.
  package func remove() { try? FileManager.default.removeItem(at: url) }

  /// Writes a file.
  package func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
  }

  /// The bytes of a file.
  package func read(_ name: String) throws -> Data {
    try Data(contentsOf: url.appendingPathComponent(name))
  }

  /// Every file below the folder by its relative path, hidden ones too, sorted.
  package func files(below name: String = "") throws -> [String] {
    let root = name.isEmpty ? url : url.appendingPathComponent(name)
    return try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { path in
      let full = root.appendingPathComponent(path).path
      let attributes = try? FileManager.default.attributesOfItem(atPath: full)
      return attributes?[.type] as? FileAttributeType != .typeDirectory
    }.sorted()
  }

  /// The built tool: it stands beside the test bundle.
  package static var tool: URL {
    URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0])
      .deletingLastPathComponent().appendingPathComponent("candor")
  }

  /// Runs the tool to its end; after so many seconds Ctrl-C is pressed, where given.
  package func run(
    _ arguments: [String], input: Data? = nil, interruptedAfter seconds: Double? = nil
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = Self.tool
    process.arguments = arguments
    process.currentDirectoryURL = url
    // Files, not pipes: a pipe that nobody drains would stop a tool that says much.
    let place = FileManager.default.temporaryDirectory
    let output = place.appendingPathComponent("candor-out-\(UUID().uuidString)")
    let errors = place.appendingPathComponent("candor-err-\(UUID().uuidString)")
    let source = place.appendingPathComponent("candor-in-\(UUID().uuidString)")
    defer {
      for file in [output, errors, source] { try? FileManager.default.removeItem(at: file) }
    }
    for file in [output, errors] { try Data().write(to: file) }
    try (input ?? Data()).write(to: source)
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardInput = try FileHandle(forReadingFrom: source)
    try process.run()
    if let seconds {
      Thread.sleep(forTimeInterval: seconds)
      process.interrupt()
    }
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}
