/// The Cholesky factorisation A = L·Lᵀ of a symmetric positive definite matrix; O(n³) once, O(n²)
/// for each right-hand side.
public struct Cholesky: Sendable {
  private let factorStorage: Matrix
  /// An estimate of 1 / (‖A‖₁·‖A⁻¹‖₁): near 0 the solutions mean little.
  public let reciprocalConditionNumber: Double

  /// Factors a symmetric matrix, of which the lower triangle is read.
  ///
  /// - Parameter symmetric: The matrix.
  /// - Throws: `LinearAlgebraError.notPositiveDefinite` with the order of the minor that is not
  ///   positive, or another case where the matrix is not square and finite.
  public init(_ symmetric: Matrix) throws(LinearAlgebraError) {
    factorStorage = try LAPACK.choleskyFactor(symmetric)
    let n = symmetric.rows
    var sums = [Double](repeating: 0, count: n)
    for r in 0..<n {
      for c in 0...r {
        let size = abs(symmetric[r, c])
        sums[r] += size
        if c < r { sums[c] += size }
      }
    }
    reciprocalConditionNumber = try LAPACK.reciprocalCondition(
      factor: factorStorage, norm: sums.max() ?? 0)
  }

  /// The number of rows and columns.
  public var order: Int { factorStorage.rows }

  /// The lower triangular factor, with zeros above the diagonal.
  public var factor: Matrix {
    Matrix(rows: order, columns: order) { r, c in c > r ? 0 : factorStorage[r, c] }
  }

  /// The natural logarithm of the determinant.
  public var logDeterminant: Double {
    var sum = CompensatedSum()
    for k in 0..<order { sum.add(2 * SystemMath.log(factorStorage[k, k])) }
    return sum.value
  }

  /// Solves A·x = b.
  ///
  /// - Parameter b: The right-hand side.
  /// - Returns: The solution.
  /// - Throws: `LinearAlgebraError` where the length differs or a value is not finite.
  public func solve(_ b: [Double]) throws(LinearAlgebraError) -> [Double] {
    try LAPACK.choleskySolve(
      factor: factorStorage, transposed: Matrix(rows: 1, columns: b.count, values: b)
    ).values
  }

  /// Solves A·X = B, one column a right-hand side.
  ///
  /// - Parameter b: The right-hand sides.
  /// - Returns: The solutions as columns.
  /// - Throws: `LinearAlgebraError` where the rows differ or a value is not finite.
  public func solve(_ b: Matrix) throws(LinearAlgebraError) -> Matrix {
    try LAPACK.choleskySolve(factor: factorStorage, transposed: b.transposed).transposed
  }

  /// The inverse of A, full and symmetric.
  ///
  /// - Returns: The inverse.
  /// - Throws: `LinearAlgebraError` where LAPACK meets a zero on the diagonal of the factor.
  public func inverse() throws(LinearAlgebraError) -> Matrix {
    try LAPACK.choleskyInverse(factor: factorStorage)
  }
}
