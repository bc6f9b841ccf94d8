import CandorDocument
import CandorEvaluation

/// A number that the tool prints when a report is done.
public struct Headline: Sendable, Equatable, Encodable {
  /// What the number is.
  public let name: String
  /// The number.
  public let value: Double
  /// The lower end of its 95% interval.
  public let lower: Double?
  /// The upper end of its 95% interval.
  public let upper: Double?
  /// The number with its interval, as a person reads it.
  public let text: String
}

extension StudyResult {
  /// The five numbers that a report is first asked for, of the champion on the test rows.
  public var headlines: [Headline] {
    let evaluation = championTest.evaluation
    let style = NumberStyle(language: .english)
    func headline(_ name: String, _ estimate: Estimate, _ format: NumberFormat) -> Headline {
      Headline(
        name: name, value: estimate.value, lower: estimate.lower, upper: estimate.upper,
        text: style.string(
          estimate.value, lower: estimate.lower, upper: estimate.upper, format))
    }
    var lines = [
      headline("AUC (\(championTest.key), test)", evaluation.auc, .fixed(3)),
      headline("KS", evaluation.ks, .fixed(3)),
      headline("Brier score", evaluation.brier.score, .fixed(4)),
    ]
    if let ratio = evaluation.calibration.observedOverExpected {
      lines.append(headline("Observed / expected bads", ratio, .fixed(2)))
    }
    lines.append(
      headline(
        "Approval rate at the cut-off", evaluation.confusion.approvalRate, .percent(1)))
    return lines
  }
}
