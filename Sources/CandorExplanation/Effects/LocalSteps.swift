import CandorData
import CandorNumerics

/// The steps that applicants take between neighbouring values of a feature: who takes which.
///
/// Numbers: a row takes the one step over the interval that its own value lies in. Levels: a row takes
/// the step to the level above its own and the one from the level below.
struct LocalSteps: Sendable {
  /// The grid's points that are stepped between, in order.
  let points: [Int]
  /// The row that takes each step.
  let rows: [Int]
  /// Which step: from `points[step]` to `points[step + 1]`.
  let steps: [Int]
  /// For numbers nil; for levels each row's position among `points`, -1 for none.
  let positions: [Int]?

  /// The number of intervals.
  var count: Int { max(points.count - 1, 0) }

  /// Steps of a number: intervals open below and closed above, the first closed at both ends.
  /// Intervals without weight are merged with a neighbour; rows outside the grid take the step at its
  /// end, rows without a value none.
  init(numbers: [Double], weights: [Double], grid: FeatureGrid) {
    var kept = grid.points.indices.filter { grid.points[$0].number != nil }
    func intervals() -> [Int] {
      let edges = kept.compactMap { grid.points[$0].number }
      guard edges.count > 1 else { return numbers.map { _ in -1 } }
      return numbers.map { number in
        if number.isNaN { return -1 }
        let above = GridCells.firstIndex(in: edges, notBelow: number)
        return min(max(above, 1), edges.count - 1) - 1
      }
    }
    var taken = intervals()
    var content = Self.content(taken, weights, count: kept.count - 1)
    while content.count > 1, let empty = content.firstIndex(of: 0) {
      kept.remove(at: empty + 1 < kept.count - 1 ? empty + 1 : empty)
      taken = intervals()
      content = Self.content(taken, weights, count: kept.count - 1)
    }
    points = kept
    rows = taken.indices.filter { taken[$0] >= 0 }
    steps = rows.map { taken[$0] }
    positions = nil
  }

  private static func content(_ taken: [Int], _ weights: [Double], count: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: max(count, 0))
    for (step, weight) in zip(taken, weights) where step >= 0 { sums[step] += weight }
    return sums
  }

  /// Steps of levels in a given order of the grid's points; levels without weight are left out.
  init(order: [Int], weights: [Double], grid: FeatureGrid) {
    let kept = order.filter { grid.points[$0].share > 0 }
    var place = [Int](repeating: -1, count: grid.points.count)
    for (position, point) in kept.enumerated() { place[point] = position }
    var rows: [Int] = []
    var steps: [Int] = []
    let positions = grid.owners.map { $0 < 0 ? -1 : place[$0] }
    for (row, position) in positions.enumerated() where position >= 0 {
      for step in [position - 1, position] where step >= 0 && step < kept.count - 1 {
        rows.append(row)
        steps.append(step)
      }
    }
    points = kept
    self.rows = rows
    self.steps = steps
    self.positions = positions
  }

  /// The accumulated and centred effect at each point, from the difference that each step made.
  ///
  /// - Parameters:
  ///   - differences: One difference a step taken, in the order of `rows`.
  ///   - weights: One weight a row of the sample.
  ///   - fallback: What an interval without weight rises by.
  /// - Returns: The mean difference of each interval, its weight, and the effect at each point.
  func accumulate(
    _ differences: [Double], weights: some RandomAccessCollection<Double>, fallback: [Double]? = nil
  ) -> (rises: [Double], contents: [Double], effects: [Double]) {
    let first = weights.startIndex
    func weight(_ row: Int) -> Double { weights[weights.index(first, offsetBy: row)] }
    var sums = [Double](repeating: 0, count: count)
    var contents = sums
    for i in rows.indices {
      let w = weight(rows[i])
      sums[steps[i]] += w * differences[i]
      contents[steps[i]] += w
    }
    var rises = [Double](repeating: 0, count: count)
    for step in 0..<count {
      rises[step] = contents[step] > 0 ? sums[step] / contents[step] : fallback?[step] ?? 0
    }
    var effects = [0.0]
    for step in 0..<count { effects.append(effects[step] + rises[step]) }
    guard !points.isEmpty else { return ([], [], []) }
    // The mean over the applicants: numbers stand in the middle of their interval, levels at
    // themselves.
    var centre = 0.0
    var total = 0.0
    if let positions {
      for (row, position) in positions.enumerated() where position >= 0 {
        centre += weight(row) * effects[position]
        total += weight(row)
      }
    } else {
      for step in 0..<count {
        centre += contents[step] * (effects[step] + effects[step + 1]) / 2
        total += contents[step]
      }
    }
    if total > 0 {
      centre /= total
      for place in effects.indices { effects[place] -= centre }
    }
    return (rises, contents, effects)
  }
}
