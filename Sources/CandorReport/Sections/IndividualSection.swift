public import CandorDocument
public import CandorEvaluation
public import CandorExplanation
public import CandorScoring

/// What section 13 lays out.
public struct IndividualInput: Sendable {
  /// One decision explained.
  public struct Case: Sendable {
    /// Why this one was chosen: a typical approval, one near the cut-off, a typical refusal.
    public var title: Message
    /// The row in the data, from one; never an identifier of a person.
    public var row: Int
    /// PD, points and decision.
    public var scored: ScoredRow
    /// The Shapley values against the reference.
    public var explanation: Explanation
    /// The rows of the reference.
    public var referenceRows: Int
    /// The applicant's own value of each source feature, as text.
    public var values: [String: String]
    /// The principal reasons, for refusals.
    public var reasons: PrincipalReasons?
    /// Whether the printed reasons suffice.
    public var sufficiency: ReasonVerification?
    /// The deletion test.
    public var deletion: Deletion?
    /// Agreement with other methods.
    public var agreements: [MethodAgreement]
    /// What other methods say beside the reasons, each with its own evidence.
    public var evidence: [Explanation] = []
    /// What the applicant could change; nil where it was not sought.
    public var recourse: Recourse?
    /// A rule that is enough for the decision; nil where none was sought.
    public var anchor: Anchor?
    /// The nearest approved applicant of the training sample; nil where none was sought.
    public var comparable: ComparableApplicants.Item?
    /// Why a person looks at the list of reasons first; empty where a notice may be sent, or without
    /// a list.
    public var review: [ReasonReview]
    /// Why no reasons could be given, in the words of the program; nil where there are some.
    public var referral: String?

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - title: Why this one was chosen.
    ///   - row: The row in the data, from one.
    ///   - scored: PD, points and decision.
    ///   - explanation: The Shapley values against the reference.
    ///   - referenceRows: The rows of the reference.
    ///   - values: The applicant's own value of each source feature.
    ///   - reasons: The principal reasons, for refusals.
    ///   - sufficiency: Whether the printed reasons suffice.
    ///   - deletion: The deletion test.
    ///   - agreements: Agreement with other methods.
    ///   - review: Why a person looks at the list of reasons first.
    ///   - referral: Why no reasons could be given, in the words of the program.
    public init(
      title: Message, row: Int, scored: ScoredRow, explanation: Explanation, referenceRows: Int,
      values: [String: String], reasons: PrincipalReasons? = nil,
      sufficiency: ReasonVerification? = nil, deletion: Deletion? = nil,
      agreements: [MethodAgreement] = [], review: [ReasonReview] = [], referral: String? = nil
    ) {
      self.title = title
      self.row = row
      self.scored = scored
      self.explanation = explanation
      self.referenceRows = referenceRows
      self.values = values
      self.reasons = reasons
      self.sufficiency = sufficiency
      self.deletion = deletion
      self.agreements = agreements
      self.review = review
      self.referral = referral
    }
  }

  /// Evidence over many decisions.
  public struct Fidelity: Sendable {
    /// The family.
    public var family: String
    /// The method.
    public var method: ExplanationMethod
    /// The rows that were explained, by name.
    public var sample: Message
    /// The name of the rows that they were compared with.
    public var reference: String
    /// How many rows those are.
    public var referenceRows: Int
    /// How many decisions were explained.
    public var decisions: Int
    /// How many of them have no fidelity warning.
    public var withinLimits: Int
    /// The largest standard error as a share of the total attribution; nil for exact methods.
    public var largestRelativeError: Double?

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - family: The family.
    ///   - method: The method.
    ///   - sample: The rows that were explained, by name.
    ///   - reference: The name of the rows that they were compared with.
    ///   - referenceRows: How many rows those are.
    ///   - decisions: How many decisions were explained.
    ///   - withinLimits: How many of them have no fidelity warning.
    ///   - largestRelativeError: The largest standard error as a share of the total attribution.
    public init(
      family: String, method: ExplanationMethod, sample: Message, reference: String,
      referenceRows: Int, decisions: Int, withinLimits: Int, largestRelativeError: Double? = nil
    ) {
      self.family = family
      self.method = method
      self.sample = sample
      self.reference = reference
      self.referenceRows = referenceRows
      self.decisions = decisions
      self.withinLimits = withinLimits
      self.largestRelativeError = largestRelativeError
    }
  }

