extension Parallel {
  /// Makes an array whose blocks are written by tasks, each its own one, without filling it with
  /// zeros on one thread first.
  ///
  /// - Parameters:
  ///   - count: The number of elements.
  ///   - blockSize: The elements of a block; the cut depends on it and `count` alone.
  ///   - threads: The most threads.
  ///   - value: What every element is before `body` sees it.
  ///   - body: Writes the elements of a range; in the span they begin at zero.
  /// - Returns: The array, in large pages where the system gives them.
  /// - Complexity: O(count) and what `body` does.
  package static func array<Element: BitwiseCopyable & Sendable>(
    count: Int, blockSize: Int, threads: Int, repeating value: Element,
    _ body: @Sendable (Range<Int>, inout MutableSpan<Element>) -> Void
  ) -> [Element] {
    let blocks = blocks(of: count, size: blockSize)
    return unsafe [Element](unsafeUninitializedCapacity: max(count, 0)) { buffer, filled in
      unsafe LargePagesKernel.advise(UnsafeMutableRawBufferPointer(buffer))
      // An integer, because it crosses to other threads; the buffer outlives them.
      let address = UInt(bitPattern: buffer.baseAddress)
      _ = map(count: blocks.count, threads: threads) { index in
        let block = blocks[index]
        let start = unsafe UnsafeMutablePointer<Element>(bitPattern: address)
        let part = unsafe UnsafeMutableBufferPointer(
          start: start.map { unsafe $0 + block.lowerBound }, count: block.count)
        unsafe part.initialize(repeating: value)
        var span = unsafe part.mutableSpan
        body(block, &span)
      }
      filled = max(count, 0)
    }
  }
}
