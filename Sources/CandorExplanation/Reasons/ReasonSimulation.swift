import CandorNumerics

/// Simulated contributions, and whether the same reasons would be chosen from them: the rules of
/// `ReasonChoice` on numbers alone, for some thousands of draws a notice.
struct ReasonSimulation {
  private let estimates: [Double]
  private let errors: [Double]
  private let reaches: [Double]
  /// The candidates' places by priority, then by name.
  private let ranks: [Int]
  private let rounding: Double
  private var values: [Double]
  /// The candidates by falling value.
  private var order: [Int]
  private var total = 0.0

  /// Starts from the estimates, which are in order.
  init(_ ordered: [ReasonChoice.Candidate], rounding: Double) {
    estimates = ordered.map(\.value)
    errors = ordered.map(\.error)
    reaches = ordered.map(\.reach)
    var ranks = [Int](repeating: 0, count: ordered.count)
    let byPriority = ordered.indices.sorted {
      (ordered[$0].priority, ordered[$0].name) < (ordered[$1].priority, ordered[$1].name)
    }
    for (rank, candidate) in byPriority.enumerated() { ranks[candidate] = rank }
    self.ranks = ranks
    self.rounding = rounding
    values = estimates
    order = Array(ordered.indices)
  }

  /// Draws all contributions anew and puts them in order.
  mutating func draw(using generator: inout CounterGenerator) {
    total = 0
    for i in values.indices {
      values[i] = estimates[i]
      if errors[i] > 0 { values[i] += errors[i] * generator.nextNormal() }
      total += max(values[i], 0)
      order[i] = i
    }
    // The estimates' order is nearly the right one already.
    sort(0..<order.count) { values, ranks, a, b in
      values[a] == values[b] ? ranks[a] < ranks[b] : values[a] > values[b]
    }
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[start]] - values[order[end]] <= rounding * total {
        end += 1
      }
      if end - start > 1 { sort(start..<end) { _, ranks, a, b in ranks[a] < ranks[b] } }
      start = end
    }
  }

  /// Whether the reasons are the first `count` candidates, in any order.
  func prints(first count: Int, options: PrincipalReasonOptions) -> Bool {
    var printed = 0
    for (position, candidate) in order.enumerated() {
      let value = values[candidate]
      if value <= rounding * total || position == options.atMost { break }
      if value < reaches[candidate] { break }
      if position > 0, value < options.leastShare * total { break }
      guard candidate < count else { return false }
      printed += 1
    }
    return printed == count
  }

  @inline(__always)
  private mutating func sort(
    _ range: Range<Int>, _ precedes: ([Double], [Int], Int, Int) -> Bool
  ) {
    for position in range.dropFirst() {
      let moved = order[position]
      var hole = position
      while hole > range.lowerBound, precedes(values, ranks, moved, order[hole - 1]) {
        order[hole] = order[hole - 1]
        hole -= 1
      }
      order[hole] = moved
    }
  }
}
