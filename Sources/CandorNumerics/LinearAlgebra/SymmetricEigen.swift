/// Eigenvalues and eigenvectors of a symmetric matrix; O(n³).
public struct SymmetricEigen: Sendable {
  /// The eigenvalues in ascending order.
  public let values: [Double]
  /// The eigenvectors: column k belongs to `values[k]`, has length one, and its component of
  /// largest magnitude (the first of equals) is positive.
  public let vectors: Matrix

  /// Decomposes a symmetric matrix, of which the lower triangle is read.
  ///
  /// - Parameter symmetric: The matrix.
  /// - Throws: `LinearAlgebraError` where it is not square and finite, or LAPACK does not converge.
  public init(_ symmetric: Matrix) throws(LinearAlgebraError) {
    let (values, rows) = try LAPACK.symmetricEigen(symmetric)
    var oriented = rows
    for k in 0..<rows.rows {
      let row = rows.row(k)
      var largest = 0.0
      for component in row where abs(component) > abs(largest) { largest = component }
      if largest < 0 { oriented.setRow(k, to: row.map { -$0 }) }
    }
    self.values = values
    vectors = oriented.transposed
  }
}
