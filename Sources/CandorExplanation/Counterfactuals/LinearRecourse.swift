/// The cheapest change where every option adds its own amount to the margin.
///
/// Each mover takes exactly one of its options; the price of the choice is to be least, and the sum of
/// what the margins fall must reach an amount: a multiple-choice knapsack. Branch and bound with the
/// bound of its linear relaxation, which fills the movers' convex hulls in the order of their slopes
/// (Sinha and Zoltners, "The multiple-choice knapsack problem", 1979, doi:10.1287/opre.27.3.503);
/// Ustun, Spangher and Liu (2019, doi:10.1145/3287560.3287566) solve the same problem as an integer
/// programme.
struct LinearRecourse {
  /// An option that no other one of its mover beats in price and fall.
  private struct Step {
    let option: Int
    let cost: Double
    let fall: Double
  }

  /// A piece of a mover's convex hull.
  private struct Slope {
    let level: Int
    let cost: Double
    let fall: Double
  }

  /// The answer for one knapsack.
  struct Result {
    var picks: [Int]?
    var cost = Double.infinity
    /// No choice is cheaper.
    var lowerBound = 0.0
    /// Whether no choice reaches the amount.
    var isImpossible = false
    var nodes = 0
    var limitReached = false
  }

  private let levels: [[Step]]
  /// The movers in the order in which they are decided: those that can do most first.
  private let order: [Int]
  /// For each depth the pieces of the movers that are not decided, cheapest a fall first.
  private let slopes: [[Slope]]
  private let reach: [Double]
  private let staying: [Int]

  /// Makes the knapsack ready.
  ///
  /// - Parameters:
  ///   - costs: The price of every option of every mover.
  ///   - falls: What it takes off the margin.
  ///   - stay: The option of each mover that changes nothing.
  ///   - frozen: Movers that stay.
  init(costs: [[Double]], falls: [[Double]], stay: [Int], frozen: Set<Int> = []) {
    staying = stay
    var levels: [[Step]] = []
    for mover in costs.indices {
      var steps = [Step(option: stay[mover], cost: 0, fall: 0)]
      if !frozen.contains(mover) {
        let candidates = costs[mover].indices.filter { $0 != stay[mover] }.sorted { a, b in
          if costs[mover][a] != costs[mover][b] { return costs[mover][a] < costs[mover][b] }
          if falls[mover][a] != falls[mover][b] { return falls[mover][a] > falls[mover][b] }
          return a < b
        }
        for option in candidates where falls[mover][option] > steps[steps.count - 1].fall {
          steps.append(
            Step(option: option, cost: costs[mover][option], fall: falls[mover][option]))
        }
      }
      levels.append(steps)
    }
    self.levels = levels
    let order = levels.indices.sorted { a, b in
      let most = (levels[a][levels[a].count - 1].fall, levels[b][levels[b].count - 1].fall)
      return most.0 != most.1 ? most.0 > most.1 : a < b
    }
    self.order = order
    var slopes: [[Slope]] = []
    var reach: [Double] = []
    for depth in 0...order.count {
      var pieces: [Slope] = []
      var sum = 0.0
      for mover in order[depth...] {
        pieces += Self.hull(levels[mover], mover: mover)
        sum += levels[mover][levels[mover].count - 1].fall
      }
      // Along one hull prices a fall rise, so that the order of a mover's own pieces is kept.
      slopes.append(
        pieces.enumerated().sorted { a, b in
          let left = a.element.cost * b.element.fall
          let right = b.element.cost * a.element.fall
          return left != right ? left < right : a.offset < b.offset
        }.map(\.element))
      reach.append(sum)
    }
    self.slopes = slopes
    self.reach = reach
  }

  private static func hull(_ steps: [Step], mover: Int) -> [Slope] {
    var corners: [Step] = []
    for step in steps {
      while corners.count >= 2 {
        let last = corners[corners.count - 1]
        let before = corners[corners.count - 2]
        let bends =
          (last.cost - before.cost) * (step.fall - last.fall)
          < (step.cost - last.cost) * (last.fall - before.fall)
        if bends { break }
        corners.removeLast()
      }
      corners.append(step)
    }
    return zip(corners, corners.dropFirst()).map {
      Slope(level: mover, cost: $1.cost - $0.cost, fall: $1.fall - $0.fall)
    }
  }

  /// The least price at which the relaxation reaches an amount from a depth on; infinite where
  /// nothing does.
  private func bound(_ depth: Int, need: Double) -> Double {
    if need <= 0 { return 0 }
    if reach[depth] < need { return .infinity }
    var left = need
    var cost = 0.0
    for piece in slopes[depth] {
      if piece.fall >= left { return cost + piece.cost * left / piece.fall }
      left -= piece.fall
      cost += piece.cost
    }
    return cost
  }

  /// Solves the knapsack; exponential at worst, quick in practice.
  ///
  /// - Parameters:
  ///   - need: The amount that the falls must reach.
  ///   - budget: Only choices cheaper than this count.
  ///   - limit: At most so many nodes.
  ///   - clock: The deadline.
  /// - Returns: The cheapest choice found, and how far it is proven.
  func solve(need: Double, budget: Double, limit: Int, clock: RecourseClock) -> Result {
    var result = Result()
    let root = bound(0, need: need)
    if root == .infinity {
      result.isImpossible = true
      result.lowerBound = .infinity
      return result
    }
    var picks = staying
    var best = budget
    // What was given up, where a limit ended the search.
    var open = Double.infinity
    func descend(_ depth: Int, _ cost: Double, _ need: Double) {
      let least = cost + bound(depth, need: need)
      // A hair of rounding must not cut off what is equally good.
      guard least < best - 1e-12 else { return }
      if result.limitReached {
        open = min(open, least)
        return
      }
      result.nodes += 1
      if result.nodes >= limit || (result.nodes % 1024 == 0 && clock.isOver) {
        result.limitReached = true
      }
      if need <= 0 {
        best = cost
        result.picks = picks
        result.cost = cost
        return
      }
      guard depth < order.count else { return }
      let mover = order[depth]
      for step in levels[mover] {
        picks[mover] = step.option
        descend(depth + 1, cost + step.cost, need - step.fall)
      }
      picks[mover] = staying[mover]
    }
    descend(0, 0, need)
    result.lowerBound = min(best, max(open, root))
    return result
  }
}
