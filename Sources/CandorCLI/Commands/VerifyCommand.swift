import ArgumentParser
import Candor
import CandorBundle
import CandorIntegrity
import CandorStudy
import Foundation

/// `candor verify`: a bundle's or a report's integrity.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a bundle, or a report against its manifest.",
    discussion: """
      Example:
        candor verify model.candor
        candor verify reports/out/german-credit

      A bundle is read whole, its parts checked against each other and against the hashes that it
      carries. A report's files are checked against the hashes in its manifest.
      """)

  @Argument(help: "A .candor file or a report's folder.", completion: .file())
  var path: String

  @Flag(help: "Print JSON.")
  var json = false

  private struct Outcome: Encodable {
    let path: String
    let sha256: String
    let problems: [String]
  }

  func run() throws {
    let kind = FileKind(ofPath: path)
    guard kind != .absent else {
      throw ToolError(ExitCodes.noInput, "\(path): there is no such file or folder.")
    }
    let outcome = kind == .folder ? try report() : try bundle()
    if json {
      try JSONOutput.print(outcome)
    } else if outcome.problems.isEmpty {
      Terminal.say("\(path): intact, sha256 \(outcome.sha256)")
    }
    let sentences = outcome.problems.map { "\(path): \($0)" }
    for sentence in sentences.dropLast() { Terminal.complain("candor: \(sentence)") }
    if let last = sentences.last { throw ToolError(ExitCodes.data, last) }
  }

  private func bundle() throws -> Outcome {
    // Reading checks every part, the hash of the contents and those of the reference rows.
    _ = try BundleReader.read(file: path, registry: ModelLibrary.registry)
    return Outcome(path: path, sha256: try Digest.ofFile(path).description, problems: [])
  }

  private func report() throws -> Outcome {
    let place = URL(fileURLWithPath: path).appendingPathComponent(OutputFolder.manifestName)
    guard let bytes = FileManager.default.contents(atPath: place.path) else {
      throw ToolError(
        ExitCodes.noInput, "\(path): there is no \(OutputFolder.manifestName); is it a report?")
    }
    let manifest = try Manifest.read(bytes)
    let problems = try ManifestVerification.verify(manifest, directory: path)
    return Outcome(
      path: path, sha256: manifest.rootHash.description, problems: problems.map(\.description))
  }
}
