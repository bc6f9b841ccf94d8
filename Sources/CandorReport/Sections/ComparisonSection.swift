public import CandorDocument
public import CandorEvaluation

/// What section 8 lays out.
public struct ComparisonInput: Sendable {
  /// Two families on the same rows.
  public struct Pair: Sendable {
    /// The first family.
    public var first: String
    /// The second family.
    public var second: String
    /// The difference of their AUCs.
    public var delong: PairedDeLong
    /// The p-value after Holm's adjustment over all pairs.
    public var adjustedPValue: Double?
    /// How many test rows they decide differently at their cut-offs.
    public var decisionsThatDiffer: Int

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - first: The first family.
    ///   - second: The second family.
    ///   - delong: The difference of their AUCs.
    ///   - adjustedPValue: The p-value after Holm's adjustment over all pairs.
    ///   - decisionsThatDiffer: How many test rows they decide differently.
    public init(
      first: String, second: String, delong: PairedDeLong, adjustedPValue: Double?,
      decisionsThatDiffer: Int
    ) {
      self.first = first
      self.second = second
      self.delong = delong
      self.adjustedPValue = adjustedPValue
      self.decisionsThatDiffer = decisionsThatDiffer
    }
  }

  /// The families on the test sample.
  public var families: [FamilyEvaluation]
  /// Log-loss and AUC out of fold on training rows, by family: what the champion was chosen by.
  public var outOfFold: [(family: String, logLoss: Double, auc: Double)]
  /// The pairs.
  public var pairs: [Pair]
  /// The champion.
  public var champion: String
  /// How it was chosen.
  public var rule: Message

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - families: The families on the test sample.
  ///   - outOfFold: Log-loss and AUC out of fold on training rows, by family.
  ///   - pairs: The pairs.
  ///   - champion: The champion.
  ///   - rule: How it was chosen.
  public init(
    families: [FamilyEvaluation], outOfFold: [(family: String, logLoss: Double, auc: Double)],
    pairs: [Pair], champion: String, rule: Message
  ) {
    self.families = families
    self.outOfFold = outOfFold
    self.pairs = pairs
    self.champion = champion
    self.rule = rule
  }
}

/// Section 8: the families side by side.
public enum ComparisonSection {
  /// Lays the section out.
  ///
  /// - Parameter input: Evaluations and paired differences.
  /// - Returns: The section.
  public static func build(_ input: ComparisonInput) -> ReportSection {
    var items: [ReportItem] = [
      .paragraph(
        key(
          "comparison.champion",
          ["family": FamilyName.value(input.champion), "rule": .message(input.rule)]))
    ]
    if !input.outOfFold.isEmpty {
      items.append(
        .table(
          ReportTable(
            title: key("comparison.outOfFold"),
            columns: [
              .left("column.family"), .right("column.logLoss"), .right("column.auc"),
            ],
            rows: input.outOfFold.map {
              [
                FamilyName.value($0.family), .number($0.logLoss, format: .fixed(4)),
                .number($0.auc, format: .fixed(3)),
              ]
            }, note: key("comparison.outOfFoldNote"))))
    }
    items.append(.table(table(input.families)))
    if input.families.count > 1 { items.append(.figure(figure(input.families))) }
    if !input.pairs.isEmpty {
      let rows = input.families.first?.test.rows ?? 0
      items.append(.table(pairs(input.pairs, rows: rows)))
      let ties = input.pairs.filter { ($0.adjustedPValue ?? 1) >= 0.05 }.count
      items.append(
        .paragraph(
          key("comparison.ties", ["ties": .count(ties), "pairs": .count(input.pairs.count)])))
    }
    items.append(
      .supplied([
        SuppliedField(label: key("supplied.comparison_criteria"), answer: nil),
        SuppliedField(label: key("supplied.incumbent"), answer: nil),
      ]))
    items.append(SuppliedSections.notComputed(["check.reasonStability", "check.ambiguity"]))
    return ReportSection(.comparison, items)
  }

  private static func table(_ families: [FamilyEvaluation]) -> ReportTable {
    ReportTable(
      title: key("comparison.test"),
      columns: [
        .left("column.family"), .left("column.auc"), .left("column.gini"), .left("column.ks"),
        .left("column.brier"), .left("column.logLoss"), .left("column.slope"),
        .left("column.oe"),
      ],
      rows: families.map { family in
        let test = family.test
        return [
          FamilyName.value(family.family), .estimate(test.auc, .fixed(3)),
          .estimate(test.gini, .fixed(3)), .estimate(test.ks, .fixed(3)),
          .estimate(test.brier.score, .fixed(4)), .estimate(test.logLoss, .fixed(4)),
          .estimate(test.calibration.slope, .fixed(2)),
          .estimate(test.calibration.observedOverExpected, .fixed(2)),
        ]
      },
      note: families.first.map {
        key("comparison.testNote", ["rows": .count($0.test.rows), "bads": .count($0.test.badRows)])
      })
  }

  private static func pairs(_ pairs: [ComparisonInput.Pair], rows: Int) -> ReportTable {
    ReportTable(
      title: key("comparison.pairs"),
      columns: [
        .left("column.firstFamily"), .left("column.secondFamily"),
        .left("column.aucDifference"), .right("column.pValue"),
        .right("column.adjustedPValue"), .right("column.decisionsDiffer"),
        .right("column.share"),
      ],
      rows: pairs.map { pair in
        [
          FamilyName.value(pair.first), FamilyName.value(pair.second),
          .estimate(pair.delong.difference, .fixed(3)), .number(pair.delong.pValue, .pValue),
          .number(pair.adjustedPValue, .pValue), .count(pair.decisionsThatDiffer),
          .number(
            rows > 0 ? Double(pair.decisionsThatDiffer) / Double(rows) : nil, .percent(1)),
        ]
      }, note: key("comparison.pairsNote"))
  }

  private static func figure(_ families: [FamilyEvaluation]) -> ReportFigure {
    ReportFigure(
      name: "families", caption: key("figure.families"),
      chart: .interval(
        IntervalChart(
          title: key("figure.families"), description: key("figure.families"),
          axis: Axis(label: key("axis.auc")), series: [key("axis.auc")],
          rows: families.map {
            IntervalChart.Row(
              label: FamilyName.message($0.family),
              estimates: [
                IntervalChart.Estimate(
                  value: $0.test.auc.value, lower: $0.test.auc.lower, upper: $0.test.auc.upper)
              ])
          }, reference: nil)))
  }
}
