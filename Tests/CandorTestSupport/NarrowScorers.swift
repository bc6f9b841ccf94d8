public import CandorData
public import CandorNumerics
public import CandorScoring

/// A scorer with every linear capability and closed forms for every explanation.
public struct AffineScorer: LinearScorer {
  public let coefficients: [Double]
  public let intercept: Double
  public var inputWidth: Int { coefficients.count }
  public var marginScale: MarginScale { .logOdds }
  public var constantTerm: Double { intercept }

  public init(coefficients: [Double], intercept: Double) {
    self.coefficients = coefficients
    self.intercept = intercept
  }

  public func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count {
      output[r] = zip(rows.matrix.row(r), coefficients).reduce(intercept) { $0 + $1.0 * $1.1 }
    }
  }

  public func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    Matrix(rows: rows.count, columns: inputWidth) { _, c in coefficients[c] }
  }

  public func terms(of rows: EncodedRows) throws(ScoringError) -> Matrix {
    Matrix(rows: rows.count, columns: inputWidth) { rows.matrix[$0, $1] * coefficients[$1] }
  }
}

/// A scorer with nothing but `Scorer`, made of a function of the row.
public struct MinimalScorer: Scorer {
  public let inputWidth: Int
  public let marginScale: MarginScale
  private let function: @Sendable ([Double]) -> Double
  /// How many batches were scored.
  public let batches = LockedState(0)

  public init(
    inputWidth: Int, marginScale: MarginScale = .logOdds,
    _ function: @escaping @Sendable ([Double]) -> Double
  ) {
    self.inputWidth = inputWidth
    self.marginScale = marginScale
    self.function = function
  }

  public func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    batches.withLock { $0 += 1 }
    for r in 0..<rows.count { output[r] = function(Array(rows.matrix.row(r))) }
  }
}
