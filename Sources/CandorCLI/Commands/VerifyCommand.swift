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
        candor verify model.candor --records explained.jsonl

      A bundle is read whole, its parts checked against each other and against the hashes that it
      carries. A report's files are checked against the hashes in its manifest. Records that `candor
      explain --all --format json` wrote are refused where another bundle made them.
      """)

  @Argument(help: "A .candor file or a report's folder.", completion: .file())
  var path: String

  @Option(
    help: ArgumentHelp(
      "Decisions as JSON lines, checked against the bundle.", valueName: "file"),
    completion: .file())
  var records: String?

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
    guard records == nil || kind != .folder else {
      throw ToolError(
        ExitCodes.usage,
        "--records is checked against a bundle; \(path) is a folder, give the .candor file in it.")
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
    let digest = try Digest.ofFile(path).description
    return Outcome(
      path: path, sha256: digest,
      problems: try records.map { try strangers(in: $0, madeBy: digest) } ?? [])
  }

  private struct Record: Decodable { let modelHash: String }

  /// The records that another bundle made, and the lines that are no records.
  private func strangers(in file: String, madeBy digest: String) throws -> [String] {
    guard let bytes = FileManager.default.contents(atPath: file) else {
      throw ToolError(ExitCodes.noInput, "\(file): there is no readable file here.")
    }
    var problems: [String] = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (number, line) in zip(1..., lines) where !line.isEmpty {
      do {
        let record = try JSONDecoder().decode(Record.self, from: Data(line))
        if record.modelHash != digest {
          problems.append(
            "line \(number) of \(file) was made by the bundle \(record.modelHash), not by this one."
          )
        }
      } catch {
        problems.append("line \(number) of \(file) is no record of a decision with a modelHash.")
      }
    }
    return problems
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
