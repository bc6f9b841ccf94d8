import CandorDocument
public import CandorEvaluation

/// Section 15: how groups fare.
public enum FairnessSection {
  /// Lays the section out.
  ///
  /// - Parameters:
  ///   - outcomes: The outcomes by protected attribute; empty where there is none.
  ///   - limits: The limits that were fixed before the run.
  ///   - answers: What the institution supplied.
  ///   - lawfulBasis: The written basis of each protected column that is an input, by column.
  ///   - proxies: How well single features tell the groups; nil where that was not measured.
  /// - Returns: The section.
  public static func build(
    _ outcomes: [GroupOutcomes], limits: [LimitName: Limit], answers: SuppliedAnswers,
    lawfulBasis: [String: String] = [:], proxies: ProxyInput? = nil
  ) -> ReportSection {
    var items: [ReportItem] = [.paragraph(key("fairness.intro"))]
    if outcomes.isEmpty { items.append(.notice(.important, key("fairness.noAttribute"))) }
    for column in lawfulBasis.keys.sorted() {
      items.append(
        .notice(
          .important,
          key(
            "fairness.input",
            ["column": .code(column), "basis": .text(lawfulBasis[column] ?? "")])))
    }
    var sheet = FindingSheet(prefix: "FAIR")
    for outcome in outcomes { add(outcome, limits, &sheet) }
    if let proxies { ProxyItems.add(proxies, limit: limits[.proxyPower], to: &sheet) }
    if !sheet.findings.isEmpty { items.append(.findings(sheet.findings)) }
    for outcome in outcomes { items += self.items(for: outcome) }
    if let proxies { items += ProxyItems.items(proxies) }
    items += answers.items(for: .fairness)
    items.append(
      SuppliedSections.notComputed(
        ["check.intersections", "check.alternatives"]
          + (proxies.map { !$0.lines.isEmpty } == true ? [] : ["check.proxies"])))
    return ReportSection(.fairness, items)
  }

  private static func add(
    _ outcome: GroupOutcomes, _ limits: [LimitName: Limit], _ sheet: inout FindingSheet
  ) {
    for group in visible(outcome) {
      guard let comparison = group.comparison, let own = group.own else { continue }
      func named(_ measure: String) -> Message {
        key(
          measure,
          [
            "attribute": .text(outcome.attribute), "group": .text(group.label),
            "reference": .text(outcome.reference ?? NumberStyle.missing),
          ])
      }
      sheet.add(
        named("measure.adverseImpact"), comparison.adverseImpact?.ratio, .fixed(2),
        sample: key("sample.test"), rows: group.rows, bads: own.badRows,
        limit: limits[.adverseImpactRatio], sufficientData: group.verdictAllowed)
      if let limit = limits[.equalOpportunityGap], let gap = comparison.equalOpportunityGap {
        sheet.add(
          named("measure.equalOpportunity"), number: abs(gap.value), .fixed(3),
          sample: key("sample.test"), rows: group.rows, bads: own.badRows,
          method: MethodNames.message(gap.method), limit: limit,
          sufficientData: group.verdictAllowed)
      }
      if let limit = limits[.groupAUCGap], let gap = comparison.aucGap {
        sheet.add(
          named("measure.groupAUCGap"), number: abs(gap.value), .fixed(3),
          sample: key("sample.test"), rows: group.rows, bads: own.badRows,
          method: MethodNames.message(gap.method), limit: limit,
          sufficientData: group.verdictAllowed)
      }
    }
  }

  /// The groups whose figures are printed. Where one group alone is suppressed, the smallest of the
  /// others goes too: one hidden number among known totals is no secret.
  private static func visible(_ outcome: GroupOutcomes) -> [GroupOutcome] {
    let open = outcome.groups.filter { $0.own != nil }
    guard outcome.groups.count - open.count == 1,
      let smallest = open.min(by: { ($0.rows, $0.label) < ($1.rows, $1.label) })
    else { return open }
    return open.filter { $0.label != smallest.label }
  }

  private static func items(for outcome: GroupOutcomes) -> [ReportItem] {
    let attribute = Value.code(outcome.attribute)
    let shown = visible(outcome)
    let own = ReportTable(
      title: key("fairness.groups", ["attribute": attribute]),
      columns: [
        .left("column.group"), .right("column.rows"), .right("column.bads"),
        .left("column.badRate"), .left("column.approvalRate"), .right("column.meanPD"),
        .left("column.auc"), .left("column.oe"), .left("column.goodsRefused"),
      ],
      rows: outcome.groups.map { group in
        guard let own = group.own, shown.contains(where: { $0.label == group.label }) else {
          return [.text(group.label), .key("value.suppressed")]
        }
        return [
          group.isReference
            ? .message(key("fairness.reference", ["group": .text(group.label)]))
            : .text(group.label),
          .count(group.rows), .count(own.badRows), .estimate(own.badRate, .percent(1)),
          .estimate(own.approvalRate, .percent(1)),
          .number(own.meanProbability, format: .percent(1)), .estimate(own.auc, .fixed(3)),
          .estimate(own.observedOverExpected, .fixed(2)),
          .estimate(own.goodsRefused, .percent(1)),
        ]
      },
      note: key(
        "fairness.groupsNote",
        [
          "suppress": .count(outcome.options.suppressBelow),
          "rows": .count(outcome.options.minimumRows),
          "bads": .count(outcome.options.minimumBads),
          "without": .count(outcome.rowsWithoutGroup),
        ]))
    let compared = shown.filter { $0.comparison != nil }
    var items: [ReportItem] = [
      .subheading(key("fairness.attribute", ["attribute": attribute])), .table(own),
    ]
    if compared.isEmpty { return items }
    items.append(
      .table(
        ReportTable(
          title: key(
            "fairness.compared",
            [
              "attribute": attribute,
              "reference": .text(outcome.reference ?? NumberStyle.missing),
            ]),
          columns: [
            .left("column.group"), .left("column.air"), .right("column.pValue"),
            .left("column.approvalGap"), .right("column.refusalRatio"), .left("column.smd"),
            .left("column.equalOpportunity"), .right("column.equalisedOdds"),
            .left("column.predictiveParity"), .left("column.aucGap"),
          ],
          rows: compared.map { group in
            let comparison = group.comparison
            return [
              .text(group.label), .estimate(comparison?.adverseImpact?.ratio, .fixed(2)),
              .number(comparison?.adverseImpact?.pValue, .pValue),
              .estimate(comparison?.approvalGap, .percent(1)),
              .number(comparison?.refusalRatio, .fixed(2)),
              .estimate(comparison?.standardisedMeanDifference, .fixed(2)),
              .estimate(comparison?.equalOpportunityGap, .fixed(3)),
              .number(comparison?.equalisedOddsGap, .fixed(3)),
              .estimate(comparison?.predictiveParityGap, .fixed(3)),
              .estimate(comparison?.aucGap, .fixed(3)),
            ]
          }, note: key("fairness.comparedNote"))))
    return items
  }
}
