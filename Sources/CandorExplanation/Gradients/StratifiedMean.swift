import CandorNumerics

/// The weighted mean over strata of the mean within each, with standard errors from the draws within
/// the strata.
struct StratifiedMean {
  /// One value a column.
  let values: [Double]
  /// One standard error a column.
  let errors: [Double]
  /// The two-sided 95% quantile of each column's error.
  let quantiles: [Double]

  /// Estimates from draws of equal number in each stratum, two at least.
  ///
  /// The error is `√(Σ share² · variance / draws)`. Where few strata make up the variance, the quantile
  /// is Student's with the degrees of freedom of Satterthwaite 1946, doi:10.2307/3002019, in the form
  /// `(Σ v)² / Σ (v² / (m + 1)) − 2`, which is not biased for few draws a stratum.
  ///
  /// - Parameters:
  ///   - draws: Draw `k` belongs to stratum `k mod shares.count`.
  ///   - shares: One weight a stratum; they add up to one.
  init(_ draws: [[Double]], shares: [Double]) {
    let strata = max(shares.count, 1)
    let each = draws.count / strata
    let m = Double(each)
    let width = draws.first?.count ?? 0
    var values: [Double] = []
    var errors: [Double] = []
    var quantiles: [Double] = []
    for column in 0..<width {
      var means: [Double] = []
      var variances: [Double] = []
      for (stratum, share) in shares.enumerated() {
        var sum = 0.0
        for k in 0..<each { sum += draws[k * strata + stratum][column] }
        let mean = sum / m
        var squares = 0.0
        for k in 0..<each {
          let deviation = draws[k * strata + stratum][column] - mean
          squares += deviation * deviation
        }
        means.append(share * mean)
        variances.append(each > 1 ? share * share * squares / (m - 1) / m : 0)
      }
      values.append(OrderedReduction.sum(means))
      let variance = OrderedReduction.sum(variances)
      errors.append(variance.squareRoot())
      let fourth = OrderedReduction.sum(variances.map { $0 * $0 / (m + 1) })
      let freedom = fourth > 0 ? max(variance * variance / fourth - 2, 1) : .infinity
      quantiles.append(
        freedom < 1000
          ? StudentT.quantile(0.975, degreesOfFreedom: freedom) : NormalQuantile.of95)
    }
    self.values = values
    self.errors = errors
    self.quantiles = quantiles
  }
}
