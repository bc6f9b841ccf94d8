import CandorNumerics
import CandorTestSupport
import Testing

@Suite("Matrix products")
struct BLASTests {
  private func random(_ rows: Int, _ columns: Int, _ seed: Int) -> Matrix {
    var generator = SeedTree(seed: 31).child(seed).generator()
    return Matrix(rows: rows, columns: columns) { _, _ in generator.nextNormal() }
  }

  private func plainProduct(_ a: Matrix, _ b: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: b.columns) { r, c in
      (0..<a.columns).reduce(0) { $0 + a[r, $1] * b[$1, c] }
    }
  }

  @Test("Products equal three plain loops for every transposition and odd shapes")
  func products() throws {
    for (index, shape) in [(1, 1, 1), (3, 5, 2), (17, 1, 9), (1, 30, 1), (40, 33, 21), (2, 0, 3)]
      .enumerated()
    {
      let a = random(shape.0, shape.1, index)
      let b = random(shape.1, shape.2, index + 100)
      let expected = plainProduct(a, b)
      for transposeA in [false, true] {
        for transposeB in [false, true] {
          let result = try BLAS.product(
            transposeA ? a.transposed : a, transposeB ? b.transposed : b,
            transposeA: transposeA, transposeB: transposeB)
          #expect(result.rows == expected.rows && result.columns == expected.columns)
          #expect(largestDisagreement(result.values, expected.values) < 1e-12)
        }
      }
      let vector = b.column(0)
      let once = try BLAS.product(a, vector)
      #expect(largestDisagreement(once, expected.column(0)) < 1e-12)
      let twice = try BLAS.product(a.transposed, vector, transpose: true)
      #expect(largestDisagreement(twice, expected.column(0)) < 1e-12)
    }
  }

  @Test("Products on spans write or accumulate, in single and double precision")
  func spans() {
    let a = random(7, 4, 1)
    let b = random(4, 5, 2)
    let expected = plainProduct(a, b).values
    for transposeA in [false, true] {
      for transposeB in [false, true] {
        for accumulate in [false, true] {
          let left = transposeA ? a.transposed.values : a.values
          let right = transposeB ? b.transposed.values : b.values
          var double = [Double](repeating: 2, count: 35)
          var target = double.mutableSpan
          BLAS.doubleProduct(
            rows: 7, columns: 5, inner: 4, left.span, transposeA: transposeA, right.span,
            transposeB: transposeB, accumulate: accumulate, into: &target)
          let start = accumulate ? 2.0 : 0
          #expect(largestDisagreement(double, expected.map { $0 + start }) < 1e-12)
          let leftSingle = left.map(Float.init)
          let rightSingle = right.map(Float.init)
          var single = [Float](repeating: 2, count: 35)
          var singleTarget = single.mutableSpan
          BLAS.singleProduct(
            rows: 7, columns: 5, inner: 4, leftSingle.span, transposeA: transposeA,
            rightSingle.span, transposeB: transposeB, accumulate: accumulate,
            into: &singleTarget)
          #expect(
            largestDisagreement(single.map(Double.init), expected.map { $0 + start }) < 1e-5)
        }
      }
    }
    var empty = [Double](repeating: 3, count: 6)
    var target = empty.mutableSpan
    let nothing: [Double] = []
    BLAS.doubleProduct(
      rows: 2, columns: 3, inner: 0, nothing.span, transposeA: false, nothing.span,
      transposeB: false,
      accumulate: false, into: &target)
    #expect(empty == [0, 0, 0, 0, 0, 0])
  }

  @Test("The weighted Gram matrix is XᵀWX, exactly symmetric, across the edges of blocks")
  func gram() throws {
    for rows in [0, 1, 50, 4096, 4097, 9000] {
      let x = random(rows, 4, rows)
      var generator = SeedTree(seed: 32).child(rows).generator()
      for kind in 0..<3 {
        let weights: [Double]? =
          kind == 0
          ? nil
          : (0..<rows).map { _ in
            kind == 1 ? generator.nextUniform() : generator.nextUniform() - 0.5
          }
        let result = try BLAS.weightedGram(x, weights: weights)
        let scaled = Matrix(rows: rows, columns: 4) { (weights?[$0] ?? 1) * x[$0, $1] }
        let expected = plainProduct(x.transposed, scaled)
        #expect(largestDisagreement(result.values, expected.values) < 1e-10)
        #expect(result == result.transposed)
      }
    }
  }

  @Test("Shapes that do not fit and weights that are not finite are refused with a sentence")
  func refusals() throws {
    let a = random(3, 2, 1)
    #expect(throws: LinearAlgebraError.self) { try BLAS.product(a, a) }
    #expect(throws: LinearAlgebraError.self) { try BLAS.product(a, [1, 2, 3]) }
    #expect(throws: LinearAlgebraError.self) { try BLAS.dot([1], [1, 2]) }
    #expect(throws: LinearAlgebraError.self) { try BLAS.weightedGram(a, weights: [1]) }
    #expect(throws: LinearAlgebraError.notFinite("The list of weights")) {
      try BLAS.weightedGram(a, weights: [1, .nan, 1])
    }
    #expect(try BLAS.dot([1, 2, 3], [4, 5, 6]) == 32)
    #expect(try BLAS.dot([], []) == 0)
  }

  @Test("Products give equal bits from one thread and from many at a time")
  func threadInvariance() throws {
    let factors = (0..<16).map { random(60, 60, $0) }
    let alone = try Parallel.map(count: 16, threads: 1) { index throws(LinearAlgebraError) in
      try BLAS.product(factors[index], factors[index])
    }
    let together = try Parallel.map(count: 16, threads: 4) { index throws(LinearAlgebraError) in
      try BLAS.product(factors[index], factors[index])
    }
    #expect(alone == together)
  }
}
