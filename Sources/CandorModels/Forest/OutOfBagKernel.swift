/// Walks training rows through one tree on the bins that it was grown on.
enum OutOfBagKernel {
  /// Writes the node at which each row of `walkers` ends.
  ///
  /// A node's code is `column · 512 + shift · 256 + bin`: a row goes right where its bin of the
  /// column, raised by the shift modulo 256, is above that; a leaf's bin is 255 and its left child
  /// itself. `sets` and `words` are as in scoring. `bins` is row-major with rows `stride` apart.
  /// Eight rows walk abreast; they read neighbouring cache lines.
  static func walk<Test: NodeTest>(
    test: Test.Type, codes: Span<UInt32>, left: Span<Int32>, sets: Span<Int32>,
    words: Span<UInt32>, bins: Span<UInt8>, stride: Int, walkers: Span<Int32>,
    into leaves: inout MutableSpan<Int32>
  ) {
    precondition(walkers.count == leaves.count && codes.count == left.count)
    let count = walkers.count
    var i = 0
    while i < count {
      var bases = InlineArray<8, Int>(repeating: 0)
      var at = InlineArray<8, Int>(repeating: 0)
      for lane in 0..<8 {
        // The last eight may count a row more than once.
        let walker = unsafe walkers[unchecked: min(i &+ lane, count &- 1)]
        unsafe bases[unchecked: lane] = Int(walker) &* stride
      }
      var moved = 1
      while moved != 0 {
        moved = 0
        for lane in 0..<8 {
          let here = unsafe at[unchecked: lane]
          let code = unsafe codes[unchecked: here]
          let cell = unsafe bins[unchecked: bases[unchecked: lane] &+ Int(code &>> 9)]
          let bin = cell &+ UInt8(truncatingIfNeeded: code &>> 8 & 1)
          let right = test.right(code: code, bin: bin, node: here, sets: sets, words: words)
          let next = Int(unsafe left[unchecked: here]) &+ Int(right)
          moved |= next ^ here
          unsafe at[unchecked: lane] = next
        }
      }
      for lane in 0..<min(8, count &- i) {
        unsafe leaves[unchecked: i &+ lane] = Int32(truncatingIfNeeded: at[unchecked: lane])
      }
      i &+= 8
    }
  }
}
