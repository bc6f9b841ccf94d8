import CandorDocument
public import CandorEvaluation

/// What sections 9 to 11 lay out.
public struct PerformanceInput: Sendable {
  /// The families on the test sample.
  public var families: [FamilyEvaluation]
  /// The champion.
  public var champion: String
  /// The limits that were fixed before the run.
  public var limits: [LimitName: Limit]

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - families: The families on the test sample.
  ///   - champion: The champion.
  ///   - limits: The limits that were fixed before the run.
  public init(families: [FamilyEvaluation], champion: String, limits: [LimitName: Limit]) {
    self.families = families
    self.champion = champion
    self.limits = limits
  }

  /// The champion's evaluations, or the first family's where the champion is unknown.
  var chosen: FamilyEvaluation? {
    families.first { $0.family == champion } ?? families.first
  }
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
    let sample = key("sample.test")
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
        .notTested([
          NotTestedCheck(key("check.hMeasure"), because: key("reason.notComputed")),
          NotTestedCheck(key("check.bySegment"), because: key("reason.notComputed")),
          NotTestedCheck(key("check.outOfTime"), because: key("reason.noPeriodSplit")),
        ]),
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

/// Section 10: whether the probabilities are right.
public enum CalibrationSection {
  /// Lays the section out; findings are the champion's.
  ///
  /// - Parameter input: Evaluations and limits.
  /// - Returns: The section.
  public static func build(_ input: PerformanceInput) -> ReportSection {
    guard let chosen = input.chosen else { return ReportSection(.calibration, []) }
    let test = chosen.test
    let calibration = test.calibration
    let sample = key("sample.test")
    var sheet = FindingSheet(prefix: "CAL")
    func add(
      _ measure: String, _ estimate: Estimate?, _ format: NumberFormat, _ limit: LimitName?
    ) {
      sheet.add(
        key(measure), estimate, format, sample: sample, rows: test.rows, bads: test.badRows,
        limit: limit.flatMap { input.limits[$0] })
    }
    func addNumber(
      _ measure: String, _ number: Double?, _ format: NumberFormat, method: String,
      _ limit: LimitName? = nil
    ) {
      sheet.add(
        key(measure), number: number, format, sample: sample, rows: test.rows, bads: test.badRows,
        method: key(method), limit: limit.flatMap { input.limits[$0] })
    }
    add(
      "measure.observedOverExpected", calibration.observedOverExpected, .fixed(2),
      .observedOverExpected)
    add("measure.slope", calibration.slope, .fixed(2), .calibrationSlope)
    add("measure.intercept", calibration.intercept, .fixed(2), .calibrationIntercept)
    add("measure.interceptInTheLarge", calibration.interceptInTheLarge, .fixed(2), nil)
    add("measure.brier", test.brier.score, .fixed(4), .brier)
    addNumber("measure.brierSkill", test.brier.skill, .fixed(3), method: "method.brierSkill")
    add("measure.logLoss", test.logLoss, .fixed(4), .logLoss)
    addNumber(
      "measure.ece", calibration.expectedCalibrationError, .fixed(4), method: "method.ece",
      .expectedCalibrationError)
    addNumber(
      "measure.ecePerfect", calibration.expectedCalibrationErrorOfPerfect, .fixed(4),
      method: "method.ecePerfect")
    addNumber(
      "measure.hosmerLemeshow", calibration.hosmerLemeshow.pValue, .pValue,
      method: "method.hosmerLemeshow")
    addNumber(
      "measure.spiegelhalter", calibration.spiegelhalterPValue, .pValue,
      method: "method.spiegelhalter")
    return ReportSection(
      .calibration,
      [
        .paragraph(key("calibration.intro", ["family": FamilyName.value(chosen.family)])),
        .findings(sheet.findings),
        .list([
          key(
            "calibration.tests",
            [
              "chi": .number(calibration.hosmerLemeshow.statistic, format: .fixed(2)),
              "df": .count(calibration.hosmerLemeshow.degreesOfFreedom),
              "z": .number(calibration.spiegelhalterZ, .fixed(2)),
            ]),
          key(
            "calibration.brierParts",
            [
              "reliability": .number(test.brier.decomposition.reliability, format: .fixed(4)),
              "resolution": .number(test.brier.decomposition.resolution, format: .fixed(4)),
              "uncertainty": .number(test.brier.decomposition.uncertainty, format: .fixed(4)),
            ]), key("calibration.ecePerfectNote"),
        ]), .table(bands(test, family: chosen.family)),
        .figure(EvaluationFigures.reliability(test, family: chosen.family)),
        .supplied([
          SuppliedField(label: key("supplied.master_scale"), answer: nil),
          SuppliedField(label: key("supplied.long_run_rate"), answer: nil),
        ]),
        SuppliedSections.notComputed(["check.calibrationBySegment", "check.jeffreys"]),
      ])
  }

  private static func bands(_ test: Evaluation, family: String) -> ReportTable {
    ReportTable(
      title: key("calibration.bands", ["family": FamilyName.value(family)]),
      columns: [
        .right("column.band"), .left("column.pdRange"), .right("column.rows"),
        .right("column.bads"), .right("column.meanPD"), .left("column.badRate"),
      ],
      rows: test.reliability.bins.enumerated().map { index, bin in
        [
          .count(index + 1),
          .range(bin.lowestProbability, bin.highestProbability, format: .percent(1)),
          .count(bin.rows), .count(bin.badRows),
          .number(bin.meanProbability, format: .percent(1)),
          .estimate(bin.observed, .percent(1)),
        ]
      }, note: key("calibration.bandsNote"))
  }
}

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
        key(measure), estimate, .percent(1), sample: key("sample.test"), rows: test.rows,
        bads: test.badRows, limit: limit.flatMap { input.limits[$0] })
    }
    add("measure.approvalRate", confusion.approvalRate, .approvalRate)
    add("measure.badRateAmongApproved", confusion.badRateAmongApproved, .badRateAmongApproved)
    add("measure.accuracy", confusion.accuracy, .accuracy)
    add("measure.precision", confusion.precision, .precision)
    add("measure.recall", confusion.recall, .recall)
    add("measure.specificity", confusion.specificity, nil)
    sheet.add(
      key("measure.f1"), number: confusion.f1, .fixed(3), sample: key("sample.test"),
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
