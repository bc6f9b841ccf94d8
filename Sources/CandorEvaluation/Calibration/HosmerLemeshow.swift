/// The Hosmer-Lemeshow statistic Σ (O - E)² / (E (1 - E/n_g)) over groups of near-equal size.
///
/// Its degrees of freedom are G - 2 on the rows that the model was fitted to and G on any other
/// rows. Power grows with n: never the only evidence. Hosmer and Lemeshow, Communications in
/// Statistics A9 (1980), doi:10.1080/03610928008827941.
public struct HosmerLemeshow: Sendable, Equatable, Codable {
  /// The statistic; expected rates are kept 1e-12 away from 0 and 1.
  public let statistic: Double
  /// The number of groups that hold rows.
  public let groups: Int
  /// The degrees of freedom of the reference distribution.
  public let degreesOfFreedom: Int
  /// The chance of a statistic at least as large for perfect probabilities; nil with unequal
  /// weights or without a degree of freedom, where the reference does not hold.
  public let pValue: Double?

  /// The statistic of a sample; throws where `groups` is below 2; O(n).
  public init(
    of sample: ScoredSample, groups count: Int = 10, fittedOnThisSample: Bool = false
  ) throws(EvaluationError) {
    guard count >= 2 else {
      throw EvaluationError(
        .badOption, "The Hosmer-Lemeshow statistic has \(count) groups; it needs at least 2.")
    }
    let bins = ProbabilityBins(sample.ranked, bins: count).bins
    // Equal weights cancel, so that a common factor does not inflate the statistic.
    let unit = sample.ranked.hasUnequalWeights ? 1 : sample.ranked.weights[0]
    statistic = bins.reduce(0) { sum, bin in
      let n = bin.weight / unit
      let rate = min(max(bin.expected / bin.weight, 1e-12), 1 - 1e-12)
      let gap = bin.bads / unit - n * rate
      return sum + gap * gap / (n * rate * (1 - rate))
    }
    groups = bins.count
    degreesOfFreedom = fittedOnThisSample ? bins.count - 2 : bins.count
    pValue =
      sample.ranked.hasUnequalWeights || degreesOfFreedom < 1
      ? nil : Tail.chiSquaredUpper(statistic, degrees: Double(degreesOfFreedom))
  }
}
