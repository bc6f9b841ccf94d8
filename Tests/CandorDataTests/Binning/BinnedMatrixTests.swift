import CandorData
import CandorNumerics
import Testing

@Suite struct BinnedMatrixTests {
  /// Columns of every kind: continuous, tied, two values, constant, counts, signed zeros.
  static func sample(rows: Int, seed: UInt64) -> Matrix {
    var generator = SeedTree(seed: seed).generator()
    return Matrix(rows: rows, columns: 6) { _, c in
      switch c {
      case 0: generator.nextNormal()
      case 1: Double(generator.nextInteger(below: 400)) / 7
      case 2: Double(generator.nextInteger(below: 2))
      case 3: 4.5
      case 4: generator.nextUniform() < 0.7 ? 0 : generator.nextNormal() * 1e6
      default: generator.nextUniform() < 0.5 ? -0.0 : (generator.nextUniform() < 0.5 ? 0 : 3)
      }
    }
  }

  @Test("A value is at most an edge exactly where its bin is at most that edge's")
  func edgesAndBinsAgree() {
    for (rows, limit) in [(40, 256), (3000, 256), (3000, 16), (5000, 2)] {
      let matrix = Self.sample(rows: rows, seed: UInt64(rows + limit))
      let binned = BinnedMatrix(matrix, maximumBins: limit)
      for c in 0..<matrix.columns {
        #expect(binned.binCount(c) <= limit)
        #expect(zip(binned.edges[c], binned.edges[c].dropFirst()).allSatisfy { $0 < $1 })
        for r in 0..<rows {
          for (b, edge) in binned.edges[c].enumerated() {
            if (matrix[r, c] <= edge) != (Int(binned[r, c]) <= b) {
              Issue.record("row \(r), column \(c), bin \(b)")
            }
          }
        }
      }
    }
  }

  @Test("Few distinct values get a bin each, with edges halfway between them")
  func oneBinADistinctValue() {
    let matrix = Self.sample(rows: 3000, seed: 9)
    let binned = BinnedMatrix(matrix, maximumBins: 256)
    #expect(binned.edges[2] == [0.5])
    #expect(binned.edges[3].isEmpty)
    #expect(binned.edges[5] == [1.5])
    let hundred = Matrix(rows: 5000, columns: 1) { r, _ in Double(r % 100) }
    let bins = BinnedMatrix(hundred, maximumBins: 100)
    #expect(bins.edges[0] == (0..<99).map { Double($0) + 0.5 })
    for r in 0..<5000 where Int(bins[r, 0]) != r % 100 { Issue.record("row \(r)") }
  }

  @Test("Bins of a continuous column hold equally many rows within one")
  func equalFrequency() {
    let matrix = Self.sample(rows: 10_000, seed: 3)
    for limit in [10, 64, 256] {
      let binned = BinnedMatrix(matrix, maximumBins: limit)
      var counts = [Int](repeating: 0, count: limit)
      for bin in binned.column(0) { counts[Int(bin)] += 1 }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
  }

  @Test("A value with many repeats takes one bin and leaves the others to the rest")
  func tiesShareABin() {
    let matrix = Self.sample(rows: 10_000, seed: 4)
    let binned = BinnedMatrix(matrix, maximumBins: 32)
    let zeros = (0..<10_000).filter { matrix[$0, 4] == 0 }.map { binned[$0, 4] }
    #expect(Set(zeros).count == 1)
    #expect(binned.binCount(4) >= 28)
  }

  @Test("Other rows are binned by the same edges, and threads change nothing")
  func sameEdges() {
    let matrix = Self.sample(rows: 4000, seed: 5)
    let binned = BinnedMatrix(matrix, maximumBins: 50)
    #expect(binned.bins(of: matrix) == binned)
    #expect(BinnedMatrix(matrix, maximumBins: 50, threads: 3) == binned)
    let beyond = Matrix(rows: 1, columns: 6) { _, _ in 1e300 }
    let bins = binned.bins(of: beyond)
    for c in 0..<6 { #expect(Int(bins[0, c]) == binned.binCount(c) - 1) }
  }

  @Test("Neighbouring numbers and infinities still fall apart")
  func hardNeighbours() {
    let pairs: [(Double, Double)] = [
      (1, 1.0.nextUp), (-1.0.nextUp, -1), (0, .leastNonzeroMagnitude), (-.infinity, 5),
      (5, .infinity), (-.greatestFiniteMagnitude, .greatestFiniteMagnitude),
      (-.infinity, .infinity),
    ]
    for (low, high) in pairs {
      let bins = QuantileBins.fit([high, low, low], maximumBins: 8)
      #expect(bins.count == 2)
      #expect(bins.bin(of: low) == 0)
      #expect(bins.bin(of: high) == 1)
    }
  }

  @Test("The radix sort orders like the standard library's sort")
  func radixSort() {
    var generator = SeedTree(seed: 12).generator()
    for scale in [1e-300, 1, 1e300] {
      let numbers = (0..<5000).map { _ in generator.nextNormal() * scale }
      #expect(BinningKernel.sort(numbers) == numbers.sorted())
    }
    #expect(BinningKernel.sort([]).isEmpty)
    let equal = [Double](repeating: 2, count: 3000)
    #expect(BinningKernel.sort(equal) == equal)
  }
}
