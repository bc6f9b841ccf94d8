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
    for (rows, limit) in [(40, 255), (3000, 255), (3000, 16), (5000, 2)] {
      let matrix = Self.sample(rows: rows, seed: UInt64(rows + limit))
      let binned = BinnedMatrix(EncodedRows(matrix), maximumBins: limit)
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
    let binned = BinnedMatrix(EncodedRows(matrix), maximumBins: 255)
    #expect(binned.edges[2] == [0.5])
    #expect(binned.edges[3].isEmpty)
    #expect(binned.edges[5] == [1.5])
    let hundred = Matrix(rows: 5000, columns: 1) { r, _ in Double(r % 100) }
    let bins = BinnedMatrix(EncodedRows(hundred), maximumBins: 100)
    #expect(bins.edges[0] == (0..<99).map { Double($0) + 0.5 })
    for r in 0..<5000 where Int(bins[r, 0]) != r % 100 { Issue.record("row \(r)") }
  }

  @Test("Bins of a continuous column hold equally many rows within one")
  func equalFrequency() {
    let matrix = Self.sample(rows: 10_000, seed: 3)
    for limit in [10, 64, 255] {
      let binned = BinnedMatrix(EncodedRows(matrix), maximumBins: limit)
      var counts = [Int](repeating: 0, count: limit)
      for r in 0..<10_000 { counts[Int(binned[r, 0])] += 1 }
      #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }
  }

  @Test("A value with many repeats takes one bin and leaves the others to the rest")
  func tiesShareABin() {
    let matrix = Self.sample(rows: 10_000, seed: 4)
    let binned = BinnedMatrix(EncodedRows(matrix), maximumBins: 32)
    let zeros = (0..<10_000).filter { matrix[$0, 4] == 0 }.map { binned[$0, 4] }
    #expect(Set(zeros).count == 1)
    #expect(binned.binCount(4) >= 28)
  }

  @Test("Other rows are binned by the same edges, and threads change nothing")
  func sameEdges() {
    let matrix = Self.sample(rows: 4000, seed: 5)
    let binned = BinnedMatrix(EncodedRows(matrix), maximumBins: 50)
    #expect(binned.bins(of: EncodedRows(matrix)) == binned)
    #expect(BinnedMatrix(EncodedRows(matrix), maximumBins: 50, threads: 3) == binned)
    let beyond = Matrix(rows: 1, columns: 6) { _, _ in 1e300 }
    let bins = binned.bins(of: EncodedRows(beyond))
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

  @Test("Missing cells and codes that are no level have the last bin; codes are their own bins")
  func missingAndLevels() throws {
    let codes: [Double] = [0, 4, 5, -1, 2.5, .nan, 3, -0.0, 1e300, -1e300]
    let numbers: [Double] = [1, .nan, 3, 1, 2, 2, .nan, 3, 1, 2]
    let rows = try EncodedRows(blocks: [.numbers(codes), .numbers(numbers)], count: 10)
    let binned = BinnedMatrix(rows, levelCounts: [0: 5])
    #expect((0..<10).map { binned[$0, 0] } == [0, 4, 255, 255, 255, 255, 3, 0, 255, 255])
    #expect((0..<10).map { binned[$0, 1] } == [0, 255, 2, 0, 1, 1, 255, 2, 0, 1])
    #expect(binned.edges == [[], [1.5, 2.5]])
    #expect(binned.binCount(0) == 5 && binned.binCount(1) == 3)
    #expect(BinnedMatrix(rows.dense, levelCounts: [0: 5]) == binned)
  }

  @Test("Compact rows have the bins of the dense rows, 0/1 blocks too")
  func compactRows() throws {
    var generator = SeedTree(seed: 8).generator()
    let count = 3000
    let numbers = (0..<count).map { _ in
      generator.nextUniform() < 0.1 ? Double.nan : generator.nextNormal()
    }
    let places = (0..<count).map { _ in Int32(generator.nextInteger(below: 5)) - 1 }
    let rows = try EncodedRows(
      blocks: [.indicators(places, width: 4), .numbers(numbers), .indicators(places, width: 6)],
      count: count)
    let binned = BinnedMatrix(rows, maximumBins: 40, threads: 2)
    #expect(binned == BinnedMatrix(rows.dense, maximumBins: 40))
    #expect(binned.edges[1] == [0.5] && binned.edges[10].isEmpty)
    let part = rows.rows(in: 700..<1900)
    #expect(binned.bins(of: part) == binned.bins(of: rows.selecting(rows: Array(700..<1900))))
    #expect(binned.bins(of: part) == binned.bins(of: rows.dense.rows(in: 700..<1900)))
  }

  @Test("Many rows take their edges from a sample of them")
  func sampledEdges() {
    var generator = SeedTree(seed: 3).generator()
    let matrix = Matrix(rows: 300_000, columns: 1) { _, _ in generator.nextNormal() }
    let binned = BinnedMatrix(EncodedRows(matrix), maximumBins: 10, threads: 2)
    var counts = [Int](repeating: 0, count: 10)
    for r in 0..<matrix.rows { counts[Int(binned[r, 0])] += 1 }
    // A bin's share has a standard error of 0.0006; only one row in eight was left out.
    #expect(counts.allSatisfy { abs(Double($0) / 300_000 - 0.1) < 0.002 })
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
