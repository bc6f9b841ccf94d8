public import CandorDocument
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

  /// What the run can say of one rule.
  public enum RuleResult: Sendable, Equatable {
    /// The rule was judged, on this evidence.
    case judged(Verdict, Message)
    /// The rule was measured, without a limit to judge by.
    case measured(Message)
    /// The program cannot break the rule, so there is nothing to judge.
    case byConstruction
  }

  /// All refusals of the test sample.
  public var refused: Int
  /// How many of them were audited.
  public var refusals: Int
  /// How many of the audited got reasons.
  public var withReasons: Int
  /// The bads among those that got reasons.
  public var bads: Int?
  /// How many of the audited could be given no reasons, so that a person decides.
  public var referred: Int
  /// How many of the lists are not settled, so that a person looks at them first.
  public var unsettled: Int
  /// How often each subject was printed, most frequent first.
  public var frequencies: [Frequency]
  /// Subjects of the model that lack a wording in a language of the report.
  public var unmapped: [String]
  /// The share of refusals that turn into approvals when the printed factors move to the
  /// reference.
  public var flipRate: Double?
  /// The share of refusals with a tie at the last printed place.
  public var tieRate: Double?
  /// The mean number of reasons printed.
  public var meanCount: Double?
  /// What the run can say of each rule, by number; rules that are absent were not tested.
  public var rules: [Int: RuleResult]
  /// The wording of reasons.
  public var catalogue: ReasonCatalogue
  /// The limits of the study.
  public var limits: [LimitName: Limit]
  /// What was measured of the lists beyond their own evidence; nil where nothing was.
  public var proof: ReasonProofInput?
  /// The printed subjects that are strong proxies, or hold one.
  public var proxies: [Frequency] = []
  /// What the institution supplied.
  public var answers = SuppliedAnswers()

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - refused: All refusals of the test sample.
  ///   - refusals: How many of them were audited.
  ///   - withReasons: How many of the audited got reasons.
  ///   - bads: The bads among those that got reasons.
  ///   - referred: How many of the audited could be given no reasons.
  ///   - unsettled: How many of the lists are not settled.
  ///   - frequencies: How often each subject was printed, most frequent first.
  ///   - unmapped: Subjects of the model that lack a wording in a language of the report.
  ///   - flipRate: The share of refusals whose printed reasons suffice.
  ///   - tieRate: The share of refusals with a tie at the last printed place.
  ///   - meanCount: The mean number of reasons printed.
  ///   - rules: What the run can say of each rule, by number.
  ///   - catalogue: The wording of reasons.
  ///   - limits: The limits of the study.
  public init(
    refused: Int, refusals: Int, withReasons: Int, bads: Int? = nil, referred: Int,
    unsettled: Int, frequencies: [Frequency], unmapped: [String], flipRate: Double?,
    tieRate: Double?, meanCount: Double?, rules: [Int: RuleResult], catalogue: ReasonCatalogue,
    limits: [LimitName: Limit]
  ) {
    self.refused = refused
    self.refusals = refusals
    self.withReasons = withReasons
    self.bads = bads
    self.referred = referred
    self.unsettled = unsettled
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
        key(measure), number: number, format, sample: sample("sample.withReasons"),
        rows: input.withReasons, bads: input.bads, method: key(method),
        limit: limit.flatMap { input.limits[$0] })
    }
    func sample(_ name: String) -> Message {
      key(name, ["n": .count(input.refusals), "total": .count(input.refused)])
    }
    add(
      "measure.sufficiency", input.flipRate, .percent(1), "method.sufficiency",
      .reasonSufficiency)
    add("measure.tieRate", input.tieRate, .percent(1), "method.tieRate")
    add("measure.reasonCount", input.meanCount, .fixed(1), "method.count")
    add("measure.unsettled", Double(input.unsettled), .integer, "method.count")
    sheet.add(
      key("measure.referred"), number: Double(input.referred), .integer,
      sample: sample("sample.audited"), rows: input.refusals, bads: nil,
      method: key("method.count"))
    if let proof = input.proof { addProof(proof, input, to: &sheet) }
    var items: [ReportItem] = [.findings(sheet.findings)]
    items.append(
      input.unmapped.isEmpty
        ? .paragraph(key("reasons.allMapped"))
        : .notice(
          .warning,
          key("reasons.unmapped", ["names": .list(input.unmapped.map(Value.text))])))
    items.append(.table(frequency(input)))
    if !input.proxies.isEmpty {
      items.append(
        .notice(
          .warning,
          key(
            "reasons.proxyReasons",
            [
              "names": .list(
                input.proxies.map {
                  .message(
                    key("reasons.proxyReason", ["name": .text($0.subject), "n": .count($0.count)]))
                })
            ])))
    }
    if let proof = input.proof { items += populationItems(proof) }
    items.append(.table(rules(input.rules)))
    items += input.answers.items(for: .reasons)
    items.append(
      SuppliedSections.notComputed(
        input.proof == nil
          ? ["check.reasonsByGroup", "check.reasonDrift", "check.secondReasonMethod"]
          : ["check.reasonDrift"]))
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
          .message(DecisionItems.wording(entry, subject: line.subject)), .count(line.count),
          .number(
            input.withReasons > 0 ? Double(line.count) / Double(input.withReasons) : nil,
            .percent(1)),
        ]
      }, note: key("reasons.frequencyNote", ["n": .count(input.withReasons)]))
  }

  private static func rules(_ results: [Int: ReasonInput.RuleResult]) -> ReportTable {
    ReportTable(
      title: key("reasons.rules"),
      columns: [
        .right("column.ruleNumber"), .left("column.rule"), .left("column.verdict"),
        .left("column.ruleEvidence"),
      ],
      rows: (1...ruleCount).map { number in
        let verdict: Value
        var evidence = Value.text(NumberStyle.missing)
        switch results[number] {
        case .judged(let judged, let message):
          verdict = judged.value
          evidence = .message(message)
        case .measured(let message):
          verdict = .key("verdict.none")
          evidence = .message(message)
        case .byConstruction: verdict = .key("value.byConstruction")
        case nil: verdict = Verdict.notTested.value
        }
        return [.count(number), .key("rule.\(number)"), verdict, evidence]
      }, note: key("reasons.rulesNote"))
  }
}
