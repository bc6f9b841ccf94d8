public import CandorDocument
public import CandorEvaluation

/// What sections 19 and 25 lay out.
public struct IntegrityInput: Sendable {
  /// The command that makes the report anew, without paths of the machine.
  public var command: String
  /// The command that verifies it without training; nil where there is none.
  public var verifyCommand: String?
  /// Checks of reproduction that were made, with their verdicts.
  public var checks: [(check: Message, verdict: Verdict)]
  /// Versions of Candor, compiler and libraries, by name.
  public var versions: [(name: String, version: String)]
  /// Hashes of data, study, bundle and so on: the label, and the hash in hexadecimal.
  public var hashes: [(label: Message, hash: String)]
  /// The seed of the run.
  public var seed: UInt64
  /// What the institution supplied.
  public var answers: SuppliedAnswers

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - command: The command that makes the report anew.
  ///   - verifyCommand: The command that verifies it without training.
  ///   - checks: Checks of reproduction that were made.
  ///   - versions: Versions of Candor, compiler and libraries.
  ///   - hashes: Hashes of data, study, bundle and so on.
  ///   - seed: The seed of the run.
  ///   - answers: What the institution supplied.
  public init(
    command: String, verifyCommand: String? = nil, checks: [(check: Message, verdict: Verdict)],
    versions: [(name: String, version: String)], hashes: [(label: Message, hash: String)],
    seed: UInt64, answers: SuppliedAnswers
  ) {
    self.command = command
    self.verifyCommand = verifyCommand
    self.checks = checks
    self.versions = versions
    self.hashes = hashes
    self.seed = seed
    self.answers = answers
  }
}

/// Sections 19 and 22 to 25, which follow from the others.
public enum ClosingSections {
  /// Section 19: whether the run can be repeated.
  ///
  /// - Parameter input: Commands, checks and versions.
  /// - Returns: The section.
  public static func reproducibility(_ input: IntegrityInput) -> ReportSection {
    var items: [ReportItem] = [
      .paragraph(key("reproduction.command")), .code(input.command),
    ]
    if let verify = input.verifyCommand {
      items += [.paragraph(key("reproduction.verify")), .code(verify)]
    }
    items.append(
      .list([
        key("reproduction.seed", ["seed": .code(String(input.seed))]),
        key("reproduction.threads"), key("reproduction.machines"),
      ]))
    if !input.checks.isEmpty {
      items.append(
        .table(
          ReportTable(
            title: key("reproduction.checks"),
            columns: [.left("column.check"), .left("column.verdict")],
            rows: input.checks.map { [.message($0.check), $0.verdict.value] })))
    }
    items += input.answers.items(for: .reproducibility)
    items.append(
      SuppliedSections.notComputed([
        "check.changeLog", "check.crosswalk",
        "check.independentRecomputation", "check.latency", "check.productionParity",
      ]))
    return ReportSection(.reproducibility, items)
  }

  /// Section 22: what can go wrong, with a row for each failed or warned finding.
  ///
  /// - Parameters:
  ///   - sections: All sections with findings.
  ///   - answers: What the institution supplied.
  /// - Returns: The section.
  public static func risks(_ sections: [ReportSection], answers: SuppliedAnswers) -> ReportSection {
    let worst = SummarySection.worst(sections.flatMap(\.findings))
    var items: [ReportItem] = answers.items(for: .risks)
    items.append(
      .table(
        ReportTable(
          title: key("risks.table"),
          columns: [
            .left("column.finding"), .left("column.measure"), .left("column.verdict"),
            .left("column.owner"), .left("column.measureTaken"), .left("column.residualRisk"),
          ],
          rows: worst.map { finding in
            let open = Value.message(Verdict.notSupplied.message)
            return [
              .text(finding.id), .message(finding.measure), finding.verdict?.value ?? .empty,
              open, open, open,
            ]
          }, note: worst.isEmpty ? key("risks.none") : nil)))
    return ReportSection(.risks, items)
  }

  /// Section 23: everything that was not tested, and why.
  ///
  /// - Parameter sections: All sections with checks that were not done.
  /// - Returns: The section.
  public static func limitations(_ sections: [ReportSection]) -> ReportSection {
    var rows: [[Value]] = []
    for section in sections {
      for check in section.checksNotDone {
        rows.append([
          .count(section.number), .message(check.check), .message(check.reason),
        ])
      }
    }
    var items: [ReportItem] = [
      .list([
        key("limitations.sample"), key("limitations.thresholds"), key("limitations.supplied"),
        key("limitations.noCertificate"), key("limitations.noLanguageModel"),
      ])
    ]
    items.append(
      .table(
        ReportTable(
          title: key("limitations.register"),
          columns: [
            .right("column.section"), .left("column.check"), .left("column.reason"),
          ], rows: rows, note: key("limitations.registerNote", ["n": .count(rows.count)]))))
    return ReportSection(.limitations, items)
  }

  /// Section 24: all findings in one table.
  ///
  /// - Parameters:
  ///   - sections: All sections with findings.
  ///   - answers: What the institution supplied.
  /// - Returns: The section.
  public static func findings(
    _ sections: [ReportSection], answers: SuppliedAnswers
  ) -> ReportSection {
    ReportSection(
      .findings,
      [
        .paragraph(key("findings.intro")), .repeatedFindings(sections.flatMap(\.findings)),
        .supplied([
          SuppliedField(
            label: key("supplied.validator_conclusion"),
            answer: answers.answer("validator_conclusion")),
          SuppliedField(label: key("supplied.approvals"), answer: answers.answer("approvals")),
        ]),
      ])
  }

  /// Section 25: hashes and versions.
  ///
  /// - Parameter input: Hashes, versions and seed.
  /// - Returns: The section.
  public static func integrity(_ input: IntegrityInput) -> ReportSection {
    ReportSection(
      .integrity,
      [
        .paragraph(key("integrity.intro")),
        .table(
          ReportTable(
            title: key("integrity.hashes"),
            columns: [.left("column.item"), .left("column.sha256")],
            rows: input.hashes.map { [.message($0.label), .code($0.hash)] })),
        .table(
          ReportTable(
            title: key("integrity.versions"),
            columns: [.left("column.item"), .left("column.version")],
            rows: input.versions.map { [.text($0.name), .code($0.version)] })),
        .list([
          key("integrity.testUse"), key("integrity.limitsBefore"),
        ]),
        .supplied([
          SuppliedField(label: key("supplied.signatures"), answer: nil),
          SuppliedField(label: key("supplied.timestamp"), answer: nil),
        ]),
      ])
  }
}
