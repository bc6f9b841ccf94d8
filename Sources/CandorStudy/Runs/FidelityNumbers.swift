import CandorExplanation

/// Fidelity evidence over many explanations.
enum FidelityNumbers {
  /// The largest standard error as a share of the total attribution; nil where every explanation is
  /// exact.
  static func largestRelativeError(_ explanations: [Explanation]) -> Double? {
    explanations.compactMap { explanation -> Double? in
      guard case .sampled(let evidence) = explanation.fidelity.evidence else { return nil }
      return evidence.relativeStandardError
    }.max()
  }
}
