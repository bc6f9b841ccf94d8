/// Histograms of a node's rows over the bins of several columns.
///
/// An entry is one drawn row in 64 bits: the row's number in the upper 32, how often it was drawn
/// and is bad in the next 16, how often it was drawn in the lowest 16. All columns of a call are
/// summed in one pass over the rows: a row's bins lie in one cache line or two. The histogram of the
/// j-th column has the cells `256 j ..< 256 (j + 1)`; entries are added in their order.
enum HistogramKernel {
  /// Cells a column.
  static let width = 256

  /// Below so many entries the filled cells are marked one by one rather than searched for.
  static let sparseBelow = 128

  /// At most so many columns a call: their histograms of counts fill the first-level cache.
  static let columnLimit = 16

  /// Packs a drawn row.
  static func entry(row: Int, draws: Int, isBad: Bool) -> UInt64 {
    UInt64(row) << 32 | (isBad ? UInt64(draws) << 16 : 0) | UInt64(draws)
  }

  /// The row of an entry.
  @inline(__always)
  static func row(_ entry: UInt64) -> Int { Int(truncatingIfNeeded: entry &>> 32) }

  /// Packs the rows that were drawn, in rising order; gives their number.
  ///
  /// Shapes: `draws` and `isBad` (0 or 1) of one length, `entries` no shorter.
  static func pack(
    draws: Span<UInt8>, isBad: Span<UInt8>, into entries: inout MutableSpan<UInt64>
  ) -> Int {
    precondition(isBad.count == draws.count && entries.count >= draws.count)
    var count = 0
    for row in 0..<draws.count {
      let times = UInt64(unsafe draws[unchecked: row])
      let bad = times &* UInt64(unsafe isBad[unchecked: row])
      unsafe entries[unchecked: count] = UInt64(row) &<< 32 | bad &<< 16 | times
      count &+= times > 0 ? 1 : 0
    }
    return count
  }

  /// The sum over the entries `from..<to`, in their order.
  static func total<S: NodeStatistic>(
    entries: Span<UInt64>, from: Int, to: Int, values: Span<SIMD2<Double>>, as: S.Type
  ) -> S {
    precondition(from >= 0 && to <= entries.count)
    var total = S.zero
    for i in from..<to { total += S.of(unsafe entries[unchecked: i], values: values) }
    return total
  }

  /// Adds the entries `from..<to` to the histograms of `count` columns from `columns[first]` on.
  ///
  /// Every entry's row is inside `bins`, every column below `stride`.
  static func add<S: NodeStatistic>(
    entries: Span<UInt64>, from: Int, to: Int, bins: Span<UInt8>, stride: Int,
    values: Span<SIMD2<Double>>, columns columnArray: [Int32], first: Int, count: Int,
    cells cellArray: inout [S]
  ) {
    let columns = columnArray.span
    var cells = cellArray.mutableSpan
    precondition(
      from >= 0 && to <= entries.count && first >= 0 && count <= columnLimit
        && first + count <= columns.count && cells.count >= count * width)
    var done = 0
    if count >= 4 {
      let a = Int(columns[first])
      let b = Int(columns[first + 1])
      let c = Int(columns[first + 2])
      let d = Int(columns[first + 3])
      let hasFifth = count >= 5
      let e = hasFifth ? Int(columns[first + 4]) : 0
      if hasFifth {
        for i in from..<to {
          let entry = unsafe entries[unchecked: i]
          let base = row(entry) &* stride
          let term = S.of(entry, values: values)
          unsafe cells[unchecked: Int(bins[unchecked: base &+ a])] += term
          unsafe cells[unchecked: 256 &+ Int(bins[unchecked: base &+ b])] += term
          unsafe cells[unchecked: 512 &+ Int(bins[unchecked: base &+ c])] += term
          unsafe cells[unchecked: 768 &+ Int(bins[unchecked: base &+ d])] += term
          unsafe cells[unchecked: 1024 &+ Int(bins[unchecked: base &+ e])] += term
        }
        done = 5
      } else {
        for i in from..<to {
          let entry = unsafe entries[unchecked: i]
          let base = row(entry) &* stride
          let term = S.of(entry, values: values)
          unsafe cells[unchecked: Int(bins[unchecked: base &+ a])] += term
          unsafe cells[unchecked: 256 &+ Int(bins[unchecked: base &+ b])] += term
          unsafe cells[unchecked: 512 &+ Int(bins[unchecked: base &+ c])] += term
          unsafe cells[unchecked: 768 &+ Int(bins[unchecked: base &+ d])] += term
        }
        done = 4
      }
    }
    if done == count { return }
    for i in from..<to {
      let entry = unsafe entries[unchecked: i]
      let base = row(entry) &* stride
      let term = S.of(entry, values: values)
      var j = done
      while j < count {
        let bin = Int(unsafe bins[unchecked: base &+ Int(columns[unchecked: first &+ j])])
        unsafe cells[unchecked: j &* 256 &+ bin] += term
        j &+= 1
      }
    }
  }

