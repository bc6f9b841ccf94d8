import CandorNumerics

/// Draws of rows with replacement.
enum DrawingKernel {
  /// Adds `count` uniform draws to the counters of the rows, two draws a random word.
  ///
  /// Lemire, "Fast random integer generation in an interval", 2019, doi:10.1145/3230636, on 32 bits:
  /// no row is more likely than another. A counter stays at 255, which does not happen by chance.
  /// There are fewer than 2³¹ rows.
  static func draw(
    _ count: Int, using generator: inout CounterGenerator, into counts: inout MutableSpan<UInt8>
  ) {
    precondition(counts.count < Int(Int32.max))
    let range = UInt64(counts.count)
    guard range > 0 else { return }
    let threshold = (1 << 32) % range
    var done = 0
    while done < count {
      let word = generator.next()
      for half in 0..<2 {
        let bits = half == 0 ? word & 0xFFFF_FFFF : word &>> 32
        let product = bits &* range
        if product & 0xFFFF_FFFF < threshold || done == count { continue }
        let row = Int(truncatingIfNeeded: product &>> 32)
        let times = unsafe counts[unchecked: row]
        unsafe counts[unchecked: row] = times &+ (times < 255 ? 1 : 0)
        done &+= 1
      }
    }
  }

  /// The rows without a draw, rising, at the front of `rows`; gives their number.
  static func outside(_ draws: Span<UInt8>, into rows: inout MutableSpan<Int32>) -> Int {
    precondition(rows.count >= draws.count && draws.count <= Int(Int32.max))
    var count = 0
    for row in 0..<draws.count {
      unsafe rows[unchecked: count] = Int32(truncatingIfNeeded: row)
      count &+= unsafe draws[unchecked: row] == 0 ? 1 : 0
    }
    return count
  }
}
