/// A choice of options that the model approves.
struct RecourseSolution: Sendable, Equatable {
  /// One option a mover.
  let picks: [Int]
  /// The movers that move, rising.
  let moved: [Int]
  /// The price.
  let cost: Double
}

/// What a solver found.
struct SolverAnswer: Sendable {
  /// The solutions, cheapest first, each with what is known of it.
  var solutions: [(solution: RecourseSolution, optimality: Counterfactual.Optimality)] = []
  /// No solution is cheaper than this; nil where nothing is known.
  var lowerBound: Double?
  /// Whether there is provably no solution.
  var isImpossible = false
  var evaluations = 0
  var limitReached = false
  var deadlineReached = false
}

/// The cheapest solution of every set of moved features.
struct RecoursePool: Sendable {
  private var best: [[Int]: RecourseSolution] = [:]

  /// Takes a solution in where none of its set is as cheap; ties stay with the one that was first.
  mutating func add(_ solution: RecourseSolution) {
    if let known = best[solution.moved], known.cost <= solution.cost { return }
    best[solution.moved] = solution
  }

  /// The price of the cheapest solution that moves just these; infinite where there is none.
  func cost(of moved: [Int]) -> Double { best[moved]?.cost ?? .infinity }

  /// All solutions, cheapest first; ties by fewer movers, then by their numbers.
  var ranked: [RecourseSolution] {
    best.values.sorted { a, b in
      if a.cost != b.cost { return a.cost < b.cost }
      if a.moved.count != b.moved.count { return a.moved.count < b.moved.count }
      return a.moved.lexicographicallyPrecedes(b.moved)
    }
  }

  /// The cheapest ones of which none moves all that an earlier one moves: every one is another way.
  func diverse(_ count: Int) -> [RecourseSolution] {
    var chosen: [RecourseSolution] = []
    for solution in ranked {
      if chosen.count >= count { break }
      let moved = Set(solution.moved)
      if chosen.allSatisfy({ !moved.isSuperset(of: $0.moved) }) { chosen.append(solution) }
    }
    return chosen
  }

  /// The cost above which nothing new can be among the `count` cheapest different ways.
  func budget(_ count: Int) -> Double {
    let chosen = diverse(count)
    return chosen.count < count ? .infinity : chosen.last?.cost ?? .infinity
  }
}

/// Sets of movers of which each breaks every set given: what has to stay so that another way is found.
enum BlockingSets {
  /// The sets, smallest first, none with all of another; at most `limit` of them.
  static func of(_ sets: [[Int]], limit: Int) -> [[Int]] {
    var blocking: [[Int]] = [[]]
    for set in sets {
      var next: [[Int]] = []
      for given in blocking {
        if given.contains(where: set.contains) {
          next.append(given)
        } else {
          for member in set { next.append((given + [member]).sorted()) }
        }
      }
      next.sort { $0.count != $1.count ? $0.count < $1.count : $0.lexicographicallyPrecedes($1) }
      blocking = []
      for candidate in next {
        let members = Set(candidate)
        if !blocking.contains(where: { members.isSuperset(of: $0) }) { blocking.append(candidate) }
        if blocking.count >= limit { break }
      }
    }
    return blocking
  }
}
