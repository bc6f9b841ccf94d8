import ArgumentParser
import CandorData
import CandorStudy
import Foundation

/// `candor init`: a study file from a CSV.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a commented study file inferred from a CSV.",
    discussion: """
      Example:
        candor init loans.csv --target default --bad 1 --output study.yaml

      What was inferred of each column, and why, stands in the study as comments. Without
      --output the study goes to standard output.
      """)

  @Argument(help: "The data, a CSV file; .gz is read too.", completion: .file())
  var data: String

  @Option(help: "The column that says how a loan ended.")
  var target: String?

  @Option(help: "The target's value that means bad.")
  var bad: String?

  @Option(help: "The target's value that means good; a row with a third value is then refused.")
  var good: String?

  @Option(help: "The encoding of the file: utf-8, gb18030 or latin1.")
  var encoding: String?

  @Option(name: .shortAndLong, help: "Where to write the study.", completion: .file())
  var output: String?

  @Flag(help: "Overwrite an existing file.")
  var force = false

  @Flag(name: .shortAndLong, help: "Print nothing but results.")
  var quiet = false

  func run() throws {
    var options = CSVOptions()
    if let encoding {
      guard let known = TextEncoding(rawValue: encoding) else {
        throw ToolError(
          ExitCodes.usage,
          "--encoding must be one of \(TextEncoding.allCases.map(\.rawValue).joined(separator: ", "));"
            + " found \"\(encoding)\".")
      }
      options.encoding = known
    }
    if let output { try OutputFile.check(output, isNot: data) }
    if let output, !force, FileManager.default.fileExists(atPath: output) {
      throw ToolError(
        ExitCodes.cannotCreate, "\(output) is already there; --force overwrites it.")
    }
    let reading = try CSVReader.read(file: data, options: options, columns: [:])
    let (target, bad) = try chosenTarget(reading)
    let labels = try BinaryTarget.labels(
      of: reading.table.requiredColumn(target), bad: bad, good: good, lines: reading.table.lines,
      file: data)
    let source = URL(fileURLWithPath: data)
    let text = StudyTemplate.text(
      for: reading, path: studyPath(to: source),
      name: source.lastPathComponent.split(separator: ".").first.map(String.init) ?? "study",
      target: target, bad: bad, good: good)
    guard let output else {
      Terminal.write(text, to: .standardOutput)
      return
    }
    try OutputFolder.write(Data(text.utf8), to: output)
    if !quiet {
      let bads = Int(labels.reduce(0, +))
      Terminal.complain(
        "Wrote \(output): \(labels.count) rows, \(bads) bad. Next: candor report \(output) --output report"
      )
    }
  }

  /// The path from the study's folder to the data.
  private func studyPath(to source: URL) -> String {
    let folder =
      output.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
      ?? URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    let from = folder.standardizedFileURL.resolvingSymlinksInPath().pathComponents
    let to = source.standardizedFileURL.resolvingSymlinksInPath().pathComponents
    let shared = zip(from, to).prefix { $0 == $1 }.count
    // Two folders that share nothing but the root are better named in full.
    guard shared > 1 else { return source.standardizedFileURL.path }
    return (Array(repeating: "..", count: from.count - shared) + to.dropFirst(shared))
      .joined(separator: "/")
  }

  private func chosenTarget(_ reading: CSVReading) throws -> (String, String) {
    guard let target else {
      let candidates = reading.inferences.filter { $0.distinctCount == 2 }.map(\.name)
      let hint =
        candidates.isEmpty
        ? "no column has exactly two values."
        : "columns with two values: \(candidates.joined(separator: ", "))."
      throw ToolError(ExitCodes.usage, "--target must name the outcome column; \(hint)")
    }
    let column = try reading.table.requiredColumn(target)
    guard let bad else {
      let values = (0..<column.count).compactMap { column.text($0) }
      let counts = Dictionary(grouping: values) { $0 }.mapValues(\.count)
      let listed = counts.keys.sorted().prefix(10).map { "\"\($0)\" (\(counts[$0] ?? 0) rows)" }
      throw ToolError(
        ExitCodes.usage,
        "--bad must give the value of \"\(target)\" that means bad; it has "
          + listed.joined(separator: ", ") + ".")
    }
    return (target, bad)
  }
}
