import CandorDocument
import CandorExplanation

/// How methods, scales, evidence and warnings of explanations are named in reports.
enum ExplanationNames {
  static func method(_ method: ExplanationMethod) -> Message {
    .key("explainer.\(method.rawValue)")
  }

  static func scale(_ scale: ExplainedScale) -> Message { .key("scale.\(scale.rawValue)") }

  /// Why a person looks at a list of reasons first.
  static func review(_ cause: ReasonReview) -> Message { .key("review.\(cause.rawValue)") }

  /// The measure of a permutation importance; one that is not known here stays as it is.
  static func measure(_ name: String) -> Message {
    switch name {
    case ImportanceMeasure.aucDrop.name: .key("axis.aucDrop")
    case ImportanceMeasure.logLossRise.name: .key("axis.logLossRise")
    default: .text(name)
    }
  }

  /// The warnings of evidence in a cell.
  static func warnings(_ warnings: [FidelityWarning]) -> Value {
    warnings.isEmpty
      ? .key("value.none")
      : .list(warnings.map { .strong(.key("warning.\($0.code.rawValue)")) })
  }

  /// What was measured, in a sentence with its numbers.
  static func evidence(_ evidence: FidelityEvidence) -> Message {
    func number(_ value: Double) -> Value { .number(value, format: .significant(3)) }
    switch evidence {
    case .additivity(_, let relative):
      return key("evidence.additivity", ["relative": number(relative)])
    case .sampled(let sampled):
      return key(
        "evidence.sampled",
        [
          "pairs": .count(sampled.pairs),
          "error": number(sampled.largestStandardError),
          "share": .number(sampled.relativeStandardError, format: .percent(1)),
          "half": number(sampled.splitHalfDifference),
        ])
    case .completeness(let residual, let tolerance, let nodes):
      return key(
        "evidence.completeness",
        ["residual": number(residual), "tolerance": number(tolerance), "nodes": .count(nodes)])
    case .surrogate(let surrogate):
      return key(
        "evidence.surrogate",
        [
          "r": .number(surrogate.rSquared, format: .fixed(2)), "rank": .count(surrogate.rank),
          "columns": .count(surrogate.columns), "condition": number(surrogate.conditionNumber),
        ])
    case .repeats(let count, let rows):
      return key("evidence.repeats", ["n": .count(count), "rows": .count(rows)])
    case .slope: return key("evidence.slope")
    case .draws(let draws):
      return key(
        "evidence.draws",
        [
          "n": .count(draws.gradients), "error": number(draws.largestStandardError),
          "share": .number(draws.relativeStandardError, format: .percent(1)),
        ])
    }
  }
}
