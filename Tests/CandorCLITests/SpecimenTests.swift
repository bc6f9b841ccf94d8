import CandorTestSupport
import Foundation
import Testing

/// The committed report of the German example, made anew.
///
/// Where the linear algebra library runs the same kernel as when the specimen was recorded, every
/// file but the manifest must have the same bytes. On another kernel sums round otherwise, and the
/// network learns otherwise from there on: headings and table headers must still agree exactly, and
/// the findings of the champion, a forest, within the tolerances below. `examples/record` records
/// the specimen anew.
@Suite("The specimen")
struct SpecimenTests {
  private let specimen = ReferenceValues.packageRoot.appendingPathComponent("reports/german-credit")

  /// How far a printed finding of the champion may lie on another kernel: its last digit or two.
  private static let tolerance = 0.005
  /// The findings of the champion: what is said of all families or of explanations is left out.
  private static let comparedFindings = ["PERF-", "CAL-", "CUT-", "STAB-", "FAIR-", "DATA-"]

  @Test("The German report is made anew as it was recorded")
  func madeAnew() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let study = ReferenceValues.examples.appendingPathComponent("german-credit/study.yaml").path
    let outcome = try folder.run(["report", study, "--output", "anew", "--quiet"])
    #expect(outcome.status == 0, "\(outcome)")
    let files = try folder.files(below: "anew")
    let recorded = try FileManager.default.subpathsOfDirectory(atPath: specimen.path)
      .filter { !$0.hasSuffix("figures") }.sorted()
    #expect(files == recorded)

