import Foundation

/// The one table of limits on fidelity evidence, in code and in the report.
public struct FidelityThresholds: Sendable, Equatable, Codable {
  /// Exact methods: the largest residual relative to the magnitudes added. Beyond it an exact
  /// method throws.
  public var additivity = 1e-9
  /// Sampled Shapley: the largest standard error as a share of the sum of absolute attributions.
  public var relativeStandardError = 0.02
  /// Sampled Shapley: the split-half difference in multiples of the standard error that it has
  /// under independence (twice the largest standard error).
  public var splitHalfMultiple = 4.0
  /// Integrated gradients: the completeness residual as a share of the difference explained.
  public var completenessShare = 1e-3
  /// Integrated gradients: the floor of that tolerance, as a share of the standard deviation of
  /// the explained value over the background.
  public var completenessSpread = 1e-6
  /// Surrogates: R² below it gives a warning.
  public var surrogateWarning = 0.6
  /// Surrogates: R² from which the surrogate may stand as evidence beside a reason.
  public var surrogateEvidence = 0.9
  /// Surrogates: the condition number above which single coefficients are not to be read.
  public var conditionNumber = 1e6
  /// Surrogates: the least mean share of common top players over seeds.
  public var topOverlap = 0.75
  /// Permutation importance: the least number of repeats.
  public var repeats = 5

  /// The defaults.
  public init() {}

  /// The defaults.
  public static let standard = FidelityThresholds()

  /// The table as (name, limit) rows for reports, in a fixed order.
  public var rows: [(name: String, limit: Double)] {
    [
      ("additivity residual of exact methods, relative", additivity),
      ("standard error of sampled Shapley values, share of the total", relativeStandardError),
      ("split-half difference, multiples of its standard error", splitHalfMultiple),
      ("completeness residual, share of the difference", completenessShare),
      ("completeness residual, share of the spread", completenessSpread),
      ("surrogate R², warning below", surrogateWarning),
      ("surrogate R², evidence from", surrogateEvidence),
      ("surrogate condition number", conditionNumber),
      ("surrogate top overlap over seeds", topOverlap),
      ("permutation repeats", Double(repeats)),
    ]
  }

  /// The warnings that evidence deserves, in a fixed order.
  public func warnings(about evidence: FidelityEvidence) -> [FidelityWarning] {
    switch evidence {
    case .additivity(_, let relative):
      return relative > additivity
        ? [
          FidelityWarning(
            code: .notAdditive,
            sentence:
              "The attributions miss the explained value by \(text(relative)) relative; the limit "
              + "is \(text(additivity)).")
        ] : []
    case .sampled(let sampled): return warnings(about: sampled)
    case .completeness(let residual, let tolerance, let nodes):
      return abs(residual) > tolerance
        ? [
          FidelityWarning(
            code: .incomplete,
            sentence:
              "Integrated gradients miss the difference by \(text(residual)) with \(nodes) nodes; "
              + "the tolerance is \(text(tolerance)).")
        ] : []
    case .surrogate(let surrogate): return warnings(about: surrogate)
    case .repeats(let count, _):
      return count < repeats
        ? [
          FidelityWarning(
            code: .fewRepeats,
            sentence: "Only \(count) repeats stand behind the importances; \(repeats) at least.")
        ] : []
    case .slope: return []
    case .draws(let draws): return draws.warnings(thresholds: self)
    }
  }

  private func warnings(about sampled: SampledEvidence) -> [FidelityWarning] {
    var found: [FidelityWarning] = []
    if sampled.relativeStandardError > relativeStandardError {
      found.append(
        FidelityWarning(
          code: .largeStandardError,
          sentence:
            "The largest standard error is \(text(sampled.relativeStandardError)) of the total "
            + "attribution; the limit is \(text(relativeStandardError)). Draw more."))
    }
    if !sampled.reachedTarget {
      found.append(
        FidelityWarning(
          code: .targetNotReached,
          sentence:
            "What was asked of the draws was not reached with \(sampled.pairs) pairs of orders"
            + "\(limit(of: sampled)); the largest standard error is "
            + "\(text(sampled.largestStandardError))"
            + (sampled.orderIsCertain == false ? ", and the order is not certain." : ".")))
    }
    let expected = 2 * sampled.largestStandardError
    if sampled.splitHalfDifference > splitHalfMultiple * expected, expected > 0 {
      found.append(
        FidelityWarning(
          code: .splitHalvesDiffer,
          sentence:
            "The two halves of the draws differ by \(text(sampled.splitHalfDifference)), more than "
            + "\(text(splitHalfMultiple)) of its standard errors."))
    }
    return found
  }

  private func limit(of sampled: SampledEvidence) -> String {
    switch sampled.stop {
    case .pairs: ", the most allowed"
    case .evaluations: ", since more would pass the most evaluations allowed"
    case .time: " in the time allowed"
    case .drawn, .target, nil: ""
    }
  }

  private func warnings(about surrogate: SurrogateEvidence) -> [FidelityWarning] {
    var found: [FidelityWarning] = []
    if !(surrogate.rSquared >= surrogateWarning) {
      found.append(
        FidelityWarning(
          code: .surrogateUnfaithful,
          sentence:
            "The surrogate explains \(text(surrogate.rSquared)) of the model's variance on unseen "
            + "rows; below \(text(surrogateWarning)) it does not describe the model."))
    } else if surrogate.rSquared < surrogateEvidence {
      found.append(
        FidelityWarning(
          code: .surrogateNotEvidence,
          sentence:
            "The surrogate explains \(text(surrogate.rSquared)) of the model's variance on unseen "
            + "rows; below \(text(surrogateEvidence)) it is not evidence beside a reason."))
    }
    if surrogate.conditionNumber > conditionNumber {
      found.append(
        FidelityWarning(
          code: .surrogateIllConditioned,
          sentence:
            "The surrogate's design has the condition number \(text(surrogate.conditionNumber)); "
            + "single coefficients are not to be read."))
    }
    if let overlap = surrogate.topOverlap, overlap < topOverlap {
      found.append(
        FidelityWarning(
          code: .surrogateUnstable,
          sentence:
            "Two seeds share \(text(overlap)) of the surrogate's top \(surrogate.top) features on "
            + "average; the limit is \(text(topOverlap))."))
    }
    return found
  }

  private func text(_ number: Double) -> String { String(format: "%.4g", number) }
}
