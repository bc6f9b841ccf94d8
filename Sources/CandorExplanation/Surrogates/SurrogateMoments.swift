package import CandorNumerics

/// The weighted sums of products from which every linear fit of a surrogate follows: of ones, the
/// columns and the value. Sums of parts of the rows add up to those of the whole, so that fits
/// without a part cost no second pass over rows.
package struct SurrogateMoments: Sendable {
  /// The number of columns of the fit.
  package let width: Int
  /// The symmetric matrix of sums of products, of order `width + 2`: ones, columns, value.
  package private(set) var products: [Double]

  /// Sums of no rows.
  package init(width: Int) {
    self.width = width
    products = Array(repeating: 0, count: (width + 2) * (width + 2))
  }

  /// Takes the Gram matrix of (1, columns, value).
  package init(_ gram: Matrix) {
    width = gram.rows - 2
    products = gram.values
  }

  /// Sums over dense rows of columns with weights; O(rows · width²) by one dsyrk.
  package init(
    columns: Matrix, values: [Double], weights: [Double]
  ) throws(ExplanationError) {
    let width = columns.columns
    let order = width + 2
    var scaled = [Double](repeating: 0, count: columns.rows * order)
    let source = columns.values
    for r in 0..<columns.rows {
      let root = weights[r].squareRoot()
      scaled[r * order] = root
      for c in 0..<width { scaled[r * order + c + 1] = root * source[r * width + c] }
      scaled[r * order + width + 1] = root * values[r]
    }
    self.init(try Self.gram(rows: columns.rows, order: order, scaled))
  }

  /// The Gram matrix of rows as they are.
  static func gram(
    rows: Int, order: Int, _ values: [Double]
  ) throws(ExplanationError) -> Matrix {
    do throws(LinearAlgebraError) {
      return try BLAS.weightedGram(
        try Matrix(rows: rows, columns: order, values: values), weights: nil)
    } catch {
      throw ExplanationError(.numerical, "The surrogate's sums failed: \(error.description)")
    }
  }

  /// Adds the sums of other rows, `factor` times.
  package mutating func add(_ other: SurrogateMoments, factor: Double = 1) {
    for i in products.indices { products[i] += factor * other.products[i] }
  }

  /// Adds one row.
  package mutating func add(row: [Double], value: Double, weight: Double) {
    let all = [1] + row + [value]
    let order = width + 2
    for a in 0..<order {
      for b in 0..<order { products[a * order + b] += weight * all[a] * all[b] }
    }
  }

  /// Puts in the sums of a value: with ones and columns, and with itself.
  mutating func setValue(cross: [Double], squares: Double) {
    let order = width + 2
    for (a, product) in cross.enumerated() {
      products[a * order + width + 1] = product
      products[(width + 1) * order + a] = product
    }
    products[order * order - 1] = squares
  }

  /// The sum over parts.
  package static func sum(_ parts: [SurrogateMoments]) -> SurrogateMoments {
    var total = SurrogateMoments(width: parts.first?.width ?? 0)
    for part in parts { total.add(part) }
    return total
  }
}

/// Moments around the weighted means: covariances not divided by the weight.
package struct CentredMoments: Sendable {
  /// The number of columns.
  package let width: Int
  /// The sum of the weights.
  package let weight: Double
  /// The weighted means of the columns.
  package let means: [Double]
  /// The weighted mean of the value.
  package let valueMean: Double
  /// The sums of squares and products of the columns, `width × width`.
  package let squares: [Double]
  /// The sums of products of each column with the value.
  package let cross: [Double]
  /// The sum of squares of the value.
  package let valueSquares: Double
  /// The square root of each column's sum of squares, 0 where the column is constant but for
  /// rounding.
  package let lengths: [Double]

  /// Takes means out.
  package init(_ moments: SurrogateMoments) {
    let p = moments.width
    let order = p + 2
    let g = moments.products
    let total = g[0]
    let divisor = total > 0 ? total : 1
    width = p
    weight = total
    let means = (0..<p).map { g[$0 + 1] / divisor }
    self.means = means
    let mean = g[p + 1] / divisor
    valueMean = mean
    var squares = [Double](repeating: 0, count: p * p)
    for a in 0..<p {
      for b in 0..<p {
        squares[a * p + b] = g[(a + 1) * order + b + 1] - total * means[a] * means[b]
      }
    }
    self.squares = squares
    cross = (0..<p).map { g[($0 + 1) * order + p + 1] - total * means[$0] * mean }
    valueSquares = g[order * order - 1] - total * mean * mean
    lengths = (0..<p).map { a in
      let own = squares[a * p + a]
      return own > 1e-12 * g[(a + 1) * order + a + 1] ? own.squareRoot() : 0
    }
  }

  /// Weighted R² of a fit on these rows: one minus residual over total sum of squares around their
  /// weighted mean; where the value does not vary, 1 if it is met to rounding and 0 if not.
  package func rSquared(of fit: MomentFit) -> Double {
    let beta = fit.coefficients
    var residual = valueSquares
    for a in 0..<width where beta[a] != 0 {
      residual -= 2 * beta[a] * cross[a]
      for b in 0..<width { residual += beta[a] * squares[a * width + b] * beta[b] }
    }
    var offset = valueMean - fit.intercept
    for a in 0..<width { offset -= beta[a] * means[a] }
    residual = max(residual, 0) + weight * offset * offset
    let rounding = 1e-20 * weight * max(1, valueMean * valueMean)
    guard valueSquares > rounding else { return residual <= 100 * rounding ? 1 : 0 }
    return 1 - residual / valueSquares
  }
}

/// A linear function of a surrogate's columns.
package struct MomentFit: Sendable, Equatable {
  /// One coefficient a column, zero for those left out.
  package var coefficients: [Double]
  /// The value of the row of zeros.
  package var intercept: Double

  /// The value at a row.
  package func value(at row: some Sequence<Double>) -> Double {
    zip(coefficients, row).reduce(intercept) { $0 + $1.0 * $1.1 }
  }
}
