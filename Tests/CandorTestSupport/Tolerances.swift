/// The tolerances that tests compare with, each in one place with its reason.
public enum Tolerance {
  /// Two ways to compute the same thing in `Double`, a few thousand operations apart.
  public static let exact = 1e-9
  /// Against another program's printed digits.
  public static let reference = 1e-6
  /// Iterative optimisers with their own stopping rules.
  public static let optimum = 1e-3
}

/// Whether two numbers agree to a relative tolerance (absolute below one).
public func agree(_ a: Double, _ b: Double, within tolerance: Double) -> Bool {
  abs(a - b) <= tolerance * max(1, abs(a), abs(b))
}

/// The largest disagreement of two lists in the measure of `agree`; infinite where lengths differ.
public func largestDisagreement(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).map { abs($0 - $1) / max(1, abs($0), abs($1)) }.max() ?? 0
}
