package import CandorData
package import CandorNumerics
package import CandorScoring

/// A scorer with every linear capability and closed forms for every explanation.
package struct AffineScorer: LinearScorer {
  package let coefficients: [Double]
  package let intercept: Double
  package var inputWidth: Int { coefficients.count }
  package var marginScale: MarginScale { .logOdds }
  package var constantTerm: Double { intercept }

  package init(coefficients: [Double], intercept: Double) {
    self.coefficients = coefficients
    self.intercept = intercept
  }

  package func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count {
      output[r] = zip(rows.matrix.row(r), coefficients).reduce(intercept) { $0 + $1.0 * $1.1 }
    }
  }

  package func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    Matrix(rows: rows.count, columns: inputWidth) { _, c in coefficients[c] }
  }

  package func terms(of rows: EncodedRows) throws(ScoringError) -> Matrix {
    Matrix(rows: rows.count, columns: inputWidth) { rows.matrix[$0, $1] * coefficients[$1] }
  }
}

/// A scorer with nothing but `Scorer`, made of a function of the row.
package struct MinimalScorer: Scorer {
  package let inputWidth: Int
  package let marginScale: MarginScale
  private let function: @Sendable ([Double]) -> Double
  /// How many batches were scored.
  package let batches = LockedState(0)

  package init(
    inputWidth: Int, marginScale: MarginScale = .logOdds,
    _ function: @escaping @Sendable ([Double]) -> Double
  ) {
    self.inputWidth = inputWidth
    self.marginScale = marginScale
    self.function = function
  }

  package func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    batches.withLock { $0 += 1 }
    for r in 0..<rows.count { output[r] = function(Array(rows.matrix.row(r))) }
  }
}
