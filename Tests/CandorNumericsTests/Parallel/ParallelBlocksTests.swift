import CandorNumerics
import Testing

@Suite struct ParallelBlocksTests {
  @Test("Every element is what its task wrote, else the value given, at any cut and thread count")
  func array() {
    // The last size has whole pages of 2 MiB in it.
    for count in [0, 1, 7, 1000, 1 << 20] {
      for blockSize in [1, 3, 1000, 4096] where count / blockSize <= 1000 {
        for threads in [1, 3] {
          let found = Parallel.array(
            count: count, blockSize: blockSize, threads: threads, repeating: Int32(-5)
          ) { range, span in
            for (place, i) in range.enumerated() where i % 3 != 0 { span[place] = Int32(i) }
          }
          #expect(found.count == count)
          #expect(found.indices.allSatisfy { found[$0] == ($0 % 3 == 0 ? -5 : Int32($0)) })
        }
      }
    }
  }

  @Test("A task sees the elements of its own block alone")
  func blocks() {
    let found = Parallel.array(count: 10, blockSize: 4, threads: 2, repeating: 0) { range, span in
      for place in 0..<span.count { span[place] = 100 * span.count + range.lowerBound }
    }
    #expect(found == [400, 400, 400, 400, 404, 404, 404, 404, 208, 208])
  }
}
