public import CandorDocument
import CandorEvaluation

/// What the summary needs beside the sections themselves.
public struct SummaryInput: Sendable {
  /// The family that the report proposes.
  public var champion: String
  /// How it was chosen.
  public var championRule: Message
  /// The identifiers of the headline findings, in order; five as a rule.
  public var headlines: [String]
  /// What the institution supplied.
  public var answers: SuppliedAnswers

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - champion: The family that the report proposes.
  ///   - championRule: How it was chosen.
  ///   - headlines: The identifiers of the headline findings.
  ///   - answers: What the institution supplied.
  public init(
    champion: String, championRule: Message, headlines: [String], answers: SuppliedAnswers
  ) {
    self.champion = champion
    self.championRule = championRule
    self.headlines = headlines
    self.answers = answers
  }
}

/// Section 1: one page for the person who decides.
public enum SummarySection {
  /// Lays the section out from the other sections.
  ///
  /// - Parameters:
  ///   - input: What was chosen and asked.
  ///   - sections: All other sections.
  /// - Returns: The section.
  public static func build(_ input: SummaryInput, sections: [ReportSection]) -> ReportSection {
    let findings = sections.flatMap(\.findings)
    let checks = sections.flatMap(\.checksNotDone)
    let judged = findings.filter { $0.verdict != nil }
    var items: [ReportItem] = [
      .paragraph(
        key(
          "summary.champion",
          [
            "family": FamilyName.value(input.champion), "rule": .message(input.championRule),
          ]))
    ]
    items += input.answers.items(for: .summary)
    let headlines = input.headlines.compactMap { id in findings.first { $0.id == id } }
    if !headlines.isEmpty {
      items += [.subheading(key("summary.headlines")), .repeatedFindings(headlines)]
    }
    items += [.subheading(key("summary.verdicts")), .table(counts(judged, checks: checks.count))]
    if !judged.isEmpty { items.append(.figure(figure(judged))) }
    let worst = self.worst(judged)
    items.append(.subheading(key("summary.worst")))
    items.append(
      worst.isEmpty
        ? .paragraph(key(judged.isEmpty ? "summary.noLimits" : "summary.noneWorse"))
        : .repeatedFindings(Array(worst.prefix(3))))
    items.append(.subheading(key("summary.notTested")))
    items.append(.list(weightiest(checks).map(\.check)))
    items.append(.paragraph(key("summary.notTestedMore", ["n": .count(checks.count)])))
    if !judged.isEmpty {
      items += [.subheading(key("summary.trafficLight")), .repeatedFindings(judged)]
    }
    return ReportSection(.summary, items)
  }

  /// The three checks whose absence weighs most; the order of the outline beyond these.
  private static func weightiest(_ checks: [NotTestedCheck]) -> [NotTestedCheck] {
    let names = [
      "check.outOfTime", "check.alternatives", "check.inputNoise", "check.outOfDomain",
      "check.conformal",
    ]
    let first = names.compactMap { name in checks.first { $0.check == key(name) } }
    return Array((first + checks.filter { !first.contains($0) }).prefix(3))
  }

  /// Failures, then warnings, each in the order of the report.
  static func worst(_ findings: [Finding]) -> [Finding] {
    findings.filter { $0.verdict == .fail } + findings.filter { $0.verdict == .warn }
  }

  /// The verdicts that findings and checks can have; what was not supplied is no finding.
  private static let counted = Verdict.allCases.filter { $0 != .notSupplied }

  private static func counts(_ judged: [Finding], checks: Int) -> ReportTable {
    let rows = counted.map { verdict -> [Value] in
      let count = judged.count { $0.verdict == verdict }
      let checks = verdict == .notTested ? checks : 0
      return [verdict.value, .count(count), .count(checks)]
    }
    return ReportTable(
      title: key("summary.counts"),
      columns: [
        .left("column.verdict"), .right("column.findingCount"), .right("column.checkCount"),
      ], rows: rows, note: key("summary.countsNote"))
  }

  private static func figure(_ judged: [Finding]) -> ReportFigure {
    ReportFigure(
      name: "verdicts", caption: key("figure.verdicts"),
      chart: .bar(
        BarChart(
          title: key("figure.verdicts"), description: key("figure.verdicts"),
          axis: Axis(label: key("axis.findings"), minimum: 0, isWhole: true), series: [],
          rows: counted.map { verdict in
            BarChart.Row(
              label: verdict.message,
              values: [Double(judged.count { $0.verdict == verdict })])
          }, format: .integer)))
  }
}
