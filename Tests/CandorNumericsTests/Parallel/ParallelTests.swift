import CandorNumerics
import CandorTestSupport
import Testing

private struct IndexError: Error, Equatable {
  let index: Int
}

@Suite("Parallel work")
struct ParallelTests {
  @Test("Results stand in the order of their indices for every number of threads")
  func orderAndThreads() {
    let expected = (0..<257).map { index -> UInt64 in
      var generator = SeedTree(seed: 9).child(index).generator()
      return generator.next()
    }
    for threads in [-1, 0, 1, 2, 3, 8, 1000] {
      let results = Parallel.map(count: 257, threads: threads) { index -> UInt64 in
        var generator = SeedTree(seed: 9).child(index).generator()
        return generator.next()
      }
      #expect(results == expected)
    }
    #expect(Parallel.map(count: 0, threads: 4) { $0 }.isEmpty)
  }

  @Test("The error of the lowest failing index is thrown whatever the number of threads")
  func lowestError() {
    for threads in [1, 2, 7] {
      for _ in 0..<20 {
        #expect(throws: IndexError(index: 13)) {
          try Parallel.map(count: 100, threads: threads) { index throws(IndexError) -> Int in
            if index >= 13, index % 2 == 1 { throw IndexError(index: index) }
            return index
          }
        }
      }
    }
  }

  @Test("Blocks cover a count once and in order")
  func blocks() {
    for (count, size) in [(0, 5), (1, 5), (10, 5), (11, 5), (7, 0), (3, 100)] {
      #expect(Parallel.blocks(of: count, size: size).flatMap { Array($0) } == Array(0..<count))
    }
  }

  @Test("The pairwise sum is exact on integers and closer than plain addition on tenths")
  func pairwiseSum() {
    #expect(OrderedReduction.sum((1...1001).map(Double.init)) == 501_501)
    let tenths = [Double](repeating: 0.1, count: 1_000_000)
    #expect(abs(OrderedReduction.sum(tenths) - 1e5) < abs(tenths.reduce(0, +) - 1e5) / 100)
    #expect(OrderedReduction.sum([[1, 2], [3, 4], [5, 6]]) == [9, 12])
  }
}
