import CandorDocument
public import CandorEvaluation

/// Section 11: the decisions that follow from the cut-off.
public enum CutOffSection {
  /// Lays the section out; findings are the champion's.
  ///
  /// - Parameters:
  ///   - input: Evaluations and limits.
  ///   - cutOff: The champion's cut-off as it was set on training rows.
  ///   - answers: What the institution supplied.
  /// - Returns: The section.
  public static func build(
    _ input: PerformanceInput, cutOff: CutOff?, answers: SuppliedAnswers
  ) -> ReportSection {
    guard let chosen = input.chosen else { return ReportSection(.cutOff, []) }
    let test = chosen.test
    let confusion = test.confusion
    var sheet = FindingSheet(prefix: "CUT")
    func add(_ measure: String, _ estimate: Estimate?, _ limit: LimitName?) {
      sheet.add(
        key(measure), estimate, .percent(1), sample: input.sample, rows: test.rows,
        bads: test.badRows, limit: limit.flatMap { input.limits[$0] })
    }
    add("measure.approvalRate", confusion.approvalRate, .approvalRate)
    add("measure.badRateAmongApproved", confusion.badRateAmongApproved, .badRateAmongApproved)
    add("measure.accuracy", confusion.accuracy, .accuracy)
    add("measure.precision", confusion.precision, .precision)
    add("measure.recall", confusion.recall, .recall)
    add("measure.specificity", confusion.specificity, nil)
    sheet.add(
      key("measure.f1"), number: confusion.f1, .fixed(3), sample: input.sample,
      rows: test.rows, bads: test.badRows, method: key("method.f1"), limit: input.limits[.f1])
    var items: [ReportItem] = [
      .paragraph(
        key(
          "cutOff.intro",
          [
            "family": FamilyName.value(chosen.family),
            "cutOff": .number(confusion.cutOff, format: .fixed(4)),
          ])),
      .table(matrix(confusion)), .findings(sheet.findings),
    ]
    if let cutOff { items.append(.table(strategies(cutOff))) }
    items += answers.items(for: .cutOff)
    items.append(
      SuppliedSections.notComputed([
        "check.costCurve",
        "check.swapSet", "check.nearCutOff", "check.pricing",
      ]))
    return ReportSection(.cutOff, items)
  }

  private static func matrix(_ confusion: ConfusionMatrix) -> ReportTable {
    func cell(_ weight: Double) -> Value { .number(weight, format: .significant(6)) }
    return ReportTable(
      title: key("cutOff.matrix"),
      columns: [
        .left("column.outcome"), .right("column.refused"), .right("column.approved"),
        .right("column.total"),
      ],
      rows: [
        [
          .key("series.bads"), cell(confusion.refusedBads), cell(confusion.approvedBads),
          cell(confusion.refusedBads + confusion.approvedBads),
        ],
        [
          .key("series.goods"), cell(confusion.refusedGoods), cell(confusion.approvedGoods),
          cell(confusion.refusedGoods + confusion.approvedGoods),
        ],
      ], note: key("cutOff.matrixNote"))
  }

  /// About nine cut-offs of the training curve around the chosen one.
  private static func strategies(_ cutOff: CutOff) -> ReportTable {
    let points = cutOff.curve
    let step = max(1, points.count / 9)
    let shown = points.indices.filter {
      $0 % step == 0 || points[$0].cutOff == cutOff.value
    }
    let hasCost = points.contains { $0.cost != nil }
    return ReportTable(
      title: key("cutOff.strategies"),
      columns: [
        .right("column.cutOff"), .right("column.approvalRate"),
        .right("column.badRateAmongApproved"),
      ] + (hasCost ? [.right("column.cost")] : []) + [.left("column.chosen")],
      rows: shown.map { index in
        let point = points[index]
        return [
          .number(point.cutOff, format: .fixed(4)),
          .number(point.approvalRate, format: .percent(1)),
          .number(point.badRateAmongApproved, .percent(1)),
        ] + (hasCost ? [.number(point.cost, .fixed(4))] : []) + [
          point.cutOff == cutOff.value ? .strong(.key("value.chosen")) : .empty
        ]
      }, note: key("cutOff.strategiesNote"))
  }
}
