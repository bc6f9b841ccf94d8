import CandorNumerics

/// Order statistics without sorting.
package enum Selection {
  /// Number of leading bits that one pass looks at.
  private static let digit: UInt64 = 11

  /// The numbers at a position and at the next one of the sorted list, O(n): a pass counts leading
  /// digits of the bit patterns, and only numbers that share the sought digit are kept for the
  /// next.
  ///
  /// - Parameters:
  ///   - numbers: Numbers without NaN, at least one.
  ///   - position: The position from zero, below their count.
  /// - Returns: The two order statistics, zeros without a sign; the second is the first again at the
  ///   end of the list.
  static func neighbours(in numbers: [Double], at position: Int) -> (Double, Double) {
    var kept = [UInt64](capacity: numbers.count) { output in
      let cells = numbers.span
      for i in cells.indices { output.append(key(cells[i] + 0)) }
    }
    var rank = position
    var above: UInt64?
    var shift = 64 - digit
    while kept.count > 64 {
      var counts = [Int](repeating: 0, count: 1 << digit)
      let held = kept
      let keys = held.span
      for i in keys.indices { counts[Int(keys[i] >> shift & (1 << digit - 1))] += 1 }
      var bin = 0
      while rank >= counts[bin] {
        rank -= counts[bin]
        bin += 1
      }
      let size = counts[bin]
      if rank == size - 1 {
        // The next number stands in a higher bin: the least of these.
        for i in keys.indices where Int(keys[i] >> shift & (1 << digit - 1)) > bin {
          above = min(above ?? keys[i], keys[i])
        }
      }
      if size < held.count {
        kept = [UInt64](capacity: size) { output in
          for i in keys.indices where Int(keys[i] >> shift & (1 << digit - 1)) == bin {
            output.append(keys[i])
          }
        }
      }
      guard shift > 0 else { break }
      shift = shift > digit ? shift - digit : 0
    }
    kept.sort()
    let first = kept[rank]
    let next = rank + 1 < kept.count ? kept[rank + 1] : above ?? first
    return (number(first), number(next))
  }

  /// The quantile of type 7, as `Quantiles.sorted` gives it for the sorted list; NaN for none.
  package static func quantile(of numbers: [Double], at share: Double) -> Double {
    guard !numbers.isEmpty, share >= 0, share <= 1 else { return .nan }
    let place = share * Double(numbers.count - 1)
    let low = Int(place)
    let fraction = place - Double(low)
    let (lower, upper) = neighbours(in: numbers, at: low)
    guard fraction > 0, low + 1 < numbers.count else { return lower }
    return lower + fraction * (upper - lower)
  }

  /// Bits that stand in the numbers' order.
  private static func key(_ number: Double) -> UInt64 {
    let bits = number.bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
  }

  private static func number(_ key: UInt64) -> Double {
    Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
  }
}
