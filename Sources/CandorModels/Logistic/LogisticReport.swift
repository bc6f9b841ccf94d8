import CandorNumerics
import CandorScoring

/// What a logistic fit says besides its numbers.
enum LogisticReport {
  /// Coefficients with standard errors and two-sided Wald p-values, the intercept first.
  static func estimates(
    intercept: Double, coefficients: [Double], errors: [Double]?, kept: [Int], names: [String]
  ) -> [TrainingLog.CoefficientEstimate] {
    func estimate(
      _ name: String, _ value: Double, _ error: Double?
    ) -> TrainingLog.CoefficientEstimate {
      let usable = error.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
      return TrainingLog.CoefficientEstimate(
        name: name, estimate: value, standardError: usable,
        pValue: usable.map { 2 * Normal.survival(abs(value / $0)) })
    }
    var errorOfColumn = [Double?](repeating: nil, count: coefficients.count)
    if let errors { for (k, column) in kept.enumerated() { errorOfColumn[column] = errors[k + 1] } }
    return [estimate("(intercept)", intercept, errors?[0])]
      + coefficients.indices.map { estimate(names[$0], coefficients[$0], errorOfColumn[$0]) }
  }

  /// Which columns were left out, and why.
  static func omissionNotices(_ design: StandardisedDesign, names: [String]) -> [String] {
    var notices: [String] = []
    if !design.constant.isEmpty {
      notices.append(
        "Constant in the training rows, coefficient set to zero: "
          + design.constant.map { names[$0] }.joined(separator: ", ") + ".")
    }
    if !design.dependent.isEmpty {
      notices.append(
        "The design is rank deficient. Linear combinations of columns before them, coefficient "
          + "set to zero: " + design.dependent.map { names[$0] }.joined(separator: ", ") + ".")
    }
    return notices
  }

  /// That the outcomes are separated, by which columns, and what was done.
  static func separationNotice(
    _ finding: SeparationWatch.Finding, rows: Int, ridge: Double, columns: [String]
  ) -> String {
    let what =
      finding.isComplete
      ? "Complete separation: the columns tell good from bad in all \(rows) training rows"
      : "Quasi-complete separation: the columns settle the outcome of \(finding.rows) of \(rows) "
        + "training rows without error"
    return what + " (\(columns.joined(separator: ", "))), so that maximum likelihood has no finite "
      + "answer. The model was fitted with a small ridge instead (\(ridge), on coefficients a "
      + "standard deviation, or a step between levels); standard errors and p-values are not given."
  }
}
