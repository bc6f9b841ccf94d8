import CandorDocument
public import CandorEvaluation

/// What sections 9 to 11 lay out.
public struct PerformanceInput: Sendable {
  /// The families on the test sample.
  public var families: [FamilyEvaluation]
  /// The champion.
  public var champion: String
  /// Whether the test sample is of a later time than the training sample.
  public var isSplitByTime: Bool
  /// The limits of the study.
  public var limits: [LimitName: Limit]

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - families: The families on the test sample.
  ///   - champion: The champion.
  ///   - isSplitByTime: Whether the test sample is of a later time than the training sample.
  ///   - limits: The limits of the study.
  public init(
    families: [FamilyEvaluation], champion: String, isSplitByTime: Bool,
    limits: [LimitName: Limit]
  ) {
    self.families = families
    self.champion = champion
    self.isSplitByTime = isSplitByTime
    self.limits = limits
  }

  /// The champion's evaluations, or the first family's where the champion is unknown.
  var chosen: FamilyEvaluation? {
    families.first { $0.family == champion } ?? families.first
  }

  /// The test sample by name.
  var sample: Message { key(isSplitByTime ? "sample.outOfTime" : "sample.test") }
}

/// Section 9: how well the model tells bads from goods.
public enum PerformanceSection {
  /// Lays the section out; findings are the champion's, `PERF-01` its AUC.
  ///
  /// - Parameter input: Evaluations and limits.
  /// - Returns: The section.
  public static func build(_ input: PerformanceInput) -> ReportSection {
    guard let chosen = input.chosen else { return ReportSection(.performance, []) }
    let test = chosen.test
    let sample = input.sample
    var sheet = FindingSheet(prefix: "PERF")
    func add(
      _ measure: String, _ estimate: Estimate, _ format: NumberFormat, _ limit: LimitName?
    ) {
      sheet.add(
        key(measure), estimate, format, sample: sample, rows: test.rows, bads: test.badRows,
        limit: limit.flatMap { input.limits[$0] })
    }
    add("measure.auc", test.auc, .fixed(3), .auc)
    add("measure.gini", test.gini, .fixed(3), .gini)
    add("measure.ks", test.ks, .fixed(3), .ks)
    add("measure.averagePrecision", test.averagePrecision, .fixed(3), .averagePrecision)
    if let training = chosen.training {
      sheet.add(
        key("measure.overfitGap"), number: training.auc.value - test.auc.value, .fixed(3),
        sample: key("sample.trainingAndTest"), rows: training.rows + test.rows,
        bads: training.badRows + test.badRows, method: key("method.difference"),
        limit: input.limits[.overfitGap])
    }
    var notTested = [
      NotTestedCheck(key("check.hMeasure"), because: key("reason.notComputed")),
      NotTestedCheck(key("check.capCurve"), because: key("reason.notComputed")),
      NotTestedCheck(key("check.bySegment"), because: key("reason.notComputed")),
    ]
    if !input.isSplitByTime {
      notTested.append(
        NotTestedCheck(key("check.outOfTime"), because: key("reason.noPeriodSplit")))
    }
    return ReportSection(
      .performance,
      [
        .paragraph(
          key("performance.intro", ["family": FamilyName.value(chosen.family)])),
        .findings(sheet.findings),
        .paragraph(
          key(
            "performance.ksAt",
            ["pd": .number(test.kolmogorovSmirnov.probability, format: .fixed(3))])),
        .figure(EvaluationFigures.roc(input.families)),
        .table(gains(test, family: chosen.family)),
        .figure(EvaluationFigures.gains(input.families)),
        .figure(EvaluationFigures.scores(test, family: chosen.family)),
        .notTested(notTested),
      ])
  }

  private static func gains(_ test: Evaluation, family: String) -> ReportTable {
    ReportTable(
      title: key("performance.gains", ["family": FamilyName.value(family)]),
      columns: [
        .right("column.decile"), .right("column.rows"), .right("column.bads"),
        .left("column.badRate"), .right("column.meanPD"), .right("column.lift"),
        .right("column.cumulativeShare"), .right("column.capture"),
      ],
      rows: test.gains.bands.map { band in
        [
          .count(band.number), .count(band.rows), .count(band.badRows),
          .estimate(band.badRate, .percent(1)),
          .number(band.meanProbability, format: .percent(1)),
          .number(band.lift, format: .fixed(2)),
          .number(band.cumulativeShare, format: .percent(1)),
          .number(band.cumulativeCapture, format: .percent(1)),
        ]
      }, note: key("performance.gainsNote"))
  }
}
