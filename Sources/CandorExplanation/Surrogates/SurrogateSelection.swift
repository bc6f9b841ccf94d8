import CandorNumerics

/// Which columns a surrogate's fit takes.
public enum SurrogateFit: Sendable, Equatable, Codable {
  /// All of them.
  case all
  /// Those of so many players, each added where it lowers the weighted residual most (forward
  /// selection without penalty; Chen, Billings and Luo 1989, doi:10.1080/00207178908953472).
  case forward(players: Int)
  /// Those of so many players at most, as they enter the lasso's path (Tibshirani 1996; by
  /// coordinate descent, Friedman, Hastie and Tibshirani 2010, doi:10.18637/jss.v033.i01), fitted
  /// again without the lasso's shrinkage.
  case lasso(players: Int)

  /// The number of players asked for, nil for all.
  public var players: Int? {
    switch self {
    case .all: nil
    case .forward(let players), .lasso(let players): players
    }
  }

  /// Throws where fewer than one player is asked for.
  func check() throws(ExplanationError) {
    if let players, players < 1 {
      throw ExplanationError(
        .badOption, "The surrogate is to take \(players) features; it must be 1 or more.")
    }
  }
}

/// Choices of columns from moments alone, without a pass over rows.
package enum SurrogateSelection {
  /// What is left of a column below this share of its square depends on those chosen.
  private static let least = 1e-10

  /// The columns of a fit.
  package static func columns(
    for fit: SurrogateFit, groups: [[Int]], moments: CentredMoments
  ) -> [Int] {
    switch fit {
    case .all: groups.flatMap { $0 }.sorted()
    case .forward(let count):
      forward(groups: groups, count: count, moments: moments).flatMap { groups[$0] }.sorted()
    case .lasso(let count):
      lasso(groups: groups, count: count, moments: moments).flatMap { groups[$0] }.sorted()
    }
  }

  /// The groups in the order in which forward selection takes them: at each step the one whose
  /// columns together lower the weighted residual sum of squares most; equal ones by position.
  /// Updates a Cholesky factor instead of fitting anew: O(columns²) a column chosen.
  package static func forward(
    groups: [[Int]], count: Int, moments: CentredMoments
  ) -> [Int] {
    let p = moments.width
    var (matrix, right) = correlations(moments)
    var chosen: [Int] = []
    var isFree = groups.map { !$0.isEmpty }
    while chosen.count < count {
      var best: (group: Int, gain: Double)?
      for g in groups.indices where isFree[g] {
        let gain = gain(of: groups[g], matrix, right, p)
        if gain > (best?.gain ?? 0) { best = (g, gain) }
      }
      guard let best else { break }
      for column in order(groups[best.group], matrix, p) {
        deflate(column, p, &matrix, &right)
      }
      isFree[best.group] = false
      chosen.append(best.group)
    }
    return chosen
  }

  /// How much a group lowers the residual, in units of the value's square.
  private static func gain(
    of group: [Int], _ matrix: [Double], _ right: [Double], _ p: Int
  ) -> Double {
    if group.count == 1 {
      let own = matrix[group[0] * p + group[0]]
      return own > least ? right[group[0]] * right[group[0]] / own : 0
    }
    let q = group.count
    var block = [Double](repeating: 0, count: q * q)
    var cross = group.map { right[$0] }
    for a in 0..<q {
      for b in 0..<q { block[a * q + b] = matrix[group[a] * p + group[b]] }
    }
    var gain = 0.0
    for _ in 0..<q {
      guard let pivot = largest(block, q) else { break }
      gain += cross[pivot] * cross[pivot] / block[pivot * q + pivot]
      deflate(pivot, q, &block, &cross)
    }
    return gain
  }

  /// The columns of a group in the order of their pivots, without those that depend on others.
  private static func order(_ group: [Int], _ matrix: [Double], _ p: Int) -> [Int] {
    if group.count == 1 { return group }
    let q = group.count
    var block = [Double](repeating: 0, count: q * q)
    var cross = [Double](repeating: 0, count: q)
    for a in 0..<q {
      for b in 0..<q { block[a * q + b] = matrix[group[a] * p + group[b]] }
    }
    var order: [Int] = []
    while let pivot = largest(block, q) {
      order.append(group[pivot])
      deflate(pivot, q, &block, &cross)
    }
    return order
  }

  private static func deflate(
    _ column: Int, _ order: Int, _ matrix: inout [Double], _ right: inout [Double]
  ) {
    var matrixSpan = matrix.mutableSpan
    var rightSpan = right.mutableSpan
    SurrogateKernel.deflate(
      by: column, order: order, matrix: &matrixSpan, right: &rightSpan)
  }

  private static func largest(_ block: [Double], _ q: Int) -> Int? {
    var best: Int?
    for a in 0..<q where block[a * q + a] > (best.map { block[$0 * q + $0] } ?? least) {
      best = a
    }
    return best
  }

  /// The groups with a column that is not zero at the last point of the lasso's path that has no
  /// more than `count` of them, by position.
  package static func lasso(
    groups: [[Int]], count: Int, moments: CentredMoments
  ) -> [Int] {
    let p = moments.width
    let (matrix, right) = correlations(moments)
    let highest = right.reduce(0) { max($0, abs($1)) }
    guard highest > 0 else { return [] }
    var theta = [Double](repeating: 0, count: p)
    /// What the columns say of the residual: `right − matrix · theta`.
    var slope = right
    var last: [Int] = []
    let steps = 100
    let ratio = SystemMath.exp(-8.0 / Double(steps))
    var penalty = highest
    for _ in 0..<steps {
      penalty *= ratio
      for _ in 0..<10_000 {
        var moved = 0.0
        for j in 0..<p where matrix[j * p + j] > 0 {
          let pull = slope[j] + theta[j]
          let new = pull > penalty ? pull - penalty : pull < -penalty ? pull + penalty : 0
          let change = new - theta[j]
          if change == 0 { continue }
          theta[j] = new
          for i in 0..<p { slope[i] -= change * matrix[i * p + j] }
          moved = max(moved, abs(change))
        }
        if moved <= 1e-9 * highest { break }
      }
      let active = groups.indices.filter { g in groups[g].contains { theta[$0] != 0 } }
      if active.count > count { break }
      last = active
    }
    return last
  }

  /// Correlations of the columns, zero for constant ones, and products with the value over lengths.
  private static func correlations(
    _ moments: CentredMoments
  ) -> (matrix: [Double], right: [Double]) {
    let p = moments.width
    let lengths = moments.lengths
    var matrix = [Double](repeating: 0, count: p * p)
    var right = [Double](repeating: 0, count: p)
    for a in 0..<p where lengths[a] > 0 {
      right[a] = moments.cross[a] / lengths[a]
      for b in 0..<p where lengths[b] > 0 {
        matrix[a * p + b] =
          a == b ? 1 : moments.squares[a * p + b] / (lengths[a] * lengths[b])
      }
    }
    return (matrix, right)
  }
}
