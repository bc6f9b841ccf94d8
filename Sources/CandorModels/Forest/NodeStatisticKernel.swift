/// What is summed over rows to judge a split: drawn rows, weight, and weighted target.
protocol NodeStatistic: Sendable, BitwiseCopyable {
  /// The sum over no rows.
  static var zero: Self { get }

  /// What an entry adds; `values` has the weight and the target of each row, and is empty where a
  /// statistic does not look at it.
  static func of(_ entry: UInt64, values: Span<SIMD2<Double>>) -> Self

  /// Adds another sum.
  static func += (a: inout Self, b: Self)

  /// The difference of two sums.
  static func - (a: Self, b: Self) -> Self

  /// Whether nothing was added.
  var isEmpty: Bool { get }

  /// The drawn rows.
  var count: Double { get }

  /// The weight of the drawn rows.
  var weight: Double { get }

  /// The weighted sum of the targets.
  var sum: Double { get }

  /// Whether all targets are the same as far as rounding can tell.
  var isPure: Bool { get }
}

/// Counts of rows and of bad rows, in the lower and upper half of one word, so that one addition
/// does both.
struct CountStatistic: NodeStatistic {
  var packed: UInt64

  static let zero = CountStatistic(packed: 0)

  @inline(__always)
  static func of(_ entry: UInt64, values: Span<SIMD2<Double>>) -> CountStatistic {
    CountStatistic(packed: (entry & 0xFFFF) | ((entry & 0xFFFF_0000) &<< 16))
  }

  @inline(__always)
  static func += (a: inout CountStatistic, b: CountStatistic) { a.packed &+= b.packed }

  @inline(__always)
  static func - (a: CountStatistic, b: CountStatistic) -> CountStatistic {
    CountStatistic(packed: a.packed &- b.packed)
  }

  @inline(__always) var isEmpty: Bool { packed == 0 }
  @inline(__always) var count: Double { Double(UInt32(truncatingIfNeeded: packed)) }
  @inline(__always) var weight: Double { count }
  @inline(__always) var sum: Double { Double(UInt32(truncatingIfNeeded: packed &>> 32)) }
  var isPure: Bool { sum == 0 || sum == weight }
}

/// Real weights and targets: drawn rows, weight, weighted target, weighted square of the target.
struct RealStatistic: NodeStatistic {
  var lanes: SIMD4<Double>

  static let zero = RealStatistic(lanes: .zero)

  @inline(__always)
  static func of(_ entry: UInt64, values: Span<SIMD2<Double>>) -> RealStatistic {
    let value = unsafe values[unchecked: Int(truncatingIfNeeded: entry &>> 32)]
    let draws = Double(UInt32(truncatingIfNeeded: entry & 0xFFFF))
    let weight = draws * value.x
    let sum = weight * value.y
    return RealStatistic(lanes: SIMD4(draws, weight, sum, sum * value.y))
  }

  @inline(__always)
  static func += (a: inout RealStatistic, b: RealStatistic) { a.lanes += b.lanes }

  @inline(__always)
  static func - (a: RealStatistic, b: RealStatistic) -> RealStatistic {
    RealStatistic(lanes: a.lanes - b.lanes)
  }

  @inline(__always) var isEmpty: Bool { lanes.x == 0 }
  @inline(__always) var count: Double { lanes.x }
  @inline(__always) var weight: Double { lanes.y }
  @inline(__always) var sum: Double { lanes.z }

  /// The variance is `squares / weight − (sum / weight)²`; what is left of it below the rounding of
  /// its terms is none.
  var isPure: Bool {
    let all = lanes.w * weight
    return !(all - sum * sum > 1e-13 * all)
  }
}
