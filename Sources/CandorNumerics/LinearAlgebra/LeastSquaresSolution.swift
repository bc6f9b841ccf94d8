/// The answer of a least-squares problem with its uncertainty and its warnings.
public struct LeastSquaresSolution: Sendable {
  /// One coefficient a column of the design.
  public let coefficients: [Double]
  /// The number of singular values above the rank tolerance.
  public let rank: Int
  /// The largest singular value of √W·X (with the ridge rows) over the smallest one above the rank
  /// tolerance; infinite where none is.
  public let conditionNumber: Double
  /// The singular values of √W·X (with the ridge rows), largest first.
  public let singularValues: [Double]
  /// Σ wᵢ·(yᵢ − xᵢ·β)², without the penalty.
  public let residualSumOfSquares: Double
  /// The covariance σ²·P·XᵀWX·P with P the pseudo-inverse of XᵀWX + Λ and σ² the residual sum of
  /// squares over (rows of positive weight − tr(P·XᵀWX)); nil where that is not positive, and where
  /// it was not asked for. Weights are taken as inverse variances.
  public let covariance: Matrix?
  /// 1 − residual over total weighted sum of squares around the weighted mean. For a constant
  /// response it is 1 where the residuals are rounding and 0 otherwise.
  public let weightedRSquared: Double

  /// The square roots of the diagonal of the covariance; NaN for each where there is none.
  public var standardErrors: [Double] {
    guard let covariance else { return Array(repeating: .nan, count: coefficients.count) }
    return (0..<coefficients.count).map { max(covariance[$0, $0], 0).squareRoot() }
  }

  /// Whether some columns are linear combinations of others, so that single coefficients are one
  /// choice (the shortest) among many.
  public var isRankDeficient: Bool { rank < coefficients.count }
}
