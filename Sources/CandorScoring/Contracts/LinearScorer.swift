/// A scorer whose margin is `intercept + Σ coefficient · column`.
public protocol LinearScorer: DifferentiableScorer, AdditiveScorer {
  /// One coefficient an encoded column.
  var coefficients: [Double] { get }
  /// The margin of the row of zeros.
  var intercept: Double { get }
}