  /// The cut-off on PD.
  public var cutOff: Double
  /// The decisions, three as a rule.
  public var cases: [Case]
  /// Evidence over many decisions; the champion's first.
  public var fidelity: [Fidelity]
  /// The wording of reasons.
  public var catalogue: ReasonCatalogue
  /// The limits that were fixed before the run.
  public var limits: [LimitName: Limit]
  /// The limits on fidelity evidence.
  public var thresholds: FidelityThresholds
  /// The quality of the champion's explanations; nil where it was not measured.
  public var scorecard: ExplanationScorecard?
  /// What refused applicants could change; nil where it was not sought.
  public var recourse: RecourseInput?
  /// How the reference of reasons was chosen: its rows, the approved training rows of the band that
  /// they were spread over, all approved training rows, and the lowest out-of-fold PD of the band;
  /// nil where it is not known here.
  public var reference: (rows: Int, band: Int, approved: Int, lowestProbability: Double)?

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - cutOff: The cut-off on PD.
  ///   - cases: The decisions.
  ///   - fidelity: Evidence over many decisions; the champion's first.
  ///   - catalogue: The wording of reasons.
  ///   - limits: The limits that were fixed before the run.
  ///   - thresholds: The limits on fidelity evidence.
  public init(
    cutOff: Double, cases: [Case], fidelity: [Fidelity], catalogue: ReasonCatalogue,
    limits: [LimitName: Limit], thresholds: FidelityThresholds = .standard
  ) {
    self.cutOff = cutOff
    self.cases = cases
    self.fidelity = fidelity
    self.catalogue = catalogue
    self.limits = limits
    self.thresholds = thresholds
  }
}

/// Section 13: why single decisions came out as they did, and how far that can be trusted.
public enum IndividualSection {
  /// How many contributions a figure shows one by one.
  static let shownContributions = 10

  /// Lays the section out.
  ///
  /// - Parameter input: The decisions and the evidence.
  /// - Returns: The section.
  public static func build(_ input: IndividualInput) -> ReportSection {
    var items: [ReportItem] = [.paragraph(key("individual.intro"))]
    if let reference = input.reference {
      items.append(
        .paragraph(
          key(
            "individual.referenceNote",
            [
              "rows": .count(reference.rows), "band": .count(reference.band),
              "approved": .count(reference.approved),
              "lowest": .number(reference.lowestProbability, format: .percent(1)),
              "cutOff": .number(input.cutOff, format: .percent(1)),
            ])))
    }
    var sheet = FindingSheet(prefix: "EXPL")
    for fidelity in input.fidelity {
      let share =
        fidelity.decisions > 0
        ? Double(fidelity.withinLimits) / Double(fidelity.decisions) : nil
      sheet.add(
        key("measure.withinLimits", ["family": FamilyName.value(fidelity.family)]),
        number: share, .percent(1), sample: fidelity.sample, rows: fidelity.decisions,
        bads: nil, method: ExplanationNames.method(fidelity.method),
        limit: input.limits[.explanationsWithinLimits])
    }
    if !sheet.findings.isEmpty {
      items += [.findings(sheet.findings), .table(fidelityTable(input.fidelity))]
    }
    items.append(.table(thresholdTable(input.thresholds)))
    if let scorecard = input.scorecard { items += ScorecardItems.items(for: scorecard) }
    for (index, one) in input.cases.enumerated() {
      items += self.items(for: one, number: index + 1, input)
    }
    items.append(
      .list([key("individual.knownErrors.reference"), key("individual.knownErrors.correlation")]))
    if let recourse = input.recourse { items += RecourseItems.items(for: recourse) }
    items.append(
      SuppliedSections.notComputed(
        ["check.sufficiencyVerdict"]
          + (input.recourse == nil ? ["check.counterfactuals"] : []) + ["check.localNoise"]))
    items.append(
      .supplied([SuppliedField(label: key("supplied.explanation_recipients"), answer: nil)]))
    return ReportSection(.individualDecisions, items)
  }

  /// The quality of a model's explanations alone, for a page of its own.
  ///
  /// - Parameter card: The scorecard.
  /// - Returns: A heading and a table.
  public static func scorecard(_ card: ExplanationScorecard) -> [ReportItem] {
    ScorecardItems.items(for: card)
  }

