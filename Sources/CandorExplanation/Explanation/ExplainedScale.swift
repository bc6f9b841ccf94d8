/// The unit in which an explanation speaks; it is part of every result.
///
/// On every scale a positive number is towards bad. Explanations on different scales refuse to be
/// compared (`Explanation.requireComparable`).
public enum ExplainedScale: String, Sendable, Codable, CaseIterable {
  /// The scorer's own output before calibration; its unit differs by family.
  case margin
  /// The log-odds of the PD: the scale of reasons, and the one on which families are compared.
  case logOdds
  /// The PD itself.
  case probability
  /// Scorecard points lost: the negative of the points, so that positive stays towards bad.
  case points
}
