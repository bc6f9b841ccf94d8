import CandorDocument
public import CandorEvaluation
public import CandorScoring

/// What section 14 lays out.
public struct ReasonInput: Sendable {
  /// How often a subject was a printed reason.
  public struct Frequency: Sendable {
    /// The feature or group.
    public var subject: String
    /// How many refusals printed it.
    public var count: Int

    /// Joins a subject to its count.
    ///
    /// - Parameters:
    ///   - subject: The feature or group.
    ///   - count: How many refusals printed it.
    public init(subject: String, count: Int) {
      self.subject = subject
      self.count = count
    }
  }

  /// The refusals whose reasons were computed.
  public var refusals: Int
  /// Their bads.
  public var bads: Int?
  /// How often each subject was printed, most frequent first.
  public var frequencies: [Frequency]
  /// Subjects of the model that have no wording.
  public var unmapped: [String]
  /// The share of refusals that turn into approvals when the printed factors move to the
  /// reference.
  public var flipRate: Double?
  /// The share of refusals with a tie at the last printed place.
  public var tieRate: Double?
  /// The mean number of reasons printed.
  public var meanCount: Double?
  /// The verdict on each rule, by number; rules that are absent were not tested.
  public var rules: [Int: Verdict]
  /// The wording of reasons.
  public var catalogue: ReasonCatalogue
  /// The limits that were fixed before the run.
  public var limits: [LimitName: Limit]

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - refusals: The refusals whose reasons were computed.
  ///   - bads: Their bads.
  ///   - frequencies: How often each subject was printed, most frequent first.
  ///   - unmapped: Subjects of the model that have no wording.
  ///   - flipRate: The share of refusals whose printed reasons suffice.
  ///   - tieRate: The share of refusals with a tie at the last printed place.
  ///   - meanCount: The mean number of reasons printed.
  ///   - rules: The verdict on each rule, by number.
  ///   - catalogue: The wording of reasons.
  ///   - limits: The limits that were fixed before the run.
  public init(
    refusals: Int, bads: Int? = nil, frequencies: [Frequency], unmapped: [String],
    flipRate: Double?, tieRate: Double?, meanCount: Double?, rules: [Int: Verdict],
    catalogue: ReasonCatalogue, limits: [LimitName: Limit]
  ) {
    self.refusals = refusals
    self.bads = bads
    self.frequencies = frequencies
    self.unmapped = unmapped
    self.flipRate = flipRate
    self.tieRate = tieRate
    self.meanCount = meanCount
    self.rules = rules
    self.catalogue = catalogue
    self.limits = limits
  }
}

/// Section 14: whether the reasons can be given to applicants.
public enum ReasonSection {
  /// How many rules for reasons there are.
  static let ruleCount = 25

  /// Lays the section out.
  ///
  /// - Parameter input: Frequencies, wording and rules.
  /// - Returns: The section.
  public static func build(_ input: ReasonInput) -> ReportSection {
    var sheet = FindingSheet(prefix: "RSN")
    func add(
      _ measure: String, _ number: Double?, _ format: NumberFormat, _ method: String,
      _ limit: LimitName? = nil
    ) {
      sheet.add(
        key(measure), number: number, format, sample: key("sample.refusals"),
        rows: input.refusals, bads: input.bads, method: key(method),
        limit: limit.flatMap { input.limits[$0] })
    }
    add(
      "measure.sufficiency", input.flipRate, .percent(1), "method.sufficiency",
      .reasonSufficiency)
    add("measure.tieRate", input.tieRate, .percent(1), "method.tieRate")
    add("measure.reasonCount", input.meanCount, .fixed(1), "method.count")
    var items: [ReportItem] = [.findings(sheet.findings)]
    items.append(
      input.unmapped.isEmpty
        ? .paragraph(key("reasons.allMapped"))
        : .notice(
          .warning,
          key("reasons.unmapped", ["names": .list(input.unmapped.map(Value.text))])))
    items.append(.table(frequency(input)))
    items.append(.table(rules(input.rules)))
    items.append(
      .supplied([
        SuppliedField(label: key("supplied.catalogue_approval"), answer: nil),
        SuppliedField(label: key("supplied.notice_templates"), answer: nil),
      ]))
    items.append(
      SuppliedSections.notComputed([
        "check.reasonsByGroup", "check.reasonDrift", "check.secondReasonMethod",
      ]))
    return ReportSection(.reasons, items)
  }

  private static func frequency(_ input: ReasonInput) -> ReportTable {
    ReportTable(
      title: key("reasons.frequency"),
      columns: [
        .left("column.subject"), .left("column.code"), .left("column.reasonWording"),
        .right("column.refusals"), .right("column.share"),
      ],
      rows: input.frequencies.map { line in
        let entry = input.catalogue.entry(for: line.subject)
        return [
          .text(line.subject), .text(entry?.code ?? NumberStyle.missing),
          .message(IndividualSection.wording(entry, subject: line.subject)), .count(line.count),
          .number(
            input.refusals > 0 ? Double(line.count) / Double(input.refusals) : nil, .percent(1)),
        ]
      }, note: key("reasons.frequencyNote", ["n": .count(input.refusals)]))
  }

  private static func rules(_ verdicts: [Int: Verdict]) -> ReportTable {
    ReportTable(
      title: key("reasons.rules"),
      columns: [.right("column.ruleNumber"), .left("column.rule"), .left("column.verdict")],
      rows: (1...ruleCount).map { number in
        [
          .count(number), .key("rule.\(number)"),
          (verdicts[number] ?? .notTested).value,
        ]
      })
  }
}