  private static func fidelityTable(_ rows: [IndividualInput.Fidelity]) -> ReportTable {
    ReportTable(
      title: key("individual.fidelity"),
      columns: [
        .left("column.family"), .left("column.method"), .left("column.sample"),
        .left("column.reference"), .right("column.decisions"), .right("column.withinLimits"),
        .right("column.relativeError"),
      ],
      rows: rows.map {
        [
          FamilyName.value($0.family), .message(ExplanationNames.method($0.method)),
          .message($0.sample),
          .message(
            key(
              "individual.referenceShort",
              ["name": .code($0.reference), "rows": .count($0.referenceRows)])),
          .count($0.decisions), .count($0.withinLimits),
          .number($0.largestRelativeError, .percent(2)),
        ]
      })
  }

  private static func thresholdTable(_ limits: FidelityThresholds) -> ReportTable {
    func row(_ name: String, _ limit: Double) -> [Value] {
      [.key("threshold.\(name)"), .number(limit, format: .significant(3))]
    }
    return ReportTable(
      title: key("individual.thresholds"),
      columns: [.left("column.evidence"), .right("column.limit")],
      rows: [
        row("additivity", limits.additivity),
        row("relativeStandardError", limits.relativeStandardError),
        row("splitHalfMultiple", limits.splitHalfMultiple),
        row("completenessShare", limits.completenessShare),
        row("completenessSpread", limits.completenessSpread),
        row("surrogateWarning", limits.surrogateWarning),
        row("surrogateEvidence", limits.surrogateEvidence),
        row("conditionNumber", limits.conditionNumber), row("topOverlap", limits.topOverlap),
        row("repeats", Double(limits.repeats)),
      ], note: key("individual.thresholdsNote"))
  }

  private static func items(
    for one: IndividualInput.Case, number: Int, _ input: IndividualInput
  ) -> [ReportItem] {
    let isRefused = one.scored.decision == .refuse
    let explanation = one.explanation
    var items: [ReportItem] = [
      .subheading(
        key("individual.case", ["n": .count(number), "title": .message(one.title)])),
      .table(
        ReportTable(
          title: key("individual.result"), columns: [.left("column.item"), .left("column.value")],
          rows: [
            [.key("individual.row"), .count(one.row)],
            [.key("axis.pd"), .number(one.scored.probability, format: .percent(1))],
            [.key("individual.points"), .number(one.scored.points, format: .fixed(0))],
            [.key("individual.cutOff"), .number(input.cutOff, format: .percent(1))],
            [
              .key("individual.decision"),
              .strong(.key(isRefused ? "value.refused" : "value.approved")),
            ],
            [.key("column.method"), .message(ExplanationNames.method(explanation.method))],
            [.key("column.scale"), .message(ExplanationNames.scale(explanation.scale))],
            [
              .key("individual.reference"),
              .message(
                key(
                  "individual.referenceRows",
                  [
                    "name": .code(explanation.backgroundName),
                    "rows": .count(one.referenceRows), "hash": .code(explanation.backgroundHash),
                  ])),
            ],
            [
              .key("column.evidence"),
              .message(ExplanationNames.evidence(explanation.fidelity.evidence)),
            ],
            [
              .key("column.warnings"), ExplanationNames.warnings(explanation.fidelity.warnings),
            ],
          ])),
    ]
    if let reasons = one.reasons {
      items += self.items(for: reasons, one, input)
      items += one.review.map { .notice(.warning, ExplanationNames.review($0)) }
    } else if isRefused {
      items.append(
        .notice(
          .warning,
          one.referral.map { key("individual.referred", ["sentence": .text($0)]) }
            ?? key("individual.noReasons")))
    }
    items.append(.figure(figure(one, number: number)))
    items.append(.table(contributions(one)))
    let checks = IndividualEvidence.lines(for: one)
    if !checks.isEmpty { items.append(.list(checks)) }
    if let anchor = one.anchor { items.append(.paragraph(ReportPhrases.anchor(anchor))) }
    if let warning = one.anchor.flatMap(ReportPhrases.anchorWarning) {
      items.append(.notice(.warning, warning))
    }
    if let nearest = one.comparable {
      items.append(.paragraph(ReportPhrases.comparable(nearest)))
    }
    if let recourse = one.recourse { items += RecourseItems.items(for: recourse) }
    return items
  }

