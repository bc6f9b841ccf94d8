/// The correlation matrix of columns, drawn towards the identity so that it can be inverted.
///
/// Columns are centred and brought to unit variance, so that the answer does not depend on their units.
/// The sample correlations S of d columns are then mixed with their target, here the identity:
/// `(1 − λ) S + λ I`, where λ = min(b², δ²) / δ² with `δ² = ‖S − I‖² / d` and
/// `b² = Σ_k w_k² ‖z_k z_kᵀ − S‖² / d` over rows z_k whose weights w_k sum to one (1/n each for equal
/// weights). Ledoit and Wolf, "A well-conditioned estimator for large-dimensional covariance matrices",
/// Journal of Multivariate Analysis 88, 2004, doi:10.1016/S0047-259X(03)00096-4, section 3.3.
public struct ShrunkCovariance: Sendable, Equatable {
  /// The columns' weighted means.
  public let means: [Double]
  /// The columns' weighted standard deviations (population); zero for a constant column.
  public let deviations: [Double]
  /// The columns that are not constant, rising.
  public let varying: [Int]
  /// The correlations of the columns in `varying` after shrinkage.
  public let correlation: Matrix
  /// The share of the identity in them.
  public let shrinkage: Double

  /// Estimates from rows; O(rows · columns²).
  ///
  /// - Parameters:
  ///   - rows: One row an observation, all finite.
  ///   - weights: One non-negative weight a row, not all zero; nil counts each row once.
  ///   - shrinkage: The share of the identity from 0 to 1; nil takes that of Ledoit and Wolf.
  /// - Throws: `LinearAlgebraError` where there are no rows, lengths differ, a value is not finite, or
  ///   a weight or the share is out of range.
  public init(
    _ rows: Matrix, weights: [Double]? = nil, shrinkage: Double? = nil
  ) throws(LinearAlgebraError) {
    let weights = weights ?? Array(repeating: 1, count: rows.rows)
    guard rows.rows > 0, weights.count == rows.rows else {
      throw .shapeMismatch("\(weights.count) weights for \(rows.rows) rows")
    }
    guard rows.values.allSatisfy(\.isFinite) else { throw .notFinite("The matrix of rows") }
    let total = OrderedReduction.sum(weights)
    guard weights.allSatisfy({ $0 >= 0 }), total > 0, total.isFinite else {
      throw .shapeMismatch("weights of rows must be finite, none negative and not all zero")
    }
    if let shrinkage, !(0...1).contains(shrinkage) {
      throw .shapeMismatch("the shrinkage is \(shrinkage), it must be from 0 to 1")
    }
    let shares = weights.map { $0 / total }
    var means: [Double] = []
    var deviations: [Double] = []
    for c in 0..<rows.columns {
      let column = rows.column(c)
      let mean = OrderedReduction.sum(zip(shares, column).map(*))
      let variance = OrderedReduction.sum(
        zip(shares, column).map { $0 * ($1 - mean) * ($1 - mean) })
      // A constant column's variance is rounding at most.
      let rounding = 1e-14 * column.reduce(abs(mean)) { max($0, abs($1)) }
      let deviation = variance.squareRoot()
      means.append(mean)
      deviations.append(deviation > rounding ? deviation : 0)
    }
    let varying = deviations.indices.filter { deviations[$0] > 0 }
    let (centre, scale) = (means, deviations)
    let standard = Matrix(rows: rows.rows, columns: varying.count) { r, c in
      (rows[r, varying[c]] - centre[varying[c]]) / scale[varying[c]]
    }
    let sample = try BLAS.weightedGram(standard, weights: shares)
    let share: Double
    if let shrinkage {
      share = shrinkage
    } else {
      share = try Self.share(standard, shares: shares, sample: sample)
    }
    self.means = means
    self.deviations = deviations
    self.varying = varying
    self.shrinkage = share
    correlation = Matrix(rows: varying.count, columns: varying.count) { r, c in
      r == c ? 1 : (1 - share) * sample[r, c]
    }
  }

  private static func share(
    _ rows: Matrix, shares: [Double], sample: Matrix
  ) throws(LinearAlgebraError) -> Double {
    let width = rows.columns
    guard width > 0 else { return 0 }
    var square = 0.0
    var distance = 0.0
    for r in 0..<width {
      for c in 0..<width {
        square += sample[r, c] * sample[r, c]
        let off = sample[r, c] - (r == c ? 1 : 0)
        distance += off * off
      }
    }
    let images = try BLAS.product(rows, sample)
    let terms = (0..<rows.rows).map { k in
      var (length, form) = (0.0, 0.0)
      for c in 0..<width {
        length += rows[k, c] * rows[k, c]
        form += rows[k, c] * images[k, c]
      }
      return shares[k] * shares[k] * (length * length - 2 * form + square)
    }
    let error = OrderedReduction.sum(terms)
    return distance > 0 ? min(max(error, 0), distance) / distance : 0
  }
}
