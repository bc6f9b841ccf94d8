import CandorNumerics

/// The matrix that turns standardised distances from the mean into players' values.
struct ConditionalMatrix: Sendable {
  /// One row a player, one column a varying encoded column.
  let values: Matrix
  /// Where orders were drawn: for each player the covariance matrix of its row.
  let covariances: [Matrix]
  /// Where orders were drawn: the difference between the halves of the draws.
  let halves: Matrix?

  /// Values, standard errors and half differences, one row a row and one column a player.
  struct Values {
    let values: Matrix
    let errors: Matrix
    let halves: Matrix
  }

  /// The values at rows of standardised distances.
  func values(at distances: Matrix) throws(LinearAlgebraError) -> Values {
    var errors = Matrix(rows: distances.rows, columns: values.rows)
    for (player, covariance) in covariances.enumerated() {
      let images = try BLAS.product(distances, covariance)
      for r in 0..<distances.rows {
        var variance = 0.0
        for c in 0..<distances.columns { variance += images[r, c] * distances[r, c] }
        // Rounding may leave a variance of zero below it.
        errors[r, player] = max(variance, 0).squareRoot()
      }
    }
    return Values(
      values: try BLAS.product(distances, values, transposeB: true), errors: errors,
      halves: try halves.map { half throws(LinearAlgebraError) in
        try BLAS.product(distances, half, transposeB: true)
      } ?? Matrix(rows: distances.rows, columns: values.rows))
  }
}

/// The game of a linear score of jointly normal columns in standard units.
///
/// A coalition with the columns S answers with the coefficients `r_S = R_SS⁻¹ (R β)_S`, zero outside S.
struct LinearNormalGame: Sendable {
  /// The least reciprocal condition number: four digits of the solution are left.
  private static let leastCondition = 1e-12

  private let correlation: Matrix
  /// R β.
  private let images: [Double]
  private let slopes: [Double]
  /// The columns of each player.
  private let blocks: [[Int]]
  /// The players with columns.
  private let playing: [Int]

  /// Joins correlations, coefficients and the columns of each player.
  init(
    correlation: Matrix, slopes: [Double], blocks: [[Int]]
  ) throws(LinearAlgebraError) {
    self.correlation = correlation
    self.slopes = slopes
    self.blocks = blocks
    // A factor of a matrix that is singular but for rounding exists, and its solutions mean nothing.
    guard try Cholesky(correlation).reciprocalConditionNumber > Self.leastCondition else {
      throw .notPositiveDefinite(order: correlation.rows)
    }
    images = try BLAS.product(correlation, slopes)
    playing = blocks.indices.filter { !blocks[$0].isEmpty }
  }

  private var width: Int { slopes.count }

  /// The coefficients of one coalition, by all columns.
  private func answer(_ columns: [Int]) throws(LinearAlgebraError) -> [Double] {
    var result = [Double](repeating: 0, count: width)
    guard !columns.isEmpty else { return result }
    // Everything known: the score itself, without rounding.
    if columns.count == width { return slopes }
    let part = Matrix(rows: columns.count, columns: columns.count) {
      correlation[columns[$0], columns[$1]]
    }
    let solution = try Cholesky(part).solve(columns.map { images[$0] })
    for (place, column) in columns.enumerated() { result[column] = solution[place] }
    return result
  }

  /// The Shapley-weighted means over all coalitions.
  func enumerated(threads: Int) throws(LinearAlgebraError) -> ConditionalMatrix {
    let count = playing.count
    let answers = try Parallel.map(count: 1 << count, threads: threads) {
      coalition throws(LinearAlgebraError) in
      try answer(
        playing.indices.filter { coalition >> $0 & 1 == 1 }.flatMap { blocks[playing[$0]] })
    }
    let weights = CoalitionPlan.sizeWeights(count)
    var values = Matrix(rows: blocks.count, columns: width)
    for (bit, player) in playing.enumerated() {
      var row = [Double](repeating: 0, count: width)
      for coalition in answers.indices where coalition >> bit & 1 == 0 {
        let weight = weights[coalition.nonzeroBitCount]
        let (before, after) = (answers[coalition], answers[coalition | 1 << bit])
        for c in 0..<width { row[c] += weight * (after[c] - before[c]) }
      }
      values.setRow(player, to: row)
    }
    return ConditionalMatrix(values: values, covariances: [], halves: nil)
  }

  /// Means over random orders and their reverses, with what is needed for standard errors.
  func sampled(
    pairs: Int, seeds: SeedTree, threads: Int
  ) throws(LinearAlgebraError) -> ConditionalMatrix {
    let drawn = try Parallel.map(count: pairs, threads: threads) {
      pair throws(LinearAlgebraError) -> Matrix in
      var generator = seeds.child(pair).generator()
      let order = Sampling.permutation(playing.count, using: &generator)
      var sum = try contributions(order)
      let other = try contributions(order.reversed())
      for r in 0..<sum.rows {
        sum.setRow(r, to: zip(sum.row(r), other.row(r)).map { 0.5 * ($0 + $1) })
      }
      return sum
    }
    let number = Double(pairs)
    let first = mean(of: drawn[..<(pairs / 2)])
    let second = mean(of: drawn[(pairs / 2)...])
    let all = mean(of: drawn[...])
    var covariances: [Matrix] = []
    for player in blocks.indices {
      let deviations = Matrix(rows: pairs, columns: width) {
        drawn[$0][player, $1] - all[player, $1]
      }
      covariances.append(
        try BLAS.weightedGram(
          deviations, weights: Array(repeating: 1 / number / (number - 1), count: pairs)))
    }
    return ConditionalMatrix(
      values: all, covariances: covariances,
      halves: Matrix(rows: all.rows, columns: all.columns) { first[$0, $1] - second[$0, $1] })
  }

  private func mean(of drawn: ArraySlice<Matrix>) -> Matrix {
    Matrix(rows: blocks.count, columns: width) { r, c in
      OrderedReduction.sum(drawn.map { $0[r, c] }) / Double(drawn.count)
    }
  }

  /// The marginal contributions along one order.
  ///
  /// One factorisation of the matrix in the order's columns serves every coalition on the way, since
  /// the factor of a leading part is the leading part of the factor, and so does one forward
  /// substitution.
  private func contributions(_ order: [Int]) throws(LinearAlgebraError) -> Matrix {
    let columns = order.flatMap { blocks[playing[$0]] }
    let factor = try Cholesky(
      Matrix(rows: width, columns: width) { correlation[columns[$0], columns[$1]] }
    ).factor
    var forward = columns.map { images[$0] }
    for r in 0..<width {
      var sum = forward[r]
      for c in 0..<r { sum -= factor[r, c] * forward[c] }
      forward[r] = sum / factor[r, r]
    }
    var result = Matrix(rows: blocks.count, columns: width)
    var before = [Double](repeating: 0, count: width)
    var known = 0
    for player in order {
      known += blocks[playing[player]].count
      var after = [Double](repeating: 0, count: width)
      if known == width {
        after = slopes
      } else {
        var solution = Array(forward[..<known])
        for r in stride(from: known - 1, through: 0, by: -1) {
          var sum = solution[r]
          for k in r + 1..<max(known, r + 1) { sum -= factor[k, r] * solution[k] }
          solution[r] = sum / factor[r, r]
        }
        for (place, column) in columns[..<known].enumerated() { after[column] = solution[place] }
      }
      result.setRow(playing[player], to: zip(after, before).map(-))
      before = after
    }
    return result
  }
}
