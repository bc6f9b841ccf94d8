import CandorExplanation
import CandorNumerics
import CandorTestSupport
import Testing

@Suite("Sparse surrogates")
struct SurrogateSelectionTests {
  /// Correlated columns, a value with noise, and weights.
  private func sample(
    _ rows: Int, _ width: Int, seed: UInt64
  ) -> (columns: Matrix, values: [Double], weights: [Double]) {
    var generator = SeedTree(seed: seed).child("selection").generator()
    var columns = Matrix(rows: rows, columns: width)
    var values: [Double] = []
    for r in 0..<rows {
      let common = generator.nextNormal()
      for c in 0..<width { columns[r, c] = generator.nextNormal() + 0.8 * common + Double(c) }
      values.append(
        (0..<width).reduce(0) { $0 + columns[r, $1] * Double($1 % 3) } + generator.nextNormal())
    }
    return (columns, values, (0..<rows).map { _ in 0.1 + generator.nextUniform() })
  }

  /// The weighted residual sum of squares of a least-squares fit on some columns.
  private func residual(
    _ sample: (columns: Matrix, values: [Double], weights: [Double]), _ columns: [Int]
  ) throws -> Double {
    let design = Matrix(rows: sample.columns.rows, columns: columns.count + 1) {
      $1 == 0 ? 1 : sample.columns[$0, columns[$1 - 1]]
    }
    return try LeastSquares.solve(
      design: design, response: sample.values, weights: sample.weights, withCovariance: false
    ).residualSumOfSquares
  }

  private func moments(
    _ sample: (columns: Matrix, values: [Double], weights: [Double])
  ) throws -> CentredMoments {
    CentredMoments(
      try SurrogateMoments(
        columns: sample.columns, values: sample.values, weights: sample.weights))
  }

  @Test("Forward selection takes at each step what trying all would take", arguments: 0..<20)
  func forward(seed: Int) throws {
    var sample = sample(60, 8, seed: UInt64(seed))
    // Two columns that say little alone and much together: what is left of a column counts by its size.
    var generator = SeedTree(seed: UInt64(seed)).child("twins").generator()
    for r in 0..<60 {
      let difference = 0.2 * generator.nextNormal()
      sample.columns[r, 7] = sample.columns[r, 0] + difference
      sample.values[r] += 12 * difference
    }
    let groups = [[0], [1, 2], [3], [], [4, 5, 6], [7]]
    let found = SurrogateSelection.forward(
      groups: groups, count: 5, moments: try moments(sample))
    var chosen: [Int] = []
    for step in 0..<5 {
      let before = chosen.flatMap { groups[$0] }
      var best = (group: -1, residual: Double.infinity)
      for g in groups.indices where !chosen.contains(g) && !groups[g].isEmpty {
        let left = try residual(sample, before + groups[g])
        if left < best.residual { best = (g, left) }
      }
      chosen.append(best.group)
      #expect(found[step] == best.group)
    }
    #expect(found.count == 5)
  }

  @Test("A fit from moments is the least-squares fit, ridge included", arguments: [0.0, 3.0])
  func fit(ridge: Double) throws {
    let sample = sample(80, 6, seed: 5)
    let moments = try moments(sample)
    let used = [0, 2, 3, 5]
    let design = Matrix(rows: 80, columns: 5) { $1 == 0 ? 1 : sample.columns[$0, used[$1 - 1]] }
    let expected = try LeastSquares.solve(
      design: design, response: sample.values, weights: sample.weights, ridge: ridge,
      unpenalised: [0])
    let found = try moments.fit(columns: used, ridge: ridge, unit: .plain)
    #expect(agree(found.intercept, expected.coefficients[0], within: 1e-9))
    #expect(
      largestDisagreement(
        used.map { found.coefficients[$0] }, Array(expected.coefficients.dropFirst())) < 1e-9)
    #expect(agree(moments.rSquared(of: found), expected.weightedRSquared, within: 1e-9))
  }

  @Test("Columns that depend on each other get the shortest solution, and the rank says so")
  func dependent() throws {
    var sample = sample(50, 4, seed: 9)
    for r in 0..<50 {
      sample.columns[r, 2] = sample.columns[r, 0]
      sample.columns[r, 3] = 7
    }
    let moments = try moments(sample)
    let found = try moments.fit(columns: [0, 1, 2, 3], ridge: 0, unit: .plain)
    #expect(agree(found.coefficients[0], found.coefficients[2], within: 1e-6))
    #expect(found.coefficients[3] == 0)
    #expect(try moments.spectrum([0, 1, 2, 3], ridge: 0, unit: .plain).rank == 3)
  }

  @Test("The lasso takes the columns that matter and no more than asked for", arguments: 1...4)
  func lasso(count: Int) throws {
    var sample = sample(400, 8, seed: 11)
    var generator = SeedTree(seed: 3).generator()
    for r in 0..<400 {
      for c in 0..<8 { sample.columns[r, c] = generator.nextNormal() }
      sample.values[r] =
        4 * sample.columns[r, 6] - 3 * sample.columns[r, 1] + 2 * sample.columns[r, 4]
        + sample.columns[r, 2] + 0.1 * generator.nextNormal()
    }
    let found = SurrogateSelection.lasso(
      groups: (0..<8).map { [$0] }, count: count, moments: try moments(sample))
    #expect(Set(found) == Set([6, 1, 4, 2].prefix(count)))
  }
}
