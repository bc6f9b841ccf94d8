import CLAPACK

/// Thin checked doors to LAPACK: shapes are checked here, and `info` becomes a thrown value.
///
/// Storage is ours (row-major). For a symmetric matrix row-major lower is column-major upper, so
/// those routines get our storage as column-major without a copy.
/// Anderson et al., "LAPACK Users' Guide", 3rd edition, 1999, doi:10.1137/1.9780898719604.
package enum LAPACK {
  /// A thin singular value decomposition A = U·diag(values)·Vᵀ.
  package struct SingularValueDecomposition: Sendable {
    /// The left vectors as columns, `rows × min(rows, columns)`.
    package let left: Matrix
    /// The singular values, largest first.
    package let values: [Double]
    /// The right vectors as rows, `min(rows, columns) × columns`.
    package let rightTransposed: Matrix
  }

  /// The minimum-norm answer of a least-squares problem.
  package struct MinimumNormSolution: Sendable {
    /// One coefficient a column.
    package let coefficients: [Double]
    /// The number of singular values above the tolerance.
    package let rank: Int
    /// The singular values, largest first.
    package let singularValues: [Double]
  }

  /// The Cholesky factor of a symmetric matrix, of which the lower triangle is read (dpotrf).
  ///
  /// The result holds L in its lower triangle; its upper triangle is not meaningful.
  package static func choleskyFactor(_ a: Matrix) throws(LinearAlgebraError) -> Matrix {
    try requireSquare(a)
    try requireFinite(a.values, "The matrix")
    var values = a.values
    guard a.rows > 0 else { return a }
    BLAS.prepare()
    let size = Int32(a.rows)
    let info = unsafe LAPACKE_dpotrf(LAPACK_COL_MAJOR, upper, size, &values, size)
    if info > 0 { throw .notPositiveDefinite(order: Int(info)) }
    try requireAccepted(info, "dpotrf")
    return try Matrix(rows: a.rows, columns: a.columns, values: values)
  }

  /// Solves A·X = B from the Cholesky factor of A (dpotrs); `b` is Bᵀ, one row a right-hand side.
  package static func choleskySolve(
    factor: Matrix, transposed b: Matrix
  ) throws(LinearAlgebraError) -> Matrix {
    guard b.columns == factor.rows else {
      throw .shapeMismatch("right-hand sides of \(b.columns) for a matrix of \(factor.rows)")
    }
    try requireFinite(b.values, "The right-hand side")
    guard b.rows > 0, b.columns > 0 else { return b }
    try BLAS.checkExtents(b.rows)
    var values = b.values
    BLAS.prepare()
    let size = Int32(factor.rows)
    let info = unsafe LAPACKE_dpotrs(
      LAPACK_COL_MAJOR, upper, size, Int32(b.rows), factor.values, size, &values, size)
    try requireAccepted(info, "dpotrs")
    return try Matrix(rows: b.rows, columns: b.columns, values: values)
  }

  /// The full symmetric inverse of A from its Cholesky factor (dpotri).
  package static func choleskyInverse(factor: Matrix) throws(LinearAlgebraError) -> Matrix {
    guard factor.rows > 0 else { return factor }
    var values = factor.values
    BLAS.prepare()
    let size = Int32(factor.rows)
    let info = unsafe LAPACKE_dpotri(LAPACK_COL_MAJOR, upper, size, &values, size)
    if info > 0 { throw .notPositiveDefinite(order: Int(info)) }
    try requireAccepted(info, "dpotri")
    let n = factor.rows
    for r in 0..<n {
      for c in 0..<r { values[c * n + r] = values[r * n + c] }
    }
    return try Matrix(rows: n, columns: n, values: values)
  }

  /// An estimate of the reciprocal condition number in the 1-norm (dpocon).
  package static func reciprocalCondition(
    factor: Matrix, norm: Double
  ) throws(LinearAlgebraError) -> Double {
    guard factor.rows > 0 else { return 1 }
    var result = 0.0
    BLAS.prepare()
    let size = Int32(factor.rows)
    let info = unsafe LAPACKE_dpocon(
      LAPACK_COL_MAJOR, upper, size, factor.values, size, norm, &result)
    try requireAccepted(info, "dpocon")
    return result
  }

  /// The minimum-norm least-squares solution by divide-and-conquer SVD (dgelsd).
  ///
  /// Singular values at or below `tolerance` times the largest count as zero.
  package static func minimumNormSolution(
    _ a: Matrix, _ b: [Double], tolerance: Double
  ) throws(LinearAlgebraError) -> MinimumNormSolution {
    guard b.count == a.rows else {
      throw .shapeMismatch("\(b.count) responses for \(a.rows) rows")
    }
    try requireFinite(a.values, "The design matrix")
    try requireFinite(b, "The response")
    guard a.rows > 0, a.columns > 0 else {
      return MinimumNormSolution(
        coefficients: Array(repeating: 0, count: a.columns), rank: 0, singularValues: [])
    }
    try BLAS.checkExtents(a.rows, a.columns)
    var matrix = a.values
    var right = b
    for _ in a.rows..<max(a.rows, a.columns) { right.append(0) }
    var singular = [Double](repeating: 0, count: min(a.rows, a.columns))
    var rank: Int32 = 0
    BLAS.prepare()
    let info = unsafe LAPACKE_dgelsd(
      LAPACK_ROW_MAJOR, Int32(a.rows), Int32(a.columns), 1, &matrix, Int32(a.columns), &right, 1,
      &singular, tolerance, &rank)
    if info > 0 { throw .noConvergence(routine: "dgelsd") }
    try requireAccepted(info, "dgelsd")
    return MinimumNormSolution(
      coefficients: Array(right.prefix(a.columns)), rank: Int(rank), singularValues: singular)
  }

  /// The upper triangular factor of a QR decomposition (dgeqrf), `columns × columns`.
  ///
  /// It has the singular values and right vectors of A at a size that does not grow with the rows.
  package static func triangularFactor(_ a: Matrix) throws(LinearAlgebraError) -> Matrix {
    guard a.rows >= a.columns, a.columns > 0 else {
      throw .shapeMismatch("a triangular factor of \(a.rows) rows and \(a.columns) columns")
    }
    try requireFinite(a.values, "The matrix")
    try BLAS.checkExtents(a.rows)
    var values = a.values
    var scalars = [Double](repeating: 0, count: a.columns)
    BLAS.prepare()
    let info = unsafe LAPACKE_dgeqrf(
      LAPACK_ROW_MAJOR, Int32(a.rows), Int32(a.columns), &values, Int32(a.columns), &scalars)
    try requireAccepted(info, "dgeqrf")
    let width = a.columns
    return Matrix(rows: width, columns: width) { r, c in c < r ? 0 : values[r * width + c] }
  }

  /// The thin singular value decomposition (dgesdd).
  package static func singularValueDecomposition(
    _ a: Matrix
  ) throws(LinearAlgebraError) -> SingularValueDecomposition {
    try requireFinite(a.values, "The matrix")
    try BLAS.checkExtents(a.rows, a.columns)
    let smaller = min(a.rows, a.columns)
    var left = [Double](repeating: 0, count: a.rows * smaller)
    var singular = [Double](repeating: 0, count: smaller)
    var right = [Double](repeating: 0, count: smaller * a.columns)
    if smaller > 0 {
      var values = a.values
      BLAS.prepare()
      let info = unsafe LAPACKE_dgesdd(
        LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "S")), Int32(a.rows), Int32(a.columns), &values,
        Int32(a.columns), &singular, &left, Int32(smaller), &right, Int32(a.columns))
      if info > 0 { throw .noConvergence(routine: "dgesdd") }
      try requireAccepted(info, "dgesdd")
    }
    return SingularValueDecomposition(
      left: try Matrix(rows: a.rows, columns: smaller, values: left), values: singular,
      rightTransposed: try Matrix(rows: smaller, columns: a.columns, values: right))
  }

  /// Eigenvalues in ascending order and eigenvectors as rows, from the lower triangle (dsyevd).
  package static func symmetricEigen(
    _ a: Matrix
  ) throws(LinearAlgebraError) -> (values: [Double], vectorsAsRows: Matrix) {
    try requireSquare(a)
    try requireFinite(a.values, "The matrix")
    guard a.rows > 0 else { return ([], a) }
    var vectors = a.values
    var values = [Double](repeating: 0, count: a.rows)
    BLAS.prepare()
    let size = Int32(a.rows)
    let info = unsafe LAPACKE_dsyevd(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), upper, size, &vectors, size, &values)
    if info > 0 { throw .noConvergence(routine: "dsyevd") }
    try requireAccepted(info, "dsyevd")
    return (values, try Matrix(rows: a.rows, columns: a.rows, values: vectors))
  }

  private static let upper = CChar(UInt8(ascii: "U"))

  private static func requireSquare(_ a: Matrix) throws(LinearAlgebraError) {
    guard a.rows == a.columns else {
      throw .shapeMismatch("a square matrix is needed, this has \(a.rows) × \(a.columns)")
    }
    try BLAS.checkExtents(a.rows)
  }

  private static func requireFinite(
    _ values: [Double], _ name: String
  ) throws(LinearAlgebraError) {
    guard values.allSatisfy(\.isFinite) else { throw .notFinite(name) }
  }

  private static func requireAccepted(
    _ info: Int32, _ routine: String
  ) throws(LinearAlgebraError) {
    if info < 0 { throw .illegalArgument(routine: routine, position: -Int(info)) }
  }
}
