import CandorNumerics

/// On which columns a ridge penalty weighs the same.
package enum RidgeUnit: Sendable, Equatable {
  /// On coefficients as they are.
  case plain
  /// On coefficients of columns of unit weighted spread.
  case spread
}

extension CentredMoments {
  /// The correlations of some columns with the penalty on the diagonal, in the scale where every
  /// column has length one.
  private func scaled(
    _ columns: [Int], ridge: Double, unit: RidgeUnit
  ) -> (matrix: [Double], right: [Double]) {
    let q = columns.count
    var matrix = [Double](repeating: 0, count: q * q)
    var right = [Double](repeating: 0, count: q)
    for (a, i) in columns.enumerated() {
      for (b, j) in columns.enumerated() {
        matrix[a * q + b] = squares[i * width + j] / (lengths[i] * lengths[j])
      }
      let penalty =
        switch unit {
        case .plain: ridge / (lengths[i] * lengths[i])
        case .spread: ridge / weight
        }
      matrix[a * q + a] = 1 + penalty
      right[a] = cross[i] / lengths[i]
    }
    return (matrix, right)
  }

  private func fit(_ columns: [Int], scaled theta: [Double]) -> MomentFit {
    var coefficients = [Double](repeating: 0, count: width)
    var intercept = valueMean
    for (a, i) in columns.enumerated() {
      coefficients[i] = theta[a] / lengths[i]
      intercept -= coefficients[i] * means[i]
    }
    return MomentFit(coefficients: coefficients, intercept: intercept)
  }

  /// The least-squares fit on some columns; constant ones get zero, and where columns depend on each
  /// other the shortest solution in units of their spreads is taken. O(columns³).
  package func fit(
    columns: [Int], ridge: Double, unit: RidgeUnit
  ) throws(ExplanationError) -> MomentFit {
    let used = columns.filter { lengths[$0] > 0 }
    guard !used.isEmpty else {
      return MomentFit(coefficients: Array(repeating: 0, count: width), intercept: valueMean)
    }
    let (matrix, right) = scaled(used, ridge: ridge, unit: unit)
    var factor = matrix
    var solution = right
    if Self.solve(used.count, &factor, &solution) { return fit(used, scaled: solution) }
    let inverse = try spectrum(used, ridge: ridge, unit: unit).inverse
    let q = used.count
    let theta = (0..<q).map { a in
      (0..<q).reduce(0) { $0 + inverse[a * q + $1] * right[$1] }
    }
    return fit(used, scaled: theta)
  }

  private static func solve(
    _ order: Int, _ factor: inout [Double], _ solution: inout [Double]
  ) -> Bool {
    var matrix = factor.mutableSpan
    var right = solution.mutableSpan
    return SurrogateKernel.solve(order: order, matrix: &matrix, right: &right)
  }

  /// What the eigenvalues say of a design.
  package struct Spectrum: Sendable {
    /// The numerical rank of the weighted design with its intercept.
    package let rank: Int
    /// The largest over the smallest singular value that counts to the rank, columns centred and of
    /// unit length beside a unit intercept.
    package let conditionNumber: Double
    /// The pseudo-inverse of the correlations with penalty, in the order of the columns asked for.
    package let inverse: [Double]
  }

  /// Singular values below this share of the largest count as zero. Squares of numbers of 53 bits
  /// tell no smaller ones from rounding.
  package static let rankTolerance = 3e-7

  /// Rank, condition number and pseudo-inverse by the eigenvalues of the correlations; O(columns³).
  package func spectrum(
    _ columns: [Int], ridge: Double, unit: RidgeUnit
  ) throws(ExplanationError) -> Spectrum {
    let used = columns.filter { lengths[$0] > 0 }
    let q = used.count
    guard q > 0 else { return Spectrum(rank: 1, conditionNumber: 1, inverse: []) }
    let (matrix, _) = scaled(used, ridge: ridge, unit: unit)
    do throws(LinearAlgebraError) {
      let eigen = try SymmetricEigen(try Matrix(rows: q, columns: q, values: matrix))
      let largest = max(eigen.values[q - 1], 1)
      let limit = largest * Self.rankTolerance * Self.rankTolerance
      var inverse = [Double](repeating: 0, count: q * q)
      var rank = 1
      var smallest = 1.0
      for k in 0..<q where eigen.values[k] > limit {
        rank += 1
        smallest = min(smallest, eigen.values[k])
        for a in 0..<q {
          let scale = eigen.vectors[a, k] / eigen.values[k]
          for b in 0..<q { inverse[a * q + b] += scale * eigen.vectors[b, k] }
        }
      }
      return Spectrum(
        rank: rank, conditionNumber: (largest / smallest).squareRoot(), inverse: inverse)
    } catch {
      throw ExplanationError(.numerical, "The surrogate's fit failed: \(error.description)")
    }
  }
}
