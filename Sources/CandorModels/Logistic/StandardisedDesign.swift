import CandorNumerics

/// The encoded columns as the solver sees them: a column of ones, then every column that adds
/// something to those before it, centred and scaled to unit variance, without a copy of the rows.
///
/// Maximum likelihood does not depend on location and scale of a column, the condition of `XᵀWX`
/// does; results are mapped back exactly.
struct StandardisedDesign: Sendable {
  /// The design; its numeric columns are centred and scaled where products read them.
  let design: LinearDesign
  /// The variables: the column of ones, then the kept columns.
  let coordinates: DesignCoordinates
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

  /// Centres, scales, and finds the columns to keep; one pass over the columns, and a Gram matrix
  /// where linear combinations are left out.
  ///
  /// - Parameters:
  ///   - rows: The encoded columns, with a constant column of ones.
  ///   - weights: One weight above zero a row.
  ///   - dropsDependent: Whether linear combinations of earlier columns are left out.
  ///   - threads: At most so many threads.
  init(_ rows: LinearDesign, weights: [Double], dropsDependent: Bool, threads: Int) {
    let statistics = ColumnStatistics.columns(of: rows, weights: weights, threads: threads)
    var design = rows
    for c in design.columns.indices {
      let column = statistics[design.columns[c].place]
      guard column.varies else { continue }
      design.columns[c].centre = column.mean
      design.columns[c].scale = column.scale
    }
    let isNumeric = Set(design.columns.map(\.place))
    let candidates = statistics.indices.filter { statistics[$0].varies }
    // What products do not take from a column, the change of variables does.
    func coordinates(_ kept: [Int]) -> DesignCoordinates {
      DesignCoordinates(
        kept: [rows.width - 1] + kept,
        centres: [0] + kept.map { isNumeric.contains($0) ? 0 : statistics[$0].mean },
        scales: [1] + kept.map { isNumeric.contains($0) ? 1 : statistics[$0].scale },
        constantVariable: 0, width: rows.width)
    }
    var kept = candidates
    if dropsDependent {
      let total = OrderedReduction.sum(weights)
      let gram = coordinates(candidates).curvature(
        design.gram(weights.map { $0 / total }, threads: threads))
      let correlation = Matrix(rows: candidates.count, columns: candidates.count) {
        gram[$0 + 1, $1 + 1]
      }
      kept = Self.independentColumns(correlation: correlation).map { candidates[$0] }
    }
    let isKept = Set(kept)
    self.design = design
    self.coordinates = coordinates(kept)
    self.kept = kept
    constant = statistics.indices.filter { !statistics[$0].varies }
    dependent = candidates.filter { !isKept.contains($0) }
    means = kept.map { statistics[$0].mean }
    scales = kept.map { statistics[$0].scale }
    steps = kept.map { statistics[$0].step }
    ranges = kept.map { statistics[$0].range }
    width = rows.encodedWidth
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

/// What a fit needs to know of one encoded column before it starts.
struct ColumnStatistics: Sendable {
  var mean = 0.0
  var variance = 0.0
  var range = 0.0
  var isTwoValued = false

  /// Whether the column has more than one value.
  var varies: Bool {
    range > 0 && variance > 1e-24 * mean * mean && variance.isFinite && variance > 0
  }
  var scale: Double { variance.squareRoot() }
  /// From one value to the other where there are two, else a standard deviation.
  var step: Double { isTwoValued ? range : scale }

  /// The statistics of every encoded column; O(rows · numeric columns).
  static func columns(
    of design: LinearDesign, weights: [Double], threads: Int
  ) -> [ColumnStatistics] {
    let total = OrderedReduction.sum(weights)
    var result = [ColumnStatistics](repeating: ColumnStatistics(), count: design.encodedWidth)
    let numeric = Parallel.map(count: design.columns.count, threads: threads) { c in
      let column = design.columns[c]
      let found = ColumnStatisticsKernel.statistics(
        column.values.span, offset: column.offset, stride: design.stride, weights: weights.span,
        total: total)
      return ColumnStatistics(
        mean: found.mean, variance: found.variance, range: found.high - found.low,
        isTwoValued: found.isTwoValued)
    }
    for (c, column) in design.columns.enumerated() { result[column.place] = numeric[c] }
    for group in design.groups {
      var sums = [Double](repeating: 0, count: group.size)
      var span = sums.mutableSpan
      LinearDesignKernel.scatter(weights.span, codes: group.codes.span, first: 0, into: &span)
      var share = [Int: Double]()
      for (code, members) in group.members.enumerated() {
        for member in members { share[member, default: 0] += sums[code] }
      }
      for (member, sum) in share {
        let mean = sum / total
        let varies = sum > 0 && sum < total * (1 - 1e-15)
        result[member] = ColumnStatistics(
          mean: mean, variance: varies ? mean * (1 - mean) : 0, range: varies ? 1 : 0,
          isTwoValued: true)
      }
    }
    if let sparse = design.sparse {
      var sums = [Double](repeating: 0, count: sparse.columns)
      var squares = sums
      var low = sums
      var high = sums
      for r in 0..<sparse.rows {
        for position in sparse.offsets[r]..<sparse.offsets[r + 1] {
          let place = Int(sparse.places[position])
          let value = sparse.values[position]
          sums[place] += weights[r] * value
          squares[place] += weights[r] * value * value
          low[place] = min(low[place], value)
          high[place] = max(high[place], value)
        }
      }
      for c in 0..<sparse.columns {
        // Sparse columns are mostly zero: their range reaches to it.
        let mean = sums[c] / total
        result[c] = ColumnStatistics(
          mean: mean, variance: max(squares[c] / total - mean * mean, 0), range: high[c] - low[c],
          isTwoValued: false)
      }
    }
    return result
  }
}
