import CandorData
import CandorNumerics

/// The arithmetic of H on a sample whose rows are both the places and the applicants.
struct InteractionMeasurement: Sendable {
  let model: ExplainedModel
  let rows: EncodedRows
  let names: [String]
  /// The encoded columns of each feature.
  let columns: [[Int]]
  let source: CurveSource
  let weights: [Double]?
  let resamples: RowResamples?

  /// Features against all others, and pairs.
  func entries(
    pairs wantsPairs: Bool, threads: Int
  ) throws(ExplanationError) -> (features: [InteractionH.Entry], pairs: [InteractionH.Entry]) {
    let count = rows.count
    let values = try matrix(of: [], threads: threads).column(0)
    let weightings = self.weightings()
    let repeated = Matrix(rows: weightings.rows, columns: count) { values[$1] }
    let spread = deviation(values, weights: Array(weightings.row(0)))
    var singles: [Matrix] = []
    var features: [InteractionH.Entry] = []
    for feature in names.indices {
      let changed = try matrix(of: columns[feature], threads: threads)
      let alone = try means(changed, weightings, overRows: true)
      let rest = try means(changed, weightings, overRows: false)
      features.append(
        entry(
          feature, nil, joint: repeated, parts: [alone, rest], weightings: weightings,
          spread: spread))
      singles.append(alone)
    }
    guard wantsPairs else { return (features, []) }
    let all = names.indices.flatMap { a in (a + 1..<max(names.count, a + 1)).map { (a, $0) } }
    let alone = singles
    let pairs = try Parallel.map(count: all.count, threads: threads) {
      index throws(ExplanationError) -> InteractionH.Entry in
      let (a, b) = all[index]
      let changed = try matrix(of: columns[a] + columns[b], threads: 1)
      return entry(
        a, b, joint: try means(changed, weightings, overRows: true), parts: [alone[a], alone[b]],
        weightings: weightings, spread: spread)
    }
    return (features, pairs)
  }

  /// The values of every row with some columns taken from every row: applicants × places; without
  /// columns the rows' own values.
  private func matrix(
    of columns: [Int], threads: Int
  ) throws(ExplanationError) -> Matrix {
    let all = rows.matrix
    // One point without columns: each row as it is.
    let grid = GridColumns(
      columns: columns,
      encoded: columns.isEmpty ? Matrix(rows: 1, columns: 0) : all.selecting(columns: columns))
    var matrix = try source.margins(of: rows, grids: [grid], threads: threads)
    try EffectCurves.convert(&matrix, to: model, threads: threads)
    return matrix
  }

  /// Shares that sum to one: the sample's first, then each resample's.
  private func weightings() -> Matrix {
    let own = weights ?? [Double](repeating: 1, count: rows.count)
    var result = Matrix(rows: 1 + (resamples?.count ?? 0), columns: rows.count)
    for row in 0..<result.rows {
      let drawn = row == 0 ? own : resamples.map { Array($0.weights.row(row - 1)) } ?? own
      let total = OrderedReduction.sum(drawn)
      result.setRow(row, to: drawn.map { $0 / total })
    }
    return result
  }

  /// Weightings × places: the mean over the applicants at each place, or over the places for each
  /// applicant.
  private func means(
    _ values: Matrix, _ weightings: Matrix, overRows: Bool
  ) throws(ExplanationError) -> Matrix {
    do throws(LinearAlgebraError) {
      return try BLAS.product(weightings, values, transposeB: !overRows)
    } catch {
      throw ExplanationError(numerical: error)
    }
  }

  private func deviation(_ values: [Double], weights: [Double]) -> Double {
    let mean = OrderedReduction.sum(zip(values, weights).map(*))
    return OrderedReduction.sum(zip(values, weights).map { ($0 - mean) * ($0 - mean) * $1 })
      .squareRoot()
  }

  /// H and sizes under every weighting.
  private func entry(
    _ first: Int, _ second: Int?, joint: Matrix, parts: [Matrix], weightings: Matrix,
    spread: Double
  ) -> InteractionH.Entry {
    var sizes: [Double] = []
    var joints: [Double] = []
    for index in 0..<weightings.rows {
      let weights = Array(weightings.row(index))
      let together = Array(joint.row(index))
      let excess = together.indices.map { place in
        parts.reduce(together[place]) { $0 - $1[index, place] }
      }
      sizes.append(deviation(excess, weights: weights))
      joints.append(deviation(together, weights: weights))
    }
    // What is left by rounding is no joint effect.
    let floor = 1e-12 * max(spread, joint.row(0).reduce(0) { max($0, abs($1)) })
    let ratios = zip(sizes, joints).map { $1 > floor ? $0 / $1 : 0 }
    return InteractionH.Entry(
      first: names[first], second: second.map { names[$0] },
      h: joints[0] > floor
        ? EffectEstimate(ratios[0], resamples: Array(ratios.dropFirst())) : nil,
      size: EffectEstimate(sizes[0], resamples: Array(sizes.dropFirst())), jointSize: joints[0],
      isUnstable: joints[0] <= floor || joints[0] < InteractionH.leastJointShare * spread)
  }
}
