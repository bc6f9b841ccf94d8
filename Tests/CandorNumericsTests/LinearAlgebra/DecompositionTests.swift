import CandorNumerics
import CandorTestSupport
import Foundation
import Testing

private struct LeastSquaresCase: Decodable {
  let name: String
  let rows: Int
  let columns: Int
  let design: [Double]
  let response: [Double]
  let weights: [Double]
  let ridge: Double
  let unpenalised: [Int]
  let coefficients: [Double]
  let rank: Int
  let singular: [Double]
  let residual: Double
  let rSquared: Double
  let covariance: [Double]
}

private struct LinearAlgebraReference: Decodable {
  let leastSquares: [LeastSquaresCase]
  let a: [Double]
  let b: [Double]
  let product: [Double]
  let symmetric: [Double]
  let factor: [Double]
  let inverse: [Double]
  let eigenvalues: [Double]
  let singularValues: [Double]
}

@Suite("Decompositions and least squares")
struct DecompositionTests {
  private let reference: LinearAlgebraReference

  init() throws { reference = try ReferenceValues.decode(from: "scipy/linear_algebra.json") }

  private func random(_ rows: Int, _ columns: Int, _ seed: Int) -> Matrix {
    var generator = SeedTree(seed: 41).child(seed).generator()
    return Matrix(rows: rows, columns: columns) { _, _ in generator.nextNormal() }
  }

  @Test("Products, factors, inverses, eigenvalues and singular values agree with NumPy")
  func agreeWithNumPy() throws {
    let a = try Matrix(rows: 5, columns: 7, values: reference.a)
    let b = try Matrix(rows: 7, columns: 3, values: reference.b)
    #expect(largestDisagreement(try BLAS.product(a, b).values, reference.product) < 1e-13)
    let symmetric = try Matrix(rows: 5, columns: 5, values: reference.symmetric)
    let cholesky = try Cholesky(symmetric)
    #expect(largestDisagreement(cholesky.factor.values, reference.factor) < 1e-13)
    #expect(largestDisagreement(try cholesky.inverse().values, reference.inverse) < 1e-12)
    let eigen = try SymmetricEigen(symmetric)
    #expect(largestDisagreement(eigen.values, reference.eigenvalues) < 1e-13)
    let decomposition = try LAPACK.singularValueDecomposition(a)
    #expect(largestDisagreement(decomposition.values, reference.singularValues) < 1e-13)
  }

  @Test("Cholesky solves one and many right-hand sides and inverts, over seeds and sizes")
  func cholesky() throws {
    for order in [1, 2, 7, 40] {
      let half = random(order + 5, order, order)
      let a = try BLAS.weightedGram(half, weights: nil)
      let cholesky = try Cholesky(a)
      let x = random(order, 3, order + 1000)
      let b = try BLAS.product(a, x)
      #expect(largestDisagreement(try cholesky.solve(b).values, x.values) < 1e-8)
      #expect(largestDisagreement(try cholesky.solve(b.column(1)), x.column(1)) < 1e-8)
      let identity = try BLAS.product(a, cholesky.inverse())
      let expected = Matrix(rows: order, columns: order) { $0 == $1 ? 1 : 0 }
      #expect(largestDisagreement(identity.values, expected.values) < 1e-9)
      let again = try BLAS.product(cholesky.factor, cholesky.factor, transposeB: true)
      #expect(largestDisagreement(again.values, a.values) < 1e-12)
      let logarithms = try SymmetricEigen(a).values.map { Foundation.log($0) }
      #expect(agree(cholesky.logDeterminant, logarithms.reduce(0, +), within: 1e-9))
    }
  }

  @Test(
    "The reciprocal condition number is that of a diagonal matrix and falls towards singularity")
  func condition() throws {
    let diagonal = Matrix(rows: 3, columns: 3) { $0 == $1 ? [1.0, 10, 1000][$0] : 0 }
    #expect(agree(try Cholesky(diagonal).reciprocalConditionNumber, 1e-3, within: 1e-12))
    let near = try Matrix(rows: 2, columns: 2, values: [1, 1 - 1e-9, 1 - 1e-9, 1])
    #expect(try Cholesky(near).reciprocalConditionNumber < 1e-9)
  }

