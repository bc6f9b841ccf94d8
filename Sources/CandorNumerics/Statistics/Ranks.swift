/// Sorting permutations and ranks.
public enum Ranks {
  /// The permutation that sorts ascending: `values[order[0]]` is the smallest. Stable; −0 equals 0;
  /// NaN stands after all numbers. O(n) by radix sort for long lists.
  public static func order(_ values: [Double]) -> [Int] {
    if values.count < radixThreshold {
      return values.indices.sorted { a, b in
        let left = sortKey(values[a])
        let right = sortKey(values[b])
        return left == right ? a < b : left < right
      }
    }
    return radixOrder(values)
  }

  /// Mid-ranks from one: equal values share the mean of their places. NaN counts as one value
  /// above all numbers. O(n) for long lists.
  public static func average(_ values: [Double]) -> [Double] {
    let order = order(values)
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      let key = sortKey(values[order[start]])
      var end = start + 1
      while end < order.count, sortKey(values[order[end]]) == key { end += 1 }
      let rank = Double(start + 1 + end) / 2
      for place in start..<end { ranks[order[place]] = rank }
      start = end
    }
    return ranks
  }

  private static let radixThreshold = 512
  private static let digitBits = 11

  /// An integer that sorts as the number does: the sign bit flipped, negative numbers inverted.
  private static func sortKey(_ value: Double) -> UInt64 {
    if value.isNaN { return .max }
    if value == 0 { return 1 << 63 }
    let bits = value.bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }

  private static func radixOrder(_ values: [Double]) -> [Int] {
    let count = values.count
    var keys = values.map(sortKey)
    var order = Array(0..<count)
    var nextKeys = [UInt64](repeating: 0, count: count)
    var nextOrder = [Int](repeating: 0, count: count)
    let mask = UInt64(1 << digitBits) - 1
    for shift in stride(from: UInt64(0), to: 64, by: digitBits) {
      var starts = [Int](repeating: 0, count: 1 << digitBits)
      for key in keys { starts[Int(key >> shift & mask)] += 1 }
      if starts[Int(keys[0] >> shift & mask)] == count { continue }
      var running = 0
      for digit in starts.indices {
        let size = starts[digit]
        starts[digit] = running
        running += size
      }
      for place in 0..<count {
        let key = keys[place]
        let digit = Int(key >> shift & mask)
        let target = starts[digit]
        starts[digit] = target + 1
        nextKeys[target] = key
        nextOrder[target] = order[place]
      }
      swap(&keys, &nextKeys)
      swap(&order, &nextOrder)
    }
    return order
  }
}