  /// The same for few entries, with a bit set in `marks` (four words a column) for each filled cell.
  static func addMarking<S: NodeStatistic>(
    entries: Span<UInt64>, from: Int, to: Int, bins: Span<UInt8>, stride: Int,
    values: Span<SIMD2<Double>>, columns columnArray: [Int32], first: Int, count: Int,
    cells cellArray: inout [S], marks markArray: inout [UInt64]
  ) {
    let columns = columnArray.span
    var cells = cellArray.mutableSpan
    var marks = markArray.mutableSpan
    precondition(
      from >= 0 && to <= entries.count && first >= 0 && first + count <= columns.count
        && cells.count >= count * width && marks.count >= count * 4)
    for i in from..<to {
      let entry = unsafe entries[unchecked: i]
      let base = row(entry) &* stride
      let term = S.of(entry, values: values)
      var j = 0
      while j < count {
        let bin = Int(unsafe bins[unchecked: base &+ Int(columns[unchecked: first &+ j])])
        unsafe cells[unchecked: j &* 256 &+ bin] += term
        unsafe marks[unchecked: j &* 4 &+ bin &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: bin)
        j &+= 1
      }
    }
  }

  /// Moves the filled cells of the j-th histogram, in the order of their bins, to `list`, with their
  /// bins in `listBins`, and leaves the histogram zero; gives their number. Looks at the first
  /// `binCount` cells and at that of missing cells.
  static func collect<S: NodeStatistic>(
    histogram j: Int, binCount: Int, cells cellArray: inout [S], list listArray: inout [S],
    listBins binArray: inout [UInt8]
  ) -> Int {
    var cells = cellArray.mutableSpan
    var list = listArray.mutableSpan
    var listBins = binArray.mutableSpan
    precondition(
      j >= 0 && cells.count >= (j + 1) * width && binCount <= 255 && list.count > width
        && listBins.count > width)
    var filled = 0
    for bin in 0..<binCount {
      let cell = unsafe cells[unchecked: j &* 256 &+ bin]
      unsafe cells[unchecked: j &* 256 &+ bin] = S.zero
      unsafe list[unchecked: filled] = cell
      unsafe listBins[unchecked: filled] = UInt8(truncatingIfNeeded: bin)
      filled &+= cell.isEmpty ? 0 : 1
    }
    let missing = unsafe cells[unchecked: j &* 256 &+ 255]
    if !missing.isEmpty {
      unsafe cells[unchecked: j &* 256 &+ 255] = S.zero
      unsafe list[unchecked: filled] = missing
      unsafe listBins[unchecked: filled] = 255
      filled &+= 1
    }
    return filled
  }

  /// The same where the filled cells are marked; leaves the marks zero too.
  static func collectMarked<S: NodeStatistic>(
    histogram j: Int, cells cellArray: inout [S], marks markArray: inout [UInt64],
    list listArray: inout [S], listBins binArray: inout [UInt8]
  ) -> Int {
    var cells = cellArray.mutableSpan
    var marks = markArray.mutableSpan
    var list = listArray.mutableSpan
    var listBins = binArray.mutableSpan
    precondition(
      j >= 0 && cells.count >= (j + 1) * width && marks.count >= (j + 1) * 4
        && list.count > width && listBins.count > width)
    var filled = 0
    for word in 0..<4 {
      var mask = unsafe marks[unchecked: j &* 4 &+ word]
      unsafe marks[unchecked: j &* 4 &+ word] = 0
      while mask != 0 {
        let bin = word &* 64 &+ mask.trailingZeroBitCount
        mask &= mask &- 1
        unsafe list[unchecked: filled] = cells[unchecked: j &* 256 &+ bin]
        unsafe cells[unchecked: j &* 256 &+ bin] = S.zero
        unsafe listBins[unchecked: filled] = UInt8(truncatingIfNeeded: bin)
        filled &+= 1
      }
    }
    return filled
  }
}
