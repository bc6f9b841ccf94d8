import CandorTestSupport
import Foundation
import Testing

/// The committed report of the German example, made anew.
///
/// Where the linear algebra library runs the same kernel as when the specimen was recorded, every
/// file but the manifest must have the same bytes. On another kernel sums round otherwise, and the
/// network learns otherwise from there on: structure and text must still agree, numbers within the
/// tolerances below. `examples/record` records it anew.
@Suite("The specimen")
struct SpecimenTests {
  private let specimen = ReferenceValues.packageRoot.appendingPathComponent("reports/german-credit")

  /// The share by which a printed number may differ on another kernel, and its absolute floor: the
  /// network's weights depend on the order of sums, and intervals are printed to three digits.
  private static let relativeTolerance = 0.1
  private static let absoluteTolerance = 0.05

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

  @Test("The loose comparison sees a changed word, a changed number and a lost line")
  func looseComparisonFails() {
    let text = "| a | 0.75 |\n| b | 0.50 |"
    #expect(LooseText(text).differences(from: LooseText(text)).isEmpty)
    #expect(!LooseText(text).differences(from: LooseText("| a | 0.75 |\n| c | 0.50 |")).isEmpty)
    #expect(!LooseText(text).differences(from: LooseText("| a | 0.95 |\n| b | 0.50 |")).isEmpty)
    #expect(!LooseText(text).differences(from: LooseText("| a | 0.75 |")).isEmpty)
    #expect(LooseText(text).differences(from: LooseText("| b | 0.50 |\n| a | 0.76 |")).isEmpty)
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
    let differences = LooseText(a).differences(from: LooseText(b))
    #expect(differences.isEmpty, "\(file): \(differences.prefix(5))")
  }

  /// Lines as a bag of texts with their numbers taken out: ranks may change the order of rows.
  private struct LooseText {
    private let lines: [(text: String, numbers: [Double])]

    init(_ markdown: String) {
      lines = markdown.split(separator: "\n").map { line in
        var text = ""
        var numbers: [Double] = []
        var digits = ""
        func endNumber() {
          guard !digits.isEmpty else { return }
          numbers.append(Double(digits.replacingOccurrences(of: ",", with: "")) ?? 0)
          text += "#"
          digits = ""
        }
        // Hashes of the model depend on its last bits.
        for word in line.split(separator: " ") {
          if word.count > 12, word.allSatisfy({ $0.isHexDigit || $0 == "`" }) {
            text += " hash"
            continue
          }
          text += " "
          for character in word {
            if character.isNumber || (!digits.isEmpty && (character == "." || character == ",")) {
              digits.append(character)
            } else {
              endNumber()
              text.append(character)
            }
          }
          endNumber()
        }
        return (text, numbers)
      }
    }

    func differences(from other: LooseText) -> [String] {
      var found: [String] = []
      let mine = Dictionary(grouping: lines, by: \.text)
      let theirs = Dictionary(grouping: other.lines, by: \.text)
      for text in Set(mine.keys).union(theirs.keys).sorted() {
        let a = mine[text] ?? []
        let b = theirs[text] ?? []
        if a.count != b.count {
          found.append("\(a.count) and \(b.count) lines of \(text)")
          continue
        }
        for (x, y) in zip(a, b) where !zip(x.numbers, y.numbers).allSatisfy(Self.isClose) {
          found.append("\(x.numbers) became \(y.numbers) in \(text)")
        }
      }
      return found
    }

    private static func isClose(_ a: Double, _ b: Double) -> Bool {
      abs(a - b)
        <= max(SpecimenTests.absoluteTolerance, SpecimenTests.relativeTolerance * abs(a))
    }
  }
}