  private static func items(
    for reasons: PrincipalReasons, _ one: IndividualInput.Case, _ input: IndividualInput
  ) -> [ReportItem] {
    let table = ReportTable(
      title: key("individual.reasons"),
      columns: [
        .right("column.order"), .left("column.code"), .left("column.reasonWording"),
        .left("column.subject"), .left("column.contribution"), .right("column.share"),
        .right("column.rankBand"),
      ],
      rows: reasons.reasons.enumerated().map { index, reason in
        let entry = input.catalogue.entry(for: reason.subject)
        // The interval of the contributions' table; an exact method has no error of its own.
        let half = reason.standardError > 0 ? reason.halfWidth : nil
        return [
          .count(index + 1), .text(entry?.code ?? NumberStyle.missing),
          .message(wording(entry, subject: reason.subject)), .text(reason.subject),
          .estimate(
            reason.contribution, lower: half.map { reason.contribution - $0 },
            upper: half.map { reason.contribution + $0 }, format: .fixed(3)),
          .number(reason.share, .percent(0)), reason.band.map(Value.count) ?? .empty,
        ]
      }, note: key("individual.stop.\(reasons.stop.rawValue)"))
    var facts: [Message] = [
      key(
        "individual.changeProbability",
        ["p": .number(reasons.changeProbability, format: .percent(1))])
    ]
    if reasons.tieStraddlesLimit { facts.append(key("individual.tieStraddles")) }
    if !reasons.unmapped.isEmpty {
      facts.append(
        key("individual.unmapped", ["names": .list(reasons.unmapped.map(Value.text))]))
    }
    if let sufficiency = one.sufficiency {
      facts.append(
        key(
          sufficiency.flips ? "individual.sufficient" : "individual.insufficient",
          ["share": .number(sufficiency.shareApproved, format: .percent(0))]))
    }
    return [.table(table), .list(facts)]
  }

  /// The wording that the catalogue has, or the subject's own name.
  static func wording(_ entry: ReasonCatalogue.Entry?, subject: String) -> Message {
    guard let entry, !entry.wording.isEmpty else { return .text(subject) }
    var texts = entry.wording
    if texts["zh-Hans"] == nil, let chinese = texts["zh"] { texts["zh-Hans"] = chinese }
    return .wordings(texts)
  }

  private static func label(_ attribution: Attribution, _ values: [String: String]) -> Message {
    values[attribution.source].map { .text("\(attribution.source) = \($0)") }
      ?? .text(attribution.source)
  }

  private static func figure(_ one: IndividualInput.Case, number: Int) -> ReportFigure {
    let ranked = one.explanation.ranked
    var steps = ranked.prefix(shownContributions).map {
      WaterfallChart.Step(label: label($0, one.values), change: $0.value)
    }
    let rest = ranked.dropFirst(shownContributions)
    if !rest.isEmpty {
      steps.append(
        WaterfallChart.Step(
          label: key("series.others", ["n": .count(rest.count)]),
          change: rest.reduce(0) { $0 + $1.value }))
    }
    let title = key(
      "figure.decision", ["n": .count(number), "title": .message(one.title)])
    return ReportFigure(
      name: "decision-\(number)", caption: title,
      chart: .waterfall(
        WaterfallChart(
          title: title, description: key("figure.decisionDescription"),
          axis: Axis(label: ExplanationNames.scale(one.explanation.scale)),
          startLabel: key("series.referenceMean"), start: one.explanation.baseValue, steps: steps,
          endLabel: key("series.applicant"),
          directions: [key("series.raises"), key("series.lowers")])))
  }

  private static func contributions(_ one: IndividualInput.Case) -> ReportTable {
    ReportTable(
      title: key("individual.contributions"),
      columns: [
        .left("column.feature"), .left("column.ownValue"), .left("column.contribution"),
        .right("column.standardError"),
      ],
      rows: [
        [
          .key("series.referenceMean"), .empty,
          .number(one.explanation.baseValue, format: .fixed(3)), .empty,
        ]
      ]
        + one.explanation.ranked.map {
          let isSampled = ($0.standardError ?? 0) > 0
          return [
            .text($0.source), one.values[$0.source].map { .text($0) } ?? .empty,
            .estimate(
              $0.value, lower: isSampled ? $0.lower : nil, upper: isSampled ? $0.upper : nil,
              format: .fixed(3)), .number($0.standardError, .fixed(4)),
          ]
        } + [
          [
            .key("series.applicant"), .empty,
            .number(one.explanation.explainedValue, format: .fixed(3)), .empty,
          ]
        ])
  }
}
