import CandorNumerics

/// The encoded columns as the solver sees them: a column of ones, then every column that adds
/// something to those before it, centred and scaled to unit variance.
///
/// Maximum likelihood does not depend on location and scale of a column, the condition of `XᵀWX`
/// does; results are mapped back exactly.
struct StandardisedDesign: Sendable {
  /// Ones, then the kept columns.
  let matrix: Matrix
  /// The kept encoded columns, rising.
  let kept: [Int]
  /// Columns with one value only.
  let constant: [Int]
  /// Columns that are a linear combination of kept columns before them.
  let dependent: [Int]
  /// The weighted mean of each kept column.
  let means: [Double]
  /// The weighted standard deviation of each kept column.
  let scales: [Double]
  /// For each kept column, the step in which a reader thinks: from one level to the other where
  /// the column has two values, else a standard deviation.
  let steps: [Double]
  /// The largest minus the smallest value of each kept column.
  let ranges: [Double]
  private let width: Int

  /// Columns whose variance is explained by earlier ones up to this share are dropped.
  static let residualShare = 1e-9

  /// Centres, scales, and finds the columns to keep; O(rows · columns²).
  ///
  /// - Parameters:
  ///   - encoded: The encoded columns.
  ///   - weights: One weight above zero a row.
  ///   - dropsDependent: Whether linear combinations of earlier columns are left out.
  /// - Throws: `LinearAlgebraError` where the products of the columns are not finite.
  init(
    _ encoded: Matrix, weights: [Double], dropsDependent: Bool
  ) throws(LinearAlgebraError) {
    let total = OrderedReduction.sum(weights)
    var candidates: [Int] = []
    var constant: [Int] = []
    var allMeans: [Double] = []
    var allScales: [Double] = []
    var allSteps: [Double] = []
    var allRanges: [Double] = []
    for c in 0..<encoded.columns {
      let column = encoded.column(c)
      let mean = OrderedReduction.sum(column.indices.map { weights[$0] * column[$0] }) / total
      let variance =
        OrderedReduction.sum(
          column.indices.map { weights[$0] * (column[$0] - mean) * (column[$0] - mean) }) / total
      let low = column.min() ?? 0
      let high = column.max() ?? 0
      guard high > low, variance > 1e-24 * mean * mean, variance.isFinite, variance > 0 else {
        constant.append(c)
        continue
      }
      candidates.append(c)
      allMeans.append(mean)
      allScales.append(variance.squareRoot())
      allRanges.append(high - low)
      let isTwoValued = column.allSatisfy { $0 == low || $0 == high }
      allSteps.append(isTwoValued ? high - low : variance.squareRoot())
    }
    let standardised = Matrix(rows: encoded.rows, columns: candidates.count) { r, k in
      (encoded[r, candidates[k]] - allMeans[k]) / allScales[k]
    }
    var places = Array(candidates.indices)
    if dropsDependent {
      let gram = try BLAS.weightedGram(standardised, weights: weights.map { $0 / total })
      places = Self.independentColumns(correlation: gram)
    }
    let keptPlaces = places
    matrix = Matrix(rows: encoded.rows, columns: keptPlaces.count + 1) { r, c in
      c == 0 ? 1 : standardised[r, keptPlaces[c - 1]]
    }
    kept = keptPlaces.map { candidates[$0] }
    let isKept = Set(keptPlaces)
    dependent = candidates.indices.filter { !isKept.contains($0) }.map { candidates[$0] }
    self.constant = constant
    means = keptPlaces.map { allMeans[$0] }
    scales = keptPlaces.map { allScales[$0] }
    steps = keptPlaces.map { allSteps[$0] }
    ranges = keptPlaces.map { allRanges[$0] }
    width = encoded.columns
  }

  /// The columns, in order, that a Cholesky factor of the correlation matrix does not find to be
  /// combinations of the kept ones before them.
  static func independentColumns(correlation: Matrix) -> [Int] {
    var kept: [Int] = []
    var factor: [[Double]] = []
    for column in 0..<correlation.columns {
      var row: [Double] = []
      var residual = correlation[column, column]
      for (place, other) in kept.enumerated() {
        var sum = correlation[column, other]
        let otherRow = factor[place]
        for k in 0..<place { sum -= row[k] * otherRow[k] }
        let element = sum / otherRow[place]
        row.append(element)
        residual -= element * element
      }
      guard residual > residualShare else { continue }
      row.append(residual.squareRoot())
      factor.append(row)
      kept.append(column)
    }
    return kept
  }

  /// The coefficients on the encoded scale, zero where a column was left out, and the intercept.
  func encodedScale(_ point: [Double]) -> (intercept: Double, coefficients: [Double]) {
    var coefficients = [Double](repeating: 0, count: width)
    var intercept = point[0]
    for (k, column) in kept.enumerated() {
      coefficients[column] = point[k + 1] / scales[k]
      intercept -= coefficients[column] * means[k]
    }
    return (intercept, coefficients)
  }

  /// Standard errors on the encoded scale: of the intercept, then of each kept column.
  func standardErrors(covariance: Matrix) -> [Double] {
    let combination = [1.0] + kept.indices.map { -means[$0] / scales[$0] }
    var variance = 0.0
    for i in combination.indices {
      for j in combination.indices {
        variance += combination[i] * covariance[i, j] * combination[j]
      }
    }
    return [max(variance, 0).squareRoot()]
      + kept.indices.map { max(covariance[$0 + 1, $0 + 1], 0).squareRoot() / scales[$0] }
  }
}
