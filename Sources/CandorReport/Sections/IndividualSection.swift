import CandorDocument
public import CandorExplanation
import CandorScoring

/// Section 13: why single decisions came out as they did, and how far that can be trusted.
public enum IndividualSection {
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
    if let scorecard = input.scorecard {
      items += ScorecardItems.items(for: scorecard, refits: input.labelRefits)
    }
    for (index, one) in input.cases.enumerated() {
      items += DecisionItems.items(for: one, number: index + 1, input)
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

  /// One decision alone, for a page of its own: the decision first, what it rests on at the end.
  ///
  /// - Parameters:
  ///   - one: The decision; its heading has its row, and its title or, without one, the outcome.
  ///   - title: What the reader calls the applicant; nil where there is no name.
  ///   - input: Cut-off, wording and thresholds; its own cases are not looked at.
  /// - Returns: The page's items as a section.
  public static func page(
    for one: IndividualInput.Case, title: String?, _ input: IndividualInput
  ) -> ReportSection {
    var one = one
    one.title =
      title.map { .text($0) }
      ?? key(one.scored.decision == .refuse ? "value.refused" : "value.approved")
    return ReportSection(
      .individualDecisions,
      DecisionItems.items(for: one, number: one.row, input) + [
        .paragraph(key("individual.intro")), .table(thresholdTable(input.thresholds)),
        .list([key("individual.knownErrors.reference"), key("individual.knownErrors.correlation")]),
      ])
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
}
