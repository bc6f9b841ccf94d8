/// What a report tells of numbers.
struct NumberFacts {
  /// The number of NaNs.
  let missing: Int
  /// The number of distinct values.
  let distinct: Int

  /// Counts; O(n).
  ///
  /// Most numbers of a file have a few decimals, so that they are whole numbers of cents or the like:
  /// then one bit for each stands in a field that is much smaller than a table of numbers.
  init(_ numbers: [Double]) {
    let range = DistinctNumbersKernel.range(numbers.span)
    missing = range.missing
    let present = numbers.count - range.missing
    distinct =
      present == 0
      ? 0
      : Self.countMultiples(numbers, low: range.low, high: range.high)
        ?? DistinctNumbersKernel.count(numbers.span, present: present)
  }

  private static func countMultiples(_ numbers: [Double], low: Double, high: Double) -> Int? {
    // A field of bits beyond this is no smaller than a table.
    let mostBits = Double(max(1 << 12, 128 * numbers.count))
    var sample: [Double] = []
    for number in numbers where !number.isNaN {
      sample.append(number)
      if sample.count == 200 { break }
    }
    var scale = 1.0
    while scale <= 1e9, max(abs(low), abs(high)) * scale < 0x1p51, (high - low) * scale < mostBits {
      if sample.allSatisfy({ DistinctNumbersKernel.isMultiple($0, scale: scale) }) {
        let first = DistinctNumbersKernel.units(low, scale: scale)
        let last = DistinctNumbersKernel.units(high, scale: scale)
        var bits = [UInt64](repeating: 0, count: (last - first) / 64 + 1)
        if let count = DistinctNumbersKernel.count(
          numbers.span, scale: scale, low: first, bits: &bits)
        {
          return count
        }
      }
      scale *= 10
    }
    return nil
  }
}
