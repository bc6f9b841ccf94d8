import CandorNumerics

/// Sets of the players with the largest absolute values.
package enum TopSets {
  /// The positions of the `top` largest absolute values; equal ones by position.
  package static func positions(_ values: [Double], top: Int) -> Set<Int> {
    let order = values.indices.sorted {
      let (a, b) = (abs(values[$0]), abs(values[$1]))
      return a == b ? $0 < $1 : a > b
    }
    return Set(order.prefix(max(top, 0)))
  }

  /// The share of the top of one that is in the top of the other.
  package static func overlap(_ a: [Double], _ b: [Double], top: Int) -> Double {
    let size = min(top, a.count)
    guard size > 0 else { return 1 }
    return Double(positions(a, top: top).intersection(positions(b, top: top)).count)
      / Double(size)
  }

  /// The mean overlap over all pairs of lists, nil for less than two.
  package static func meanOverlap(_ lists: [[Double]], top: Int) -> Double? {
    guard lists.count > 1 else { return nil }
    var overlaps: [Double] = []
    for i in 0..<lists.count {
      for j in 0..<i { overlaps.append(overlap(lists[i], lists[j], top: top)) }
    }
    return OrderedReduction.sum(overlaps) / Double(overlaps.count)
  }
}
