/// Weighted ridge regression that is stable on rank-deficient designs.
public enum LeastSquares {
  /// Minimises Σ wᵢ·(yᵢ − xᵢ·β)² + ridge·Σⱼ βⱼ², with the smallest ‖β‖ among equals.
  ///
  /// The problem goes through the rank-revealing SVD solver of LAPACK as it stands (rows times
  /// √wᵢ, ridge as further rows), never through XᵀWX, whose condition number is the square. One
  /// indicator column a category beside an intercept, constant columns and fewer rows than columns
  /// therefore give the minimum-norm answer. O(rows · columns²).
  /// Golub and Van Loan, "Matrix Computations", 4th edition, 2013, sections 5.5 and 6.1.
  ///
  /// - Parameters:
  ///   - design: One row an observation; an intercept is a column of ones.
  ///   - response: One value a row.
  ///   - weights: Non-negative weights, one a row; nil counts each row once.
  ///   - ridge: The penalty, not negative.
  ///   - unpenalised: The columns that the penalty leaves alone, as a rule the intercept.
  ///   - rankTolerance: Singular values at or below this fraction of the largest count as zero;
  ///     nil takes max(rows, columns) times the spacing of `Double` at 1.
  ///   - withCovariance: Whether the covariance of the coefficients is computed as well.
  /// - Returns: The coefficients and what is known about them.
  /// - Throws: `LinearAlgebraError` where shapes differ, a value is not finite, a weight or the
  ///   penalty is negative, or LAPACK does not converge.
  public static func solve(
    design: Matrix, response: [Double], weights: [Double]? = nil, ridge: Double = 0,
    unpenalised: Set<Int> = [], rankTolerance: Double? = nil, withCovariance: Bool = true
  ) throws(LinearAlgebraError) -> LeastSquaresSolution {
    try check(design, response, weights, ridge)
    let width = design.columns
    let penalised = ridge > 0 ? (0..<width).filter { !unpenalised.contains($0) } : []
    let augmented = try augment(design, weights, ridge, penalised)
    var right = response
    if let weights {
      for r in 0..<right.count { right[r] *= weights[r].squareRoot() }
    }
    right.append(contentsOf: repeatElement(0, count: penalised.count))

    let tolerance = rankTolerance ?? Double(max(augmented.rows, width)) * Double.ulpOfOne
    let minimum = try LAPACK.minimumNormSolution(augmented, right, tolerance: tolerance)
    let coefficients = minimum.coefficients
    let residual = try residualSums(design, response, weights, coefficients)
    let fit = rSquared(response, weights, residual)

    var covariance: Matrix?
    if withCovariance {
      covariance = try covarianceOfCoefficients(
        augmented, rank: minimum.rank, gram: BLAS.weightedGram(design, weights: weights),
        observations: weights.map { $0.count { $0 > 0 } } ?? design.rows,
        residual: residual, penalised: !penalised.isEmpty)
    }
    return LeastSquaresSolution(
      coefficients: coefficients, rank: minimum.rank,
      conditionNumber: minimum.rank > 0
        ? minimum.singularValues[0] / minimum.singularValues[minimum.rank - 1] : .infinity,
      singularValues: minimum.singularValues, residualSumOfSquares: residual,
      covariance: covariance, weightedRSquared: fit)
  }

  private static func check(
    _ design: Matrix, _ response: [Double], _ weights: [Double]?, _ ridge: Double
  ) throws(LinearAlgebraError) {
    guard design.rows > 0, response.count == design.rows else {
      throw .shapeMismatch("\(response.count) responses for \(design.rows) rows")
    }
    guard ridge.isFinite, ridge >= 0 else {
      throw .shapeMismatch("the ridge penalty is \(ridge), it must be finite and not negative")
    }
    guard response.allSatisfy(\.isFinite) else { throw .notFinite("The response") }
    guard design.values.allSatisfy(\.isFinite) else { throw .notFinite("The design matrix") }
    guard let weights else { return }
    guard weights.count == design.rows else {
      throw .shapeMismatch("\(weights.count) weights for \(design.rows) rows")
    }
    guard weights.allSatisfy(\.isFinite) else { throw .notFinite("The list of weights") }
    guard weights.allSatisfy({ $0 >= 0 }) else {
      throw .shapeMismatch("a weight of least squares is negative")
    }
  }

  private static func augment(
    _ design: Matrix, _ weights: [Double]?, _ ridge: Double, _ penalised: [Int]
  ) throws(LinearAlgebraError) -> Matrix {
    let width = design.columns
    var values = design.values
    if let weights {
      for r in 0..<design.rows {
        let root = weights[r].squareRoot()
        for position in r * width..<(r + 1) * width { values[position] *= root }
      }
    }
    values.reserveCapacity(values.count + penalised.count * width)
    let root = ridge.squareRoot()
    for column in penalised {
      for c in 0..<width { values.append(c == column ? root : 0) }
    }
    return try Matrix(rows: design.rows + penalised.count, columns: width, values: values)
  }

  private static func residualSums(
    _ design: Matrix, _ response: [Double], _ weights: [Double]?, _ coefficients: [Double]
  ) throws(LinearAlgebraError) -> Double {
    let fitted = try BLAS.product(design, coefficients)
    var sum = CompensatedSum()
    for r in 0..<response.count {
      let difference = response[r] - fitted[r]
      sum.add((weights?[r] ?? 1) * difference * difference)
    }
    return sum.value
  }

  private static func rSquared(
    _ response: [Double], _ weights: [Double]?, _ residual: Double
  ) -> Double {
    let moments = Moments(response, weights: weights)
    let total = moments.sumOfSquaredDeviations
    // A constant response has no variance to explain; its computed one is rounding.
    let scale = response.reduce(0) { max($0, abs($1)) } * 4 * Double.ulpOfOne
    let rounding = scale * scale * moments.totalWeight
    if total <= rounding { return residual <= 100 * rounding ? 1 : 0 }
    return 1 - residual / total
  }

  private static func covarianceOfCoefficients(
    _ augmented: Matrix, rank: Int, gram: Matrix, observations: Int, residual: Double,
    penalised: Bool
  ) throws(LinearAlgebraError) -> Matrix? {
    let width = augmented.columns
    guard width > 0, rank > 0 else { return nil }
    // R of a QR decomposition has the singular values and right vectors of the tall matrix.
    let small =
      augmented.rows > width ? try LAPACK.triangularFactor(augmented) : augmented
    let decomposition = try LAPACK.singularValueDecomposition(small)
    let right = decomposition.rightTransposed
    var scaled = Matrix(rows: rank, columns: width)
    for k in 0..<rank {
      let value = decomposition.values[k]
      guard value > 0 else { return nil }
      scaled.setRow(k, to: right.row(k).map { $0 / value })
    }
    let pseudoInverse = try BLAS.weightedGram(scaled, weights: nil)
    var shape = pseudoInverse
    var degrees = Double(rank)
    if penalised {
      let smoother = try BLAS.product(pseudoInverse, gram)
      degrees = (0..<width).reduce(0) { $0 + smoother[$1, $1] }
      let product = try BLAS.product(smoother, pseudoInverse)
      // The product is symmetric but for rounding.
      shape = Matrix(rows: width, columns: width) { (product[$0, $1] + product[$1, $0]) / 2 }
    }
    let free = Double(observations) - degrees
    guard free > 1e-9 * Double(observations) else { return nil }
    let variance = residual / free
    return Matrix(rows: width, columns: width) { shape[$0, $1] * variance }
  }
}
