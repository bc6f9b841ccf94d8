/// What a report tells of numbers.
struct NumberFacts {
  /// The number of NaNs.
  let missing: Int
  /// The number of distinct values.
  let distinct: Int

  /// A field of so many bits stays in a second-level cache.
  private static let mostBits = 1 << 23

  /// Counts; O(n).
  ///
  /// Most numbers of a file have a few decimals, so that they are whole numbers of cents or the like:
  /// then one bit for each stands in a field that is much smaller than a table of numbers.
  init(_ numbers: [Double]) {
    let range = DistinctNumbersKernel.range(numbers.span)
    missing = range.missing
    let present = numbers.count - range.missing
    guard present > 0 else {
      distinct = 0
      return
    }
    if let scale = Self.scale(numbers) {
      let units = (range.high - range.low) * scale
      let size = units < Double(Self.mostBits) ? Int(units) + 2 : Self.mostBits
      var bits = [UInt64](repeating: 0, count: min(size, 128 * numbers.count) / 64 + 1)
      var rest = [Double](repeating: 0, count: numbers.count / 8)
      let low = DistinctNumbersKernel.units(range.low, scale: scale)
      if let count = DistinctNumbersKernel.count(
        numbers.span, scale: scale, low: low, bits: &bits, rest: &rest)
      {
        let others = rest.span.extracting(0..<count.rest)
        distinct = count.distinct + DistinctNumbersKernel.count(others, present: count.rest)
        return
      }
    }
    distinct = DistinctNumbersKernel.count(numbers.span, present: present)
  }

  /// The least power of ten that makes whole numbers of the first ones, nil where none does.
  private static func scale(_ numbers: [Double]) -> Double? {
    var sample: [Double] = []
    for number in numbers where !number.isNaN {
      sample.append(number)
      if sample.count == 200 { break }
    }
    var scale = 1.0
    while scale <= 1e9 {
      if sample.allSatisfy({ DistinctNumbersKernel.isMultiple($0, scale: scale) }) { return scale }
      scale *= 10
    }
    return nil
  }
}
