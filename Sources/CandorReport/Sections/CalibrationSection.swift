import CandorDocument
import CandorEvaluation

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
    let sample = input.sample
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
