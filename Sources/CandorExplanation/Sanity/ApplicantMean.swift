package import CandorEvaluation
package import CandorNumerics

/// Means over applicants with bootstrap intervals.
package enum ApplicantMean {
  /// The replicates unless told otherwise.
  package static let replicates = 1000

  /// The mean of one number an applicant, those that have none left out, with the percentile interval
  /// over applicants drawn with replacement (Efron and Tibshirani 1993, chapter 13).
  ///
  /// - Parameters:
  ///   - values: One number an applicant, nil where it is not defined.
  ///   - replicates: How many resamples.
  ///   - seeds: The randomness.
  /// - Returns: The mean and its 95% interval, no interval for fewer than two; nil for none.
  package static func estimate(
    _ values: [Double?], replicates: Int = ApplicantMean.replicates, seeds: SeedTree
  ) -> Estimate? {
    let known = values.compactMap { $0 }
    guard !known.isEmpty else { return nil }
    let mean = OrderedReduction.sum(known) / Double(known.count)
    let method = "percentile bootstrap over \(known.count) applicants, \(replicates) replicates"
    guard known.count > 1, replicates > 1 else {
      return Estimate(value: mean, method: method + ", too few for an interval")
    }
    var means: [Double] = []
    means.reserveCapacity(replicates)
    for replicate in 0..<replicates {
      var generator = seeds.child("applicants").child(replicate).generator()
      var sum = 0.0
      for _ in known.indices { sum += known[generator.nextInteger(below: known.count)] }
      means.append(sum / Double(known.count))
    }
    means.sort()
    return Estimate(
      value: mean, standardError: Moments.standardDeviation(means),
      lower: Quantiles.sorted(means, at: 0.025), upper: Quantiles.sorted(means, at: 0.975),
      method: method)
  }
}
