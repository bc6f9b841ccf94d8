import CandorDocument
import CandorExplanation
import CandorScoring

/// One decision of section 13 in full.
enum DecisionItems {
  /// How many contributions a figure shows one by one.
  private static let shown = 10

  static func items(
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
    if let second = one.second { items += MethodItems.items(for: second, beside: one) }
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
    var steps = ranked.prefix(shown).map {
      WaterfallChart.Step(label: label($0, one.values), change: $0.value)
    }
    let rest = ranked.dropFirst(shown)
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
          [
            .text($0.source), one.values[$0.source].map { .text($0) } ?? .empty,
            contribution($0), .number($0.standardError, .fixed(4)),
          ]
        } + [
          [
            .key("series.applicant"), .empty,
            .number(one.explanation.explainedValue, format: .fixed(3)), .empty,
          ]
        ])
  }

  /// A contribution, with its interval where it was sampled.
  static func contribution(_ attribution: Attribution) -> Value {
    let isSampled = (attribution.standardError ?? 0) > 0
    return .estimate(
      attribution.value, lower: isSampled ? attribution.lower : nil,
      upper: isSampled ? attribution.upper : nil, format: .fixed(3))
  }
}