  @Test("A matrix that is not positive definite is refused with the order of the minor")
  func notPositiveDefinite() throws {
    let matrix = try Matrix(rows: 3, columns: 3, values: [1, 2, 0, 2, 1, 0, 0, 0, 1])
    #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 2)) { try Cholesky(matrix) }
    #expect(throws: LinearAlgebraError.self) { try Cholesky(Matrix(rows: 2, columns: 3)) }
    #expect(throws: LinearAlgebraError.notFinite("The matrix")) {
      try Cholesky(Matrix(rows: 2, columns: 2, repeating: .nan))
    }
    let cholesky = try Cholesky(Matrix(rows: 2, columns: 2) { $0 == $1 ? 1 : 0 })
    #expect(throws: LinearAlgebraError.self) { try cholesky.solve([1, 2, 3]) }
  }

  @Test("Eigenvectors are orthonormal columns, rebuild the matrix and have a fixed sign")
  func eigen() throws {
    for order in [1, 3, 12, 40] {
      let half = random(order, order, order + 7)
      let a = Matrix(rows: order, columns: order) { half[$0, $1] + half[$1, $0] }
      let eigen = try SymmetricEigen(a)
      #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 <= $1 })
      let scaled = Matrix(rows: order, columns: order) { eigen.vectors[$0, $1] * eigen.values[$1] }
      let again = try BLAS.product(scaled, eigen.vectors, transposeB: true)
      #expect(largestDisagreement(again.values, a.values) < 1e-11)
      let identity = try BLAS.product(eigen.vectors, eigen.vectors, transposeA: true)
      let expected = Matrix(rows: order, columns: order) { $0 == $1 ? 1 : 0 }
      #expect(largestDisagreement(identity.values, expected.values) < 1e-12)
      for k in 0..<order {
        let column = eigen.vectors.column(k)
        #expect(column.max() ?? 0 >= -(column.min() ?? 0))
      }
    }
  }

  @Test("The singular value decomposition rebuilds tall, wide and square matrices")
  func singularValues() throws {
    for (rows, columns) in [(9, 4), (4, 9), (6, 6), (1, 5), (0, 3)] {
      let a = random(rows, columns, rows * 50 + columns)
      let parts = try LAPACK.singularValueDecomposition(a)
      let scaled = Matrix(rows: rows, columns: min(rows, columns)) {
        parts.left[$0, $1] * parts.values[$1]
      }
      let again = try BLAS.product(scaled, parts.rightTransposed)
      #expect(largestDisagreement(again.values, a.values) < 1e-12)
    }
  }

  @Test("Weighted ridge agrees with NumPy, also on rank-deficient designs")
  func leastSquaresReference() throws {
    #expect(reference.leastSquares.count == 5)
    for item in reference.leastSquares {
      let design = try Matrix(rows: item.rows, columns: item.columns, values: item.design)
      let solution = try LeastSquares.solve(
        design: design, response: item.response, weights: item.weights, ridge: item.ridge,
        unpenalised: Set(item.unpenalised))
      #expect(solution.rank == item.rank, "\(item.name)")
      #expect(largestDisagreement(solution.coefficients, item.coefficients) < 1e-11)
      let kept = item.singular.prefix(item.rank)
      #expect(
        largestDisagreement(Array(solution.singularValues.prefix(item.rank)), Array(kept))
          < 1e-11)
      #expect(agree(solution.residualSumOfSquares, item.residual, within: 1e-11))
      #expect(agree(solution.weightedRSquared, item.rSquared, within: 1e-11))
      let covariance = try #require(solution.covariance)
      #expect(largestDisagreement(covariance.values, item.covariance) < 1e-9, "\(item.name)")
      #expect(
        agree(
          solution.conditionNumber, item.singular[0] / item.singular[item.rank - 1],
          within: 1e-9))
      #expect(solution.isRankDeficient == (item.rank < item.columns))
    }
  }

  @Test("A one-hot set beside an intercept gives group means and the shortest coefficients")
  func oneHot() throws {
    let groups = [0, 0, 1, 1, 1, 2]
    let response = [1.0, 3, 4, 5, 6, 20]
    let design = Matrix(rows: 6, columns: 4) { $1 == 0 || groups[$0] == $1 - 1 ? 1 : 0 }
    let solution = try LeastSquares.solve(design: design, response: response)
    #expect(solution.rank == 3 && solution.isRankDeficient)
    let c = solution.coefficients
    let fitted = [c[0] + c[1], c[0] + c[2], c[0] + c[3]]
    #expect(largestDisagreement(fitted, [2, 5, 20]) < 1e-12)
    // The null space is (1, −1, −1, −1): the shortest answer is orthogonal to it.
    #expect(abs(c[0] - c[1] - c[2] - c[3]) < 1e-12)
    #expect(agree(solution.residualSumOfSquares, 4, within: 1e-12))
    #expect(solution.standardErrors.allSatisfy { $0.isFinite })
  }

  @Test("A rank-deficient answer does not jump when the data move in the twelfth digit")
  func stability() throws {
    let groups = (0..<60).map { $0 % 4 }
    var generator = SeedTree(seed: 44).generator()
    let response = groups.map { Double($0) + generator.nextNormal() }
    let design = Matrix(rows: 60, columns: 6) { r, c in
      c == 0 || groups[r] == c - 1 ? 1 : c == 5 ? 3 : 0
    }
    let moved = Matrix(rows: 60, columns: 6) { r, c in
      design[r, c] * (1 + 1e-16 * Double(r * c % 3))
    }
    let a = try LeastSquares.solve(design: design, response: response)
    let b = try LeastSquares.solve(design: moved, response: response.map { $0 * (1 + 1e-13) })
    #expect(a.rank == 4 && b.rank == 4)
    #expect(largestDisagreement(a.coefficients, b.coefficients) < 1e-11)
  }

  @Test("Integer weights give the coefficients of repeated rows; zero weights those of absent rows")
  func weightsAreRepeats() throws {
    let x = random(12, 3, 90)
    let response = random(12, 1, 91).values
    let weights = (0..<12).map { Double($0 % 4) }
    let places = (0..<12).flatMap { Array(repeating: $0, count: Int(weights[$0])) }
    for ridge in [0, 0.7] {
      let weighted = try LeastSquares.solve(
        design: x, response: response, weights: weights, ridge: ridge)
      let repeated = try LeastSquares.solve(
        design: x.selecting(rows: places), response: places.map { response[$0] }, ridge: ridge)
      #expect(largestDisagreement(weighted.coefficients, repeated.coefficients) < 1e-11)
      #expect(
        agree(weighted.residualSumOfSquares, repeated.residualSumOfSquares, within: 1e-11))
      #expect(agree(weighted.weightedRSquared, repeated.weightedRSquared, within: 1e-11))
    }
  }

  @Test("Standard errors cover the true coefficient as often as Student's t says, over 600 seeds")
  func coverage() throws {
    let design = Matrix(rows: 15, columns: 3) { r, c in
      c == 0 ? 1 : c == 1 ? Double(r) : Double(r * r % 7)
    }
    let limit = StudentT.quantile(0.95, degreesOfFreedom: 12)
    var covered = 0
    for seed in 0..<600 {
      var generator = SeedTree(seed: 45).child(seed).generator()
      let response = (0..<15).map { 2 - 0.5 * design[$0, 1] + generator.nextNormal() * 3 }
      let solution = try LeastSquares.solve(design: design, response: response)
      if abs(solution.coefficients[1] + 0.5) <= limit * solution.standardErrors[1] {
        covered += 1
      }
    }
    // 540 expected; the binomial limits of probability 1e-5 on each side.
    #expect(covered > 506 && covered < 571)
  }

  @Test("Fewer rows than columns interpolate, without a covariance")
  func underdetermined() throws {
    let x = random(3, 6, 95)
    let response = [1.0, -2, 4]
    let solution = try LeastSquares.solve(design: x, response: response)
    #expect(largestDisagreement(try BLAS.product(x, solution.coefficients), response) < 1e-12)
    #expect(solution.covariance == nil)
    #expect(solution.standardErrors.allSatisfy { $0.isNaN })
    #expect(solution.rank == 3)
  }

  @Test("Degenerate designs have an answer: constant responses, zero columns, zero weights")
  func degenerate() throws {
    let x = random(8, 2, 96)
    let constant = try LeastSquares.solve(
      design: Matrix(rows: 8, columns: 1, repeating: 1),
      response: Array(repeating: 0.1, count: 8))
    #expect(constant.weightedRSquared == 1)
    let useless = try LeastSquares.solve(
      design: Matrix(rows: 8, columns: 2), response: x.column(0))
    #expect(useless.coefficients == [0, 0] && useless.rank == 0)
    #expect(useless.conditionNumber == .infinity)
    let weightless = try LeastSquares.solve(
      design: x, response: x.column(0), weights: Array(repeating: 0, count: 8))
    #expect(weightless.coefficients == [0, 0])
    let none = try LeastSquares.solve(
      design: Matrix(rows: 8, columns: 0), response: x.column(0))
    #expect(none.coefficients.isEmpty)
  }

  @Test("Arguments that are not sound are refused")
  func refusals() {
    let x = Matrix(rows: 2, columns: 1, repeating: 1)
    #expect(throws: LinearAlgebraError.self) {
      try LeastSquares.solve(design: x, response: [1])
    }
    #expect(throws: LinearAlgebraError.notFinite("The response")) {
      try LeastSquares.solve(design: x, response: [1, .nan])
    }
    #expect(throws: LinearAlgebraError.self) {
      try LeastSquares.solve(design: x, response: [1, 2], weights: [1, -1])
    }
    #expect(throws: LinearAlgebraError.self) {
      try LeastSquares.solve(design: x, response: [1, 2], ridge: -1)
    }
    #expect(throws: LinearAlgebraError.self) {
      try LeastSquares.solve(design: Matrix(rows: 0, columns: 1), response: [])
    }
  }
}
