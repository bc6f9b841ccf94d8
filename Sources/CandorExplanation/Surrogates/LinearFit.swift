import CandorData
import CandorNumerics

/// A weighted linear fit on encoded columns with an intercept.
struct LinearFit: Sendable {
  /// One coefficient an encoded column.
  let coefficients: [Double]
  let intercept: Double
  /// One standard error an encoded column, NaN where there is none.
  let standardErrors: [Double]
  let rank: Int
  let conditionNumber: Double
  let rSquared: Double

  /// Fits by the rank-revealing solver. Columns are centred and brought to one spread first, so
  /// that the condition number speaks of dependence among columns and not of their units; of
  /// one-hot levels beside the intercept the shortest solution is taken.
  init(
    rows: EncodedRows, values: [Double], weights: [Double]?, ridge: Double, withErrors: Bool
  ) throws(ExplanationError) {
    let n = rows.count
    let width = rows.width
    let total = weights.map { OrderedReduction.sum($0) } ?? Double(n)
    var centres = [Double](repeating: 0, count: width)
    var spreads = [Double](repeating: 0, count: width)
    let matrix = rows.matrix
    for r in 0..<n {
      let weight = (weights?[r] ?? 1) / total
      for (c, x) in matrix.row(r).enumerated() { centres[c] += weight * x }
    }
    for r in 0..<n {
      let weight = (weights?[r] ?? 1) / total
      for (c, x) in matrix.row(r).enumerated() {
        spreads[c] += weight * (x - centres[c]) * (x - centres[c])
      }
    }
    for c in 0..<width {
      spreads[c] = spreads[c].squareRoot()
      // A constant column has rounding for a spread; it takes no part in the fit.
      if spreads[c] <= 1e-12 * max(1, abs(centres[c])) { spreads[c] = 0 }
    }
    let design = Matrix(rows: n, columns: width + 1) { r, c in
      if c == width { return 1 }
      return spreads[c] > 0 ? (matrix[r, c] - centres[c]) / spreads[c] : 0
    }
    do throws(LinearAlgebraError) {
      let solution = try LeastSquares.solve(
        design: design, response: values, weights: weights, ridge: ridge, unpenalised: [width],
        rankTolerance: 1e-10, withCovariance: withErrors)
      let raw = solution.coefficients
      let errors = solution.standardErrors
      coefficients = (0..<width).map { spreads[$0] > 0 ? raw[$0] / spreads[$0] : 0 }
      standardErrors = (0..<width).map { spreads[$0] > 0 ? errors[$0] / spreads[$0] : 0 }
      intercept = raw[width] - zip(coefficients, centres).reduce(0) { $0 + $1.0 * $1.1 }
      rank = solution.rank
      conditionNumber = solution.conditionNumber
      rSquared = solution.weightedRSquared
    } catch {
      throw ExplanationError(.numerical, "The surrogate's fit failed: \(error.description)")
    }
  }

  /// The fitted value of each row.
  func values(of rows: EncodedRows) -> [Double] {
    (0..<rows.count).map { r in
      zip(rows.matrix.row(r), coefficients).reduce(intercept) { $0 + $1.0 * $1.1 }
    }
  }

  /// Weighted R² on given rows: one minus residual over total sum of squares around the weighted
  /// mean; where the values do not vary, 1 if they are met to rounding and 0 if not.
  func rSquared(on rows: EncodedRows, values: [Double], weights: [Double]?) -> Double {
    let fitted = self.values(of: rows)
    let w = weights ?? Array(repeating: 1, count: values.count)
    let total = OrderedReduction.sum(w)
    let mean = OrderedReduction.sum(zip(w, values).map(*)) / total
    func squares(_ other: (Int) -> Double) -> Double {
      let terms: [Double] = values.indices.map { i in
        let difference = values[i] - other(i)
        return w[i] * difference * difference
      }
      return OrderedReduction.sum(terms)
    }
    let residual = squares { fitted[$0] }
    let spread = squares { _ in mean }
    let rounding = 1e-24 * total * max(1, mean * mean)
    guard spread > rounding else { return residual <= 100 * rounding ? 1 : 0 }
    return 1 - residual / spread
  }
}
