/// Bins of near-equal weight that never part equal values.
///
/// Let the values be sorted. A run of equal values belongs to the bin in which the middle of its
/// weight falls: with `before` and `after` the cumulative weights around it, the bin is
/// ⌊bins · (before + after) / (2 · total)⌋. So ties never make a result depend on the order of
/// rows; bins that no run reaches are left out. Without ties or weights this is the usual cut.
package enum EqualMassBins {
  /// The ends (exclusive) of the bins that hold rows, for ascending values; O(n).
  package static func ends(of values: [Double], weights: [Double], bins: Int) -> [Int] {
    let total = weights.reduce(0, +)
    var ends: [Int] = []
    var before = 0.0
    var start = 0
    var current = -1
    while start < values.count {
      var end = start
      var after = before
      while end < values.count, values[end] == values[start] {
        after += weights[end]
        end += 1
      }
      let place = Double(bins) * (before + after) / (2 * total)
      let bin = min(max(Int(place), 0), bins - 1)
      if bin == current, !ends.isEmpty { ends[ends.count - 1] = end } else { ends.append(end) }
      current = bin
      before = after
      start = end
    }
    return ends
  }
}
