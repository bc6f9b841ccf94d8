/// What is summed over rows to judge a split: rows, their weight as drawn, and weighted target.
protocol NodeStatistic: Sendable, BitwiseCopyable {
  /// The sum over no rows.
  static var zero: Self { get }

  /// Whether it looks at the rows' weights and targets.
  static var usesValues: Bool { get }

  /// What an entry adds; `values` has the weight and the target of each row, and is empty where a
  /// statistic does not look at it.
  static func of(_ entry: UInt64, values: Span<SIMD2<Double>>) -> Self

  /// Adds another sum.
  static func += (a: inout Self, b: Self)

  /// The difference of two sums.
  static func - (a: Self, b: Self) -> Self

  /// Whether nothing was added.
  var isEmpty: Bool { get }

  /// The rows, each counted once however often it was drawn.
  var count: Double { get }

  /// The weight of the drawn rows.
  var weight: Double { get }

  /// The weighted sum of the targets.
  var sum: Double { get }

  /// Whether all targets are the same as far as rounding can tell.
  var isPure: Bool { get }
}

/// Counts in three parts of one word, so that one addition does all: draws in the lowest 21 bits, bad
/// draws in the next 21, rows above.
struct CountStatistic: NodeStatistic {
  var packed: UInt64

  static let zero = CountStatistic(packed: 0)
  static let usesValues = false

  /// At most so many rows and draws fit.
  static let limit = 1 << 21 - 1

  @inline(__always)
  static func of(_ entry: UInt64, values: Span<SIMD2<Double>>) -> CountStatistic {
    CountStatistic(packed: 1 &<< 42 | (entry & 0xFFFF_0000) &<< 5 | (entry & 0xFFFF))
  }

  @inline(__always)
  static func += (a: inout CountStatistic, b: CountStatistic) { a.packed &+= b.packed }

  @inline(__always)
  static func - (a: CountStatistic, b: CountStatistic) -> CountStatistic {
    CountStatistic(packed: a.packed &- b.packed)
  }

  @inline(__always) var isEmpty: Bool { packed == 0 }
  @inline(__always) var count: Double { Double(Int64(truncatingIfNeeded: packed &>> 42)) }
  @inline(__always) var weight: Double { Double(Int64(truncatingIfNeeded: packed & 0x1F_FFFF)) }
  @inline(__always) var sum: Double {
    Double(Int64(truncatingIfNeeded: packed &>> 21 & 0x1F_FFFF))
  }
  var isPure: Bool { sum == 0 || sum == weight }
}

/// The same counts, of up to 2³² rows: draws, bad draws, rows.
struct WideCountStatistic: NodeStatistic {
  var lanes: SIMD4<UInt32>

  static let zero = WideCountStatistic(lanes: .zero)
  static let usesValues = false

  @inline(__always)
  static func of(_ entry: UInt64, values: Span<SIMD2<Double>>) -> WideCountStatistic {
    WideCountStatistic(
      lanes: SIMD4(
        UInt32(truncatingIfNeeded: entry & 0xFFFF),
        UInt32(truncatingIfNeeded: entry &>> 16 & 0xFFFF), 1, 0))
  }

  @inline(__always)
  static func += (a: inout WideCountStatistic, b: WideCountStatistic) { a.lanes &+= b.lanes }

  @inline(__always)
  static func - (a: WideCountStatistic, b: WideCountStatistic) -> WideCountStatistic {
    WideCountStatistic(lanes: a.lanes &- b.lanes)
  }

  @inline(__always) var isEmpty: Bool { lanes.z == 0 }
  @inline(__always) var count: Double { Double(lanes.z) }
  @inline(__always) var weight: Double { Double(lanes.x) }
  @inline(__always) var sum: Double { Double(lanes.y) }
  var isPure: Bool { lanes.y == 0 || lanes.y == lanes.x }
}

/// Real weights and targets: rows, weight, weighted target, weighted square of the target.
struct RealStatistic: NodeStatistic {
  var lanes: SIMD4<Double>

  static let zero = RealStatistic(lanes: .zero)
  static let usesValues = true

  @inline(__always)
  static func of(_ entry: UInt64, values: Span<SIMD2<Double>>) -> RealStatistic {
    let value = unsafe values[unchecked: Int(truncatingIfNeeded: entry &>> 32)]
    let draws = Double(UInt32(truncatingIfNeeded: entry & 0xFFFF))
    let weight = draws * value.x
    let sum = weight * value.y
    return RealStatistic(lanes: SIMD4(1, weight, sum, sum * value.y))
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
