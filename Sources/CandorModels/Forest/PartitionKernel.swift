/// Moves a node's rows to its children, and copies a subtree's rows together.
enum PartitionKernel {
  /// Moves the entries of `from..<to` that go left to the front, both sides keeping their order, and
  /// gives the first position of the right side. Reads stay monotone in the row's number.
  ///
  /// `goesRight` has a 1 for each of the 256 bins of `column` that goes right. `scratch` has at
  /// least `to - from` places. O(to − from), without branches.
  static func partition(
    entries entryArray: inout [UInt64], scratch scratchArray: inout [UInt64], from: Int, to: Int,
    bins binArray: [UInt8], stride: Int, column: Int, goesRight sides: [UInt8]
  ) -> Int {
    var entries = entryArray.mutableSpan
    var scratch = scratchArray.mutableSpan
    let bins = binArray.span
    let goesRight = sides.span
    precondition(
      from >= 0 && to <= entries.count && scratch.count >= to - from && goesRight.count == 256)
    var left = from
    var right = 0
    for i in from..<to {
      let entry = unsafe entries[unchecked: i]
      let bin = unsafe bins[unchecked: HistogramKernel.row(entry) &* stride &+ column]
      let step = Int(unsafe goesRight[unchecked: Int(bin)])
      unsafe entries[unchecked: left] = entry
      unsafe scratch[unchecked: right] = entry
      left &+= 1 &- step
      right &+= step
    }
    for i in 0..<right {
      unsafe entries[unchecked: left &+ i] = scratch[unchecked: i]
    }
    return left
  }

  /// Copies the bins of the entries' rows side by side, and their values where there are any, and
  /// renumbers the entries: the i-th of `from..<to` becomes row i.
  ///
  /// `stride` is a multiple of eight; `localBins` has room for `to - from` rows, `localValues` too
  /// unless `values` is empty.
  static func gather(
    entries entryArray: inout [UInt64], from: Int, to: Int, bins binArray: [UInt8], stride: Int,
    values valueArray: [SIMD2<Double>], localBins localBinArray: inout [UInt8],
    localValues localValueArray: inout [SIMD2<Double>]
  ) {
    var entries = entryArray.mutableSpan
    let bins = binArray.span
    let values = valueArray.span
    var localBins = localBinArray.mutableSpan
    var localValues = localValueArray.mutableSpan
    precondition(
      from >= 0 && to <= entries.count && localBins.count >= (to - from) * stride
        && stride % 8 == 0 && (values.isEmpty || localValues.count >= to - from))
    let source = unsafe bins.bytes
    var target = unsafe localBins.mutableBytes
    let words = stride / 8
    let hasValues = !values.isEmpty
    for i in from..<to {
      let entry = unsafe entries[unchecked: i]
      let row = HistogramKernel.row(entry)
      copy(source, at: row &* stride, to: &target, at: (i &- from) &* stride, words: words)
      if hasValues {
        unsafe localValues[unchecked: i &- from] = values[unchecked: row]
      }
      unsafe entries[unchecked: i] =
        UInt64(truncatingIfNeeded: i &- from) &<< 32 | entry & 0xFFFF_FFFF
    }
  }

  /// Moves the entries of `from..<to` with their rows' bins and values to other buffers, those that
  /// go left from the front on, those that go right from the back on, and renumbers them: the entry
  /// at position i has row i. Gives the first position of the right side.
  ///
  /// All reads and writes are streams: where the rows do not fit a cache, this and reading a node
  /// from front to back cost less than fetching each of its rows from where it lies. `stride` is a
  /// multiple of eight; the other buffers have room for the positions `from..<to`, `otherValues`
  /// unless `values` is empty.
  static func move(
    entries entryArray: [UInt64], from: Int, to: Int, bins binArray: [UInt8], stride: Int,
    values valueArray: [SIMD2<Double>], column: Int, goesRight sides: [UInt8],
    otherEntries otherEntryArray: inout [UInt64], otherBins otherBinArray: inout [UInt8],
    otherValues otherValueArray: inout [SIMD2<Double>]
  ) -> Int {
    let entries = entryArray.span
    let bins = binArray.span
    let values = valueArray.span
    let goesRight = sides.span
    var otherEntries = otherEntryArray.mutableSpan
    var otherBins = otherBinArray.mutableSpan
    var otherValues = otherValueArray.mutableSpan
    precondition(
      from >= 0 && to <= entries.count && to <= otherEntries.count
        && otherBins.count >= to * stride && stride % 8 == 0 && goesRight.count == 256
        && (values.isEmpty || otherValues.count >= to))
    let source = unsafe bins.bytes
    var target = unsafe otherBins.mutableBytes
    let words = stride / 8
    let hasValues = !values.isEmpty
    var left = from
    var right = to &- 1
    for i in from..<to {
      let entry = unsafe entries[unchecked: i]
      let row = HistogramKernel.row(entry)
      let start = row &* stride
      let bin = unsafe bins[unchecked: start &+ column]
      let step = Int(unsafe goesRight[unchecked: Int(bin)])
      // The mask is all ones where the row goes right.
      let place = left ^ ((left ^ right) & (0 &- step))
      copy(source, at: start, to: &target, at: place &* stride, words: words)
      if hasValues {
        unsafe otherValues[unchecked: place] = values[unchecked: row]
      }
      unsafe otherEntries[unchecked: place] =
        UInt64(truncatingIfNeeded: place) &<< 32 | entry & 0xFFFF_FFFF
      left &+= 1 &- step
      right &-= step
    }
    return left
  }

  /// Copies so many words of eight bytes, four at a time.
  @inline(__always)
  private static func copy(
    _ source: RawSpan, at from: Int, to target: inout MutableRawSpan, at to: Int, words: Int
  ) {
    var done = 0
    while done &+ 4 <= words {
      let four = unsafe source.unsafeLoadUnaligned(
        fromUncheckedByteOffset: from &+ done &* 8, as: SIMD4<UInt64>.self)
      unsafe target.storeBytes(
        of: four, toUncheckedByteOffset: to &+ done &* 8, as: SIMD4<UInt64>.self)
      done &+= 4
    }
    while done < words {
      let one = unsafe source.unsafeLoadUnaligned(
        fromUncheckedByteOffset: from &+ done &* 8, as: UInt64.self)
      unsafe target.storeBytes(
        of: one, toUncheckedByteOffset: to &+ done &* 8, as: UInt64.self)
      done &+= 1
    }
  }
}
