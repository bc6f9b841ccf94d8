import CandorDocument
import CandorEvaluation

/// Numbers as the tool prints them.
enum Numbers {
  private static let style = NumberStyle(language: .english)

  static func decimal(_ value: Double, _ places: Int) -> String {
    style.string(value, .fixed(places))
  }

  static func percent(_ value: Double) -> String { style.string(value, .percent(1)) }

  static func signed(_ value: Double, _ places: Int) -> String {
    (value >= 0 ? "+" : "") + decimal(value, places)
  }

  static func pValue(_ value: Double) -> String {
    value < 0.001 ? "<0.001" : decimal(value, 3)
  }

  static func interval(_ estimate: Estimate, _ places: Int) -> String {
    guard let lower = estimate.lower, let upper = estimate.upper else {
      return decimal(estimate.value, places)
    }
    return style.string(estimate.value, lower: lower, upper: upper, .fixed(places))
  }
}
