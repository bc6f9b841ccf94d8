/// What a report tells of numbers.
package struct NumberFacts: Equatable {
  /// The number of NaNs.
  package let missing: Int
  /// The number of distinct values.
  package let distinct: Int

  /// A field of so many bits stays in a second-level cache.
  private static let mostBits = 1 << 23
  /// So many bytes do so beside what is read; a byte is marked without looking at it, a bit is not.
  private static let mostBytes = 1 << 18

  /// Counts; O(n).
  ///
  /// Most numbers of a file have a few decimals, so that they are whole numbers of cents or the like:
  /// then one bit for each stands in a field that is much smaller than a table of numbers.
  package init(_ numbers: [Double], level: VectorLevel = .best) {
    let range = DistinctNumbersKernel.range(numbers.span, level: level)
    missing = range.missing
    let present = numbers.count - range.missing
    guard present > 0 else {
      distinct = 0
      return
    }
    if let scale = Self.scale(numbers) {
      let units = (range.high - range.low) * scale
      let most = min(Self.mostBits, 128 * numbers.count)
      let size = units < Double(most) ? Int(units) + 2 : most
      let low = DistinctNumbersKernel.units(range.low, scale: scale)
      if let count = Self.count(numbers, scale: scale, low: low, size: size, level: level) {
        distinct = count
        return
      }
    }
    distinct = DistinctNumbersKernel.count(numbers.span, present: present)
  }

  /// Counts with a field of `size` units; nil where too many numbers have no place in it.
  private static func count(
    _ numbers: [Double], scale: Double, low: Int, size: Int, level: VectorLevel
  ) -> Int? {
    let isVectors = level == .avx512
    let isBytes = isVectors && size <= mostBytes
    var bytes = [UInt8](repeating: 0, count: isBytes ? size + 1 : 0)
    var bits = [UInt64](repeating: 0, count: isBytes ? 0 : size / 64 + 1)
    var rest = [Double](repeating: 0, count: numbers.count / 8 + DistinctNumbersKernel.spare)
    let found: (distinct: Int, rest: Int)?
    if isVectors {
      found = DistinctNumbersKernel.mark(
        numbers.span, scale: scale, low: low, size: size, bytes: &bytes, bits: &bits, rest: &rest)
    } else {
      found = DistinctNumbersKernel.count(
        numbers.span, scale: scale, low: low, bits: &bits, rest: &rest)
    }
    guard let found else { return nil }
    let others = rest.span.extracting(0..<found.rest)
    return found.distinct + DistinctNumbersKernel.count(others, present: found.rest)
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
