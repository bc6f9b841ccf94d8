/// Inverts monotone functions of a non-negative number without derivatives.
enum MonotoneRoot {
  /// The smallest non-negative number at which a rising condition holds, up to `limit`.
  ///
  /// The bit patterns of non-negative numbers are ordered as the numbers are, so that bisection on
  /// them ends at neighbours after at most 63 steps whatever the scale of the answer.
  static func smallest(upTo limit: Double, where holds: (Double) -> Bool) -> Double {
    var low: UInt64 = 0
    var high = limit.bitPattern
    while low < high {
      let middle = low + (high - low) / 2
      if holds(Double(bitPattern: middle)) { high = middle } else { low = middle + 1 }
    }
    return Double(bitPattern: low)
  }
}
