/// Histograms of a node's rows over the bins of one column.
///
/// An entry is one drawn row in 64 bits: the row's number in the upper 32, how often it was drawn
/// and is bad in the next 16, how often it was drawn in the lowest 16. A histogram cell of counts
/// holds the bad count in its upper and the count in its lower 32 bits, so that one addition does
/// both. Entries are read in rising order; per entry 8 bytes of the entry, one byte of the bins and
/// one cell are touched.
enum HistogramKernel {
  /// Packs a drawn row.
  static func entry(row: Int, draws: Int, isBad: Bool) -> UInt64 {
    UInt64(row) << 32 | (isBad ? UInt64(draws) << 16 : 0) | UInt64(draws)
  }

  /// The row of an entry.
  @inline(__always)
  static func row(_ entry: UInt64) -> Int { Int(truncatingIfNeeded: entry >> 32) }

  /// The histogram cell of an entry.
  @inline(__always)
  static func cell(_ entry: UInt64) -> UInt64 {
    (entry & 0xFFFF) | ((entry & 0xFFFF_0000) << 16)
  }

  /// Adds the entries `from..<to` to a histogram of counts that is all zero before.
  ///
  /// `bins` is column-major with `offset` at the column's start. Where the node has fewer rows than
  /// the column bins, `touched` (one bit a bin) tells the caller which cells to look at and clear.
  static func addCounts(
    entries: Span<UInt64>, from: Int, to: Int, bins: Span<UInt8>, offset: Int,
    histogram: inout MutableSpan<UInt64>, touched: inout MutableSpan<UInt64>
  ) {
    precondition(
      from >= 0 && to <= entries.count && histogram.count == 256 && touched.count == 4)
    if to - from >= Self.sparseBelow {
      for i in from..<to {
        let entry = unsafe entries[unchecked: i]
        let bin = Int(unsafe bins[unchecked: offset &+ row(entry)])
        unsafe histogram[unchecked: bin] &+= cell(entry)
      }
      for word in 0..<4 {
        var mask: UInt64 = 0
        for bit in 0..<64 {
          if unsafe histogram[unchecked: word &* 64 &+ bit] != 0 { mask |= 1 << UInt64(bit) }
        }
        touched[word] = mask
      }
    } else {
      for i in from..<to {
        let entry = unsafe entries[unchecked: i]
        let bin = Int(unsafe bins[unchecked: offset &+ row(entry)])
        unsafe histogram[unchecked: bin] &+= cell(entry)
        unsafe touched[unchecked: bin &>> 6] |= 1 &<< UInt64(bin & 63)
      }
    }
  }

  /// Adds real weights beside the counts: cell `2 b` takes the weight of good rows of bin `b`, cell
  /// `2 b + 1` that of bad ones; the order of summation is that of the entries.
  static func addWeights(
    entries: Span<UInt64>, from: Int, to: Int, bins: Span<UInt8>, offset: Int,
    rowWeights: Span<Double>, weights: inout MutableSpan<Double>
  ) {
    precondition(from >= 0 && to <= entries.count && weights.count == 512)
    for i in from..<to {
      let entry = unsafe entries[unchecked: i]
      let r = row(entry)
      let bin = Int(unsafe bins[unchecked: offset &+ r])
      let draws = Double(entry & 0xFFFF)
      let isBad = (entry & 0xFFFF_0000) == 0 ? 0 : 1
      unsafe weights[unchecked: 2 &* bin &+ isBad] += draws * rowWeights[unchecked: r]
    }
  }

  /// Below so many entries the touched bits are kept entry by entry; above, they are read off the
  /// 256 cells afterwards.
  static let sparseBelow = 192
}
