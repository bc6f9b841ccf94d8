import CandorDocument
import CandorEvaluation
import CandorExplanation
import CandorReport
import CandorScoring
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct ReportWriterTests {
  static let languages: [Language] = [.english, .simplifiedChinese]

  private func texts() throws -> [String: String] {
    let files = try ReportWriter.files(for: try ToyReport.build(), languages: Self.languages)
    var texts: [String: String] = [:]
    for file in files { texts[file.path] = String(decoding: file.bytes, as: UTF8.self) }
    #expect(texts.count == files.count)
    if let folder = ProcessInfo.processInfo.environment["CANDOR_REPORT_FOLDER"] {
      for file in files {
        let url = URL(fileURLWithPath: folder).appendingPathComponent(file.path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try file.bytes.write(to: url)
      }
    }
    return texts
  }

  /// All runs of digits with their separators, in order.
  private func numbers(_ text: String) -> [String] {
    var found: [String] = []
    var run = ""
    for character in text + " " {
      if character.isASCII, character.isNumber {
        run.append(character)
      } else if !run.isEmpty {
        found.append(run)
        run = ""
      }
    }
    return found.map { String(Int($0) ?? -1) }
  }

  @Test("Both languages hold the same numbers, line by line for lines with a table")
  func sameNumbers() throws {
    let texts = try texts()
    func lines(_ path: String) throws -> [String] {
      try #require(texts[path]).split(separator: "\n").map(String.init)
    }
    let english = try lines("report.md")
    let chinese = try lines("report.zh-Hans.md")
    #expect(english.count == chinese.count)
    var compared = 0
    for (left, right) in zip(english, chinese) {
      let a = numbers(left).sorted()
      let b = numbers(right).sorted()
      // Links of figures name the language; the wording of dates and counts does not matter.
      #expect(a == b, "\(left)\n\(right)")
      compared += a.count
    }
    #expect(compared > 1000)
  }

  @Test("Every section of the outline is there, in order, once")
  func outline() throws {
    let text = try #require(try texts()["report.md"])
    let headings = text.split(separator: "\n").filter { $0.hasPrefix("## ") }.dropFirst()
    #expect(headings.count == Outline.allCases.count - 1)
    for (index, heading) in headings.enumerated() {
      #expect(heading.hasPrefix("## \(index + 1). "))
    }
  }

  @Test("Every link of the contents leads to a heading, every figure to a file")
  func links() throws {
    let texts = try texts()
    for path in ["report.md", "report.zh-Hans.md"] {
      let text = try #require(texts[path])
      let anchors = Set(
        text.split(separator: "\n").filter { $0.hasPrefix("#") }.map {
          headingAnchor(for: String($0.drop { $0 == "#" }.dropFirst()))
        })
      var links = 0
      for part in text.components(separatedBy: "](").dropFirst() {
        let target = String(part.prefix { $0 != ")" })
        if target.hasPrefix("#") {
          #expect(anchors.contains(String(target.dropFirst())), "\(target)")
        } else {
          #expect(texts[target] != nil, "\(target)")
        }
        links += 1
      }
      #expect(links > 30)
    }
    #expect(texts["figures/roc.svg"] != nil && texts["figures/roc.zh-Hans.svg"] != nil)
  }

  @Test("Figures are well-formed XML")
  func figures() throws {
    for (path, text) in try texts() where path.hasSuffix(".svg") {
      #expect(XMLParser(data: Data(text.utf8)).parse(), "\(path)")
    }
  }

  @Test("The tree comes back from report.json as it was, and every file is stable")
  func json() throws {
    let report = try ToyReport.build()
    let files = try ReportWriter.files(for: report, languages: Self.languages)
    let json = try #require(files.first { $0.path == "report.json" })
    #expect(try JSONWriter.value(AuditReport.self, from: json.bytes) == report)
    #expect(try ReportWriter.files(for: ToyReport.build(), languages: Self.languages) == files)
  }

  @Test("Tables of the Markdown have as many cells in every row as in the header")
  func tables() throws {
    for path in ["report.md", "report.zh-Hans.md"] {
      var width: Int?
      var rows = 0
      let text = try #require(try texts()[path])
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        guard line.hasPrefix("|") else {
          width = nil
          continue
        }
        let bare = line.replacingOccurrences(of: "\\|", with: "")
        let cells = bare.count { $0 == "|" } - 1
        if let width { #expect(cells == width, "\(line)") }
        width = cells
        rows += 1
      }
      #expect(rows > 200)
    }
  }

  @Test("What was not supplied and not tested is printed as such, and listed in section 23")
  func notTested() throws {
    let report = try ToyReport.build()
    let text = try #require(try texts()["report.md"])
    #expect(text.contains("Not supplied"))
    #expect(text.contains("| Retail \\| credit"))
    let register = try #require(text.range(of: "## 23. ")).upperBound
    let end = try #require(text.range(of: "## 24. ")).lowerBound
    let section = String(text[register..<end])
    let localizer = try ReportStrings.localizer(.english)
    #expect(report.checksNotDone.count > 30)
    for check in report.checksNotDone {
      #expect(section.contains(MarkdownWriter().write(try localizer.inlines(check.check))))
    }
  }

  @Test("Findings have unique identifiers, and verdicts only where there is a limit or a check")
  func findings() throws {
    let findings = try ToyReport.build().findings
    #expect(Set(findings.map(\.id)).count == findings.count)
    #expect(findings.first { $0.id == "PERF-01" }?.verdict == .pass)
    #expect(findings.first { $0.id == "CAL-05" }?.verdict == .fail)
    for finding in findings where finding.limit == nil && !finding.id.hasPrefix("DATA") {
      #expect(finding.verdict == nil)
    }
    let small = try #require(
      findings.first { $0.id.hasPrefix("FAIR") && ($0.rows ?? 1000) < 100 })
    #expect(small.verdict == .insufficientData)
  }

  @Test("Rules that hold by construction have no verdict, the others their evidence")
  func rules() throws {
    let text = try #require(try texts()["report.md"])
    let lines = text.split(separator: "\n").map { line in
      line.split(separator: " ").joined(separator: " ")
    }
    func line(_ start: String) throws -> String {
      try #require(lines.first { $0.hasPrefix(start) })
    }
    let first = try line("| 1 | Only factors")
    #expect(first.contains("held by construction") && !first.contains("pass"))
    #expect(try line("| 9 | Reasons").contains("| pass | over 190 audited lists"))
    #expect(try line("| 23 | Moving").contains("| no verdict | 91.0% of 190"))
    #expect(try line("| 2 | No principal").contains("Not tested"))
  }

  @Test("A refusal without reasons says why and that a person decides; an approval says nothing")
  func referral() throws {
    let refused = try #require(
      try ToyReport.cases().first { $0.scored.decision == .refuse })
    let approved = try #require(
      try ToyReport.cases().first { $0.scored.decision == .approve })
    func notices(_ one: IndividualInput.Case) -> [Message] {
      IndividualSection.build(
        IndividualInput(
          cutOff: 0.4, cases: [one], fidelity: [], catalogue: ToyReport.catalogue, limits: [:])
      ).items.compactMap { item in
        if case .notice(_, let message) = item { message } else { nil }
      }
    }
    #expect(notices(refused) == [.key("review.notSettled")])
    var one = refused
    one.review = [.direction, .outsideDomain]
    #expect(notices(one) == [.key("review.direction"), .key("review.outsideDomain")])
    one.review = []
    #expect(notices(one).isEmpty)
    one.reasons = nil
    #expect(notices(one) == [.key("individual.noReasons")])
    one.referral = "No contribution stands out."
    #expect(
      notices(one) == [
        .key(
          "individual.referred", arguments: ["sentence": .text("No contribution stands out.")])
      ])
    #expect(notices(approved).isEmpty)
  }

  @Test("A split by time takes the place of the check that was not done, and names its sample")
  func outOfTime() throws {
    let families = try ToyReport.families()
    for isSplitByTime in [false, true] {
      let section = PerformanceSection.build(
        PerformanceInput(
          families: families, champion: "logistic", isSplitByTime: isSplitByTime, limits: [:]))
      #expect(
        section.checksNotDone.contains { $0.check == .key("check.outOfTime") } != isSplitByTime)
      #expect(
        section.findings.first?.sample
          == .key(isSplitByTime ? "sample.outOfTime" : "sample.test"))
    }
    for (hasPeriod, reason) in [(true, "reason.notComputed"), (false, "reason.noPeriod")] {
      let section = StabilitySection.build(
        StabilityInput(
          score: nil, features: [], trainingRows: 9, testRows: 6, isSplitByTime: false,
          hasPeriod: hasPeriod, limits: [:]))
      #expect(
        section.checksNotDone.first { $0.check == .key("check.byMonth") }?.reason
          == .key(reason))
    }
  }

  @Test("The table of reasons prints the interval of the table of contributions")
  func oneInterval() throws {
    let refused = try #require(
      try ToyReport.cases(sampled: true).first { $0.scored.decision == .refuse })
    let sampled = try #require(refused.reasons?.reasons.first)
    let own = try #require(refused.explanation.attribution(of: sampled.subject))
    let section = IndividualSection.build(
      IndividualInput(
        cutOff: 0.4, cases: [refused], fidelity: [], catalogue: ToyReport.catalogue,
        limits: [:]))
    func cell(_ title: String, _ place: Int, where isRow: ([Value]) -> Bool) -> Value? {
      for case .table(let table) in section.items where table.title == .key(title) {
        return table.rows.first(where: isRow)?[place]
      }
      return nil
    }
    let name = Value.text(sampled.subject)
    let reason = cell("individual.reasons", 4) { $0[3] == name }
    let contribution = cell("individual.contributions", 2) { $0[0] == name }
    #expect(try #require(own.upper) > own.value)
    #expect(ends(reason) == ends(contribution))
    #expect(ends(reason).compactMap { $0 }.count == 2)
  }

  /// The ends of an estimate as printed.
  private func ends(_ value: Value?) -> [Int?] {
    guard case .estimate(_, let lower, let upper, _) = value else { return [] }
    return [lower, upper].map { $0.map { Int(($0 * 1e9).rounded()) } }
  }
}
