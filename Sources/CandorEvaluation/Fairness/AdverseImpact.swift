import Foundation

/// The approval rate of a group over that of the reference group.
public struct AdverseImpact: Sendable, Equatable, Codable {
  /// The adverse impact ratio r_g / r_ref with an interval on the log scale by the delta method,
  /// se² = (1 - r_g)/a_g + (1 - r_ref)/a_ref with a the approvals; half an approval and half a
  /// refusal are added to both groups for the interval where one of them approves nobody.
  public let ratio: Estimate
  /// The pooled two-proportion z of the difference of approval rates; nil where all or none are
  /// approved.
  public let z: Double?
  /// The two-sided p-value of z.
  public let pValue: Double?

  /// Compares two approval rates found among (effective) numbers of rows; nil where the
  /// reference approves nobody, since the ratio is then not defined.
  public init?(
    rate: Double, count: Double, referenceRate: Double, referenceCount: Double,
    level: Double = 0.95
  ) {
    guard referenceRate > 0, count > 0, referenceCount > 0 else { return nil }
    var r1 = rate
    var n1 = count
    var r2 = referenceRate
    var n2 = referenceCount
    var method = "log scale, delta method"
    if rate == 0 {
      r1 = (rate * n1 + 0.5) / (n1 + 1)
      r2 = (referenceRate * n2 + 0.5) / (n2 + 1)
      n1 += 1
      n2 += 1
      method = "log scale, delta method with half an approval added"
    }
    let error = ((1 - r1) / (r1 * n1) + (1 - r2) / (r2 * n2)).squareRoot()
    let factor = exp(Tail.twoSidedNormal(level) * error)
    let value = rate / referenceRate
    ratio = Estimate(
      value: value, standardError: rate > 0 ? value * error : nil,
      lower: rate > 0 ? value / factor : 0, upper: rate > 0 ? value * factor : r1 / r2 * factor,
      level: level, method: method)
    let pooled = (rate * count + referenceRate * referenceCount) / (count + referenceCount)
    let spread = (pooled * (1 - pooled) * (1 / count + 1 / referenceCount)).squareRoot()
    z = spread > 0 ? (rate - referenceRate) / spread : nil
    pValue = z.map { Tail.twoSidedPValue($0) }
  }
}
