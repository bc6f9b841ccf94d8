/// The search for the best split of one column at one node, on its filled cells in order.
enum SplitScanKernel {
  /// Tries every cut of a list of cells; a split that is better than `best` replaces it.
  ///
  /// The list has `count` cells of rising bins; with `missingLast` the last is that of missing cells,
  /// which are tried on both sides. The i-th cut sends the cells `0...i` left. Of splits of one
  /// quality the first found stands. `direction` 1 asks that the right side's mean is not below the
  /// left's, -1 that it is not above, 0 nothing.
  ///
  /// - Returns: The cut that is now the best, or -1 where `best` stands as it was.
  static func scan<S: NodeStatistic, Q: SplitQuality>(
    list listArray: [S], count: Int, missingLast: Bool, totals: S, minimumLeaf: Double, quality: Q,
    direction: Double, best: inout SplitCandidate<S>
  ) -> Int {
    let list = listArray.span
    precondition(count >= 1 && count <= list.count)
    let numbers = missingLast ? count &- 1 : count
    // Missing cells right; after the last number all numbers go left.
    var found = cut(
      list, from: .zero, end: count &- 1, lastFree: numbers &- 1, totals: totals,
      minimumLeaf: minimumLeaf, quality: quality, direction: direction, best: &best)
    if found >= 0 {
      best.missingGoesLeft = false
      best.splitsMissingOff = found == numbers &- 1
    }
    guard missingLast else { return found }
    let other = cut(
      list, from: list[count - 1], end: numbers &- 1, lastFree: -1, totals: totals,
      minimumLeaf: minimumLeaf, quality: quality, direction: direction, best: &best)
    if other >= 0 {
      found = other
      best.missingGoesLeft = true
      best.splitsMissingOff = false
    }
    return found
  }

  /// Tries the cuts after the cells `0..<end`, with `start` on the left from the outset; the cut
  /// after the cell `lastFree` need not keep the direction.
  @inline(__always)
  private static func cut<S: NodeStatistic, Q: SplitQuality>(
    _ list: Span<S>, from start: S, end: Int, lastFree: Int, totals: S, minimumLeaf: Double,
    quality: Q, direction: Double, best: inout SplitCandidate<S>
  ) -> Int {
    let allCount = totals.count
    let allWeight = totals.weight
    let allSum = totals.sum
    var numerator = best.numerator
    var denominator = best.denominator
    var left = start
    var found = -1
    var i = 0
    while i < end {
      left += unsafe list[unchecked: i]
      let count = left.count
      if allCount - count < minimumLeaf { break }
      if count >= minimumLeaf {
        let weight = left.weight
        let sum = left.sum
        let fraction = quality.fraction(
          weightLeft: weight, sumLeft: sum, weightRight: allWeight - weight,
          sumRight: allSum - sum)
        if fraction.x * denominator > numerator * fraction.y,
          direction == 0 || i == lastFree
            || direction * ((allSum - sum) / (allWeight - weight) - sum / weight) >= 0
        {
          numerator = fraction.x
          denominator = fraction.y
          best.left = left
          found = i
        }
      }
      i &+= 1
    }
    best.numerator = numerator
    best.denominator = denominator
    return found
  }

  /// Tries one split; true where it is now the best.
  static func consider<S: NodeStatistic, Q: SplitQuality>(
    left: S, right: S, quality: Q, direction: Double, best: inout SplitCandidate<S>
  ) -> Bool {
    let fraction = quality.fraction(
      weightLeft: left.weight, sumLeft: left.sum, weightRight: right.weight, sumRight: right.sum)
    guard fraction.x * best.denominator > best.numerator * fraction.y,
      direction == 0
        || direction * (right.sum / right.weight - left.sum / left.weight) >= 0
    else { return false }
    best.numerator = fraction.x
    best.denominator = fraction.y
    best.left = left
    return true
  }

  /// Orders the first `count` cells by the mean of the target, of equal means by the bin: Shell's
  /// sort (1959), since levels are few.
  ///
  /// Of all ways to send levels left or right one of the cuts of this order is the best: Fisher, "On
  /// grouping for maximum homogeneity", 1958, doi:10.1080/01621459.1958.10501479, for the variance;
  /// Breiman, Friedman, Olshen and Stone, "Classification and regression trees", 1984, theorem 4.5,
  /// for two classes and any concave impurity.
  static func order<S: NodeStatistic>(
    list: inout [S], bins: inout [UInt8], count: Int
  ) {
    precondition(count <= list.count && count <= bins.count)
    var gap = count / 2
    while gap > 0 {
      for i in gap..<count {
        let cell = list[i]
        let bin = bins[i]
        var place = i
        while place >= gap, stands(bin, cell, before: bins[place - gap], list[place - gap]) {
          list[place] = list[place - gap]
          bins[place] = bins[place - gap]
          place -= gap
        }
        list[place] = cell
        bins[place] = bin
      }
      gap /= 2
    }
  }

  @inline(__always)
  private static func stands<S: NodeStatistic>(
    _ bin: UInt8, _ cell: S, before otherBin: UInt8, _ other: S
  ) -> Bool {
    let a = cell.sum / cell.weight
    let b = other.sum / other.weight
    return a < b || (a == b && bin < otherBin)
  }
}
