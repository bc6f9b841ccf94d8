/// The stable partition of a node's entries by a split.
enum PartitionKernel {
  /// Moves the entries of `from..<to` whose bin is at most `bin` to the front, both sides keeping
  /// their order, and gives the first position of the right side. Reads stay monotone in the row's
  /// number. `scratch` has at least `to - from` places. O(to − from), without branches.
  static func partition(
    entries: inout MutableSpan<UInt64>, scratch: inout MutableSpan<UInt64>, from: Int, to: Int,
    bins: Span<UInt8>, offset: Int, bin: UInt8
  ) -> Int {
    precondition(from >= 0 && to <= entries.count && scratch.count >= to - from)
    var left = from
    var right = 0
    for i in from..<to {
      let entry = unsafe entries[unchecked: i]
      let goesRight =
        unsafe bins[unchecked: offset &+ HistogramKernel.row(entry)] > bin ? 1 : 0
      unsafe entries[unchecked: left] = entry
      unsafe scratch[unchecked: right] = entry
      left &+= 1 &- goesRight
      right &+= goesRight
    }
    for i in 0..<right {
      unsafe entries[unchecked: left &+ i] = scratch[unchecked: i]
    }
    return left
  }
}
