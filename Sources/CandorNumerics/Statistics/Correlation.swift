/// Measures of association of two lists of equal length; unequal lengths stop the program.
public enum Correlation {
  /// Pearson's product-moment correlation; NaN where a list is constant or shorter than two.
  public static func pearson(
    _ x: [Double], _ y: [Double], weights: [Double]? = nil
  ) -> Double {
    precondition(x.count == y.count)
    let first = Moments(x, weights: weights)
    let second = Moments(y, weights: weights)
    guard x.count > 1, first.sumOfSquaredDeviations > 0, second.sumOfSquaredDeviations > 0 else {
      return .nan
    }
    var sum = CompensatedSum()
    for index in 0..<x.count {
      sum.add((weights?[index] ?? 1) * (x[index] - first.mean) * (y[index] - second.mean))
    }
    // The two roots apart: their product may leave the range of Double.
    let scale =
      first.sumOfSquaredDeviations.squareRoot() * second.sumOfSquaredDeviations.squareRoot()
    return min(max(sum.value / scale, -1), 1)
  }

  /// Spearman's rank correlation: Pearson's of the mid-ranks.
  public static func spearman(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count)
    return pearson(Ranks.average(x), Ranks.average(y))
  }

  /// Kendall's τ-b, which allows for ties; O(n log n).
  ///
  /// Knight, "A computer method for calculating Kendall's tau with ungrouped data", 1966,
  /// doi:10.1080/01621459.1966.10480879. NaN where a list is constant.
  public static func kendallTau(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count)
    let count = x.count
    guard count > 1 else { return .nan }
    let byY = Ranks.order(y)
    let byXThenY = Ranks.order(byY.map { x[$0] }).map { byY[$0] }
    let sortedX = byXThenY.map { x[$0] }
    let sortedY = byXThenY.map { y[$0] }
    var tiesX = 0
    var tiesBoth = 0
    for run in runs(of: count, where: { sortedX[$0] == sortedX[$1] }) {
      tiesX += pairs(run.count)
      for inner in runs(
        of: run.count,
        where: { sortedY[run.lowerBound + $0] == sortedY[run.lowerBound + $1] })
      { tiesBoth += pairs(inner.count) }
    }
    let ascendingY = byY.map { y[$0] }
    var tiesY = 0
    for run in runs(of: count, where: { ascendingY[$0] == ascendingY[$1] }) {
      tiesY += pairs(run.count)
    }
    var work = sortedY
    var buffer = work
    let discordant = inversions(&work, &buffer, 0..<count)
    let all = pairs(count)
    guard all > tiesX, all > tiesY else { return .nan }
    let difference = Double(all - tiesX - tiesY + tiesBoth - 2 * discordant)
    let tau =
      difference / (Double(all - tiesX).squareRoot() * Double(all - tiesY).squareRoot())
    return min(max(tau, -1), 1)
  }

  private static func pairs(_ count: Int) -> Int { count * (count - 1) / 2 }

  private static func runs(of count: Int, where same: (Int, Int) -> Bool) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    for index in 1..<max(count + 1, 1) where index == count || !same(start, index) {
      result.append(start..<index)
      start = index
    }
    return result
  }

  /// Sorts by merging and counts the pairs that stood in falling order.
  private static func inversions(
    _ values: inout [Double], _ buffer: inout [Double], _ range: Range<Int>
  ) -> Int {
    guard range.count > 1 else { return 0 }
    let middle = range.lowerBound + range.count / 2
    var total = inversions(&values, &buffer, range.lowerBound..<middle)
    total += inversions(&values, &buffer, middle..<range.upperBound)
    var left = range.lowerBound
    var right = middle
    for place in range {
      if right == range.upperBound || (left < middle && values[left] <= values[right]) {
        buffer[place] = values[left]
        left += 1
      } else {
        buffer[place] = values[right]
        right += 1
        total += middle - left
      }
    }
    for place in range { values[place] = buffer[place] }
    return total
  }
}
