public import CandorDocument
public import CandorExplanation

extension ReportPhrases {
  /// A rule that is enough for a decision, in one line with its precision and coverage.
  public static func anchor(_ anchor: Anchor) -> Message {
    func share(_ estimate: ShareEstimate) -> Value {
      .estimate(
        estimate.value, lower: estimate.lower, upper: estimate.upper, format: .fixed(2))
    }
    return key(
      "anchor.line",
      [
        "conditions": anchor.conditions.isEmpty
          ? .key("anchor.always") : .list(anchor.conditions.map { .message(condition($0)) }),
        "decision": .key(anchor.isRefusal ? "value.refused" : "value.approved"),
        "precision": share(anchor.precision), "coverage": share(anchor.coverage),
      ])
  }

  /// What a reader must be told of a rule; nil where it has the precision asked for.
  public static func anchorWarning(_ anchor: Anchor) -> Message? {
    guard !anchor.isReached || anchor.precision.upper < anchor.wantedPrecision else { return nil }
    return key(
      "anchor.notReached", ["wanted": .number(anchor.wantedPrecision, format: .fixed(2))])
  }

  private static func condition(_ condition: Anchor.Condition) -> Message {
    func number(_ value: Double) -> Value { .number(value, format: .significant(6)) }
    let source = Value.text(condition.source)
    if condition.isMissing { return key("anchor.missing", ["source": source]) }
    if let level = condition.level {
      return key("anchor.level", ["source": source, "level": .text(level)])
    }
    switch (condition.above, condition.atMost) {
    case (let above?, let atMost?):
      return key(
        "anchor.between", ["source": source, "above": number(above), "atMost": number(atMost)])
    case (let above?, nil):
      return key("anchor.above", ["source": source, "above": number(above)])
    case (nil, let atMost?):
      return key("anchor.atMost", ["source": source, "atMost": number(atMost)])
    case (nil, nil): return key("anchor.present", ["source": source])
    }
  }

  /// The mean at the reference, where contributions begin, or the applicant, where they end.
  public static func waterfallEnd(isStart: Bool) -> Message {
    isStart ? key("series.referenceMean") : key("series.applicant")
  }

  /// So many contributions that are not shown one by one, together.
  public static func otherContributions(_ count: Int) -> Message {
    key("series.others", ["n": .count(count)])
  }

  /// Rows that contributions compare with, by name, number and hash.
  public static func referenceRows(name: String, rows: Int, hash: String) -> Message {
    key(
      "individual.referenceRows", ["name": .code(name), "rows": .count(rows), "hash": .code(hash)])
  }

  /// Whether moving the printed factors to the reference turns the decision.
  public static func sufficiency(_ found: ReasonVerification) -> Message {
    key(
      found.flips ? "individual.sufficient" : "individual.insufficient",
      ["share": .number(found.shareApproved, format: .percent(0))])
  }

  /// Where in a hidden layer decisions are made, in one line.
  public static func conductance(_ layer: ConductanceSummary) -> Message {
    key(
      "conductance.line",
      [
        "layer": .count(layer.layer), "units": .count(layer.units.count),
        "half": .count(layer.unitsForHalf), "n": .count(layer.applicants),
        "top": .list(
          layer.units.prefix(3).map {
            .message(
              key(
                "conductance.unit",
                ["unit": .count($0.unit), "size": .number($0.meanAbsolute, format: .fixed(2))]))
          }),
        "incomplete": .count(layer.incomplete),
      ])
  }
}