    let fresh = try fields(of: folder.read("anew/manifest.json"))
    let old = try fields(of: recordedFile("manifest.json"))
    for field in ["data sha256", "study sha256", "limits sha256", "seed", "command"] {
      #expect(fresh[field] == old[field], "\(field)")
    }
    let sameKernel = fresh["version, OpenBLAS"] == old["version, OpenBLAS"]
    for file in files where file != "manifest.json" {
      let a = try recordedFile(file)
      let b = try folder.read("anew/\(file)")
      if sameKernel {
        // A plain truth value: the test library would otherwise work out a difference of megabytes.
        let isSame = a == b
        #expect(isSame, "\(file) has changed; \(firstDifference(a, b))")
      } else if file.hasSuffix(".md") {
        compareLoosely(String(decoding: a, as: UTF8.self), String(decoding: b, as: UTF8.self), file)
      }
    }
    let verified = try folder.run(["verify", "anew"])
    #expect(verified.status == 0, "\(verified)")
  }

  @Test("The committed report is intact, and no figure that it names is missing")
  func intact() throws {
    let folder = try ToolFolder()
    defer { folder.remove() }
    let verified = try folder.run(["verify", specimen.path])
    #expect(verified.status == 0, "\(verified)")
    for name in ["report.md", "report.zh-Hans.md"] {
      let text = String(decoding: try recordedFile(name), as: UTF8.self)
      let named = text.components(separatedBy: "](figures/").dropFirst().compactMap {
        $0.components(separatedBy: ")").first
      }
      #expect(named.count >= 8)
      for figure in named {
        let svg = String(decoding: try recordedFile("figures/\(figure)"), as: UTF8.self)
        #expect(svg.hasPrefix("<svg") || svg.hasPrefix("<?xml"), "\(figure)")
      }
    }
  }

  @Test("Every table line that the README shows stands in the specimen, and its figures exist")
  func readmeExcerpt() throws {
    let readme = try String(
      contentsOf: ReferenceValues.packageRoot.appendingPathComponent("README.md"), encoding: .utf8)
    let report = String(decoding: try recordedFile("report.md"), as: UTF8.self)
    let start = try #require(readme.range(of: "## What a report looks like")?.upperBound)
    let end = try #require(
      readme.range(of: "\n## ", range: start..<readme.endIndex)?.lowerBound)
    let excerpt = readme[start..<end]
    let tableLines = excerpt.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(tableLines.count > 10)
    for line in tableLines { #expect(report.contains(line), "\(line)") }
    let figures = excerpt.components(separatedBy: "](reports/german-credit/figures/").dropFirst()
    #expect(figures.count == 2)
    for figure in figures {
      let name = try #require(figure.components(separatedBy: ")").first)
      #expect(!(try recordedFile("figures/\(name)")).isEmpty)
    }
  }

  @Test("The loose comparison sees a changed heading, header, word and number, and a lost finding")
  func looseComparisonFails() {
    let text = "## A\n| Finding | Value |\n| --- | --- |\n| PERF-01 | AUC 0.750 |\n| x | 9 |"
    func differs(_ old: String, _ new: String) -> Bool {
      let changed = text.replacingOccurrences(of: old, with: new)
      return !LooseReport(text).differences(from: LooseReport(changed)).isEmpty
    }
    #expect(!differs("nothing of the text", "x"))
    #expect(differs("## A", "## B"))
    #expect(differs("Value", "Worth"))
    #expect(differs("AUC", "KS"))
    #expect(differs("0.750", "0.760"))
    #expect(differs("0.750", "-0.750"))
    #expect(differs("| PERF-01 | AUC 0.750 |\n", ""))
    #expect(!differs("0.750", "0.751"))
    #expect(!differs("| x | 9 |", "| y | 3 |"))
  }

  private func recordedFile(_ path: String) throws -> Data {
    try Data(contentsOf: specimen.appendingPathComponent(path))
  }

  private func fields(of manifest: Data) throws -> [String: String] {
    let object = try JSONSerialization.jsonObject(with: manifest) as? [String: Any]
    return object?["fields"] as? [String: String] ?? [:]
  }

  private func firstDifference(_ a: Data, _ b: Data) -> String {
    let left = String(decoding: a, as: UTF8.self).split(separator: "\n")
    let right = String(decoding: b, as: UTF8.self).split(separator: "\n")
    for (line, pair) in zip(left, right).enumerated() where pair.0 != pair.1 {
      return "line \(line + 1): \"\(pair.0.prefix(160))\" became \"\(pair.1.prefix(160))\""
    }
    return "\(left.count) lines became \(right.count)"
  }

  private func compareLoosely(_ a: String, _ b: String, _ file: String) {
    let differences = LooseReport(a).differences(from: LooseReport(b))
    #expect(differences.isEmpty, "\(file): \(differences.prefix(5))")
  }

  /// What of a report must be the same on any machine: its frame, and the champion's findings.
  private struct LooseReport {
    private let frame: [String]
    private let findings: [(text: String, numbers: [Double])]

    init(_ markdown: String) {
      let lines = markdown.split(separator: "\n").map(String.init)
      var frame: [String] = []
      var findings: [(String, [Double])] = []
      for (position, line) in lines.enumerated() {
        let isHeader =
          position + 1 < lines.count && line.hasPrefix("|") && lines[position + 1].hasPrefix("| -")
        // Columns are padded to their widest cell, which may differ.
        if line.hasPrefix("#") || isHeader {
          frame.append(line.split(separator: " ").joined(separator: " "))
        }
        if SpecimenTests.comparedFindings.contains(where: { line.hasPrefix("| \($0)") }) {
          findings.append(Self.parted(line))
        }
      }
      self.frame = frame
      self.findings = findings
    }

    /// A line's text with its numbers taken out, signs kept in the text.
    private static func parted(_ line: String) -> (String, [Double]) {
      var text = ""
      var numbers: [Double] = []
      var digits = ""
      for character in line.split(separator: " ").joined(separator: " ") + " " {
        if character.isNumber || (!digits.isEmpty && (character == "." || character == ",")) {
          digits.append(character)
          continue
        }
        if !digits.isEmpty {
          numbers.append(Double(digits.replacingOccurrences(of: ",", with: "")) ?? 0)
          text += "#"
          digits = ""
        }
        text.append(character)
      }
      return (text, numbers)
    }

    func differences(from other: LooseReport) -> [String] {
      var found: [String] = []
      let isSameFrame = frame == other.frame
      if !isSameFrame {
        let pair = zip(frame, other.frame).first { $0 != $1 }
        found.append("the frame differs, first at \(pair.map { "\($0)" } ?? "its end")")
      }
      if findings.count != other.findings.count {
        found.append("\(findings.count) findings became \(other.findings.count)")
      }
      for (a, b) in zip(findings, other.findings) {
        if a.text != b.text { found.append("\(a.text) became \(b.text)") }
        for (x, y) in zip(a.numbers, b.numbers)
        where abs(x - y) > SpecimenTests.tolerance * max(1, abs(x)) {
          found.append("\(x) became \(y) in \(a.text)")
        }
      }
      return found
    }
  }
}
