import CandorNumerics

/// Bootstrap samples of the applicants as weights, so that a band costs sums and no scoring.
///
/// Efron 1979, doi:10.1214/aos/1176344552: each resample counts how often a row was drawn (multinomial
/// counts); the counts multiply the rows' own weights.
struct RowResamples: Sendable {
  /// Resamples × rows.
  let weights: Matrix
  /// The total weight of each resample.
  let totals: [Double]

  /// The number of resamples.
  var count: Int { weights.rows }

  /// Draws resamples; resample r depends on the seeds, r and the number of rows alone.
  init(_ count: Int, of background: Background, seeds: SeedTree, threads: Int) {
    let rows = background.count
    let own = background.weights ?? [Double](repeating: 1, count: rows)
    let draws = Parallel.map(count: count, threads: threads) { index -> [Double] in
      var generator = seeds.child(index).generator()
      let counts = Sampling.bootstrapCounts(rows, using: &generator)
      let drawn = zip(counts, own).map { Double($0) * $1 }
      // A resample of weightless rows alone says nothing; the sample stands for it.
      return drawn.contains { $0 > 0 } ? drawn : own
    }
    totals = draws.map { OrderedReduction.sum($0) }
    var weights = Matrix(rows: count, columns: rows)
    for (index, draw) in draws.enumerated() { weights.setRow(index, to: draw) }
    self.weights = weights
  }

  /// The weighted mean of every column in every resample: resamples × columns; one product.
  func means(of values: Matrix, threads: Int) throws(ExplanationError) -> Matrix {
    // The cut is fixed, since it may change a product's bits.
    let blocks = Parallel.blocks(of: count, size: 32)
    do throws(LinearAlgebraError) {
      let parts = try Parallel.map(count: blocks.count, threads: threads) {
        index throws(LinearAlgebraError) -> Matrix in
        try BLAS.product(weights.selecting(rows: Array(blocks[index])), values)
      }
      var means = try Matrix(
        rows: count, columns: values.columns, values: parts.flatMap(\.values))
      for row in 0..<count {
        for column in 0..<values.columns { means[row, column] /= totals[row] }
      }
      return means
    } catch {
      throw ExplanationError(numerical: error)
    }
  }
}

extension EffectEstimate {
  /// An estimate with the spread of its resamples; none where there are none.
  init(_ value: Double, resamples: [Double]) {
    self.value = value
    guard resamples.count > 1 else {
      standardError = nil
      lower = nil
      upper = nil
      return
    }
    standardError = Moments.standardDeviation(resamples)
    let sorted = resamples.sorted()
    lower = Quantiles.sorted(sorted, at: 0.025)
    upper = Quantiles.sorted(sorted, at: 0.975)
  }
}
