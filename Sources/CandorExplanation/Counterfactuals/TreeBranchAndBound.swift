import CandorNumerics

/// The cheapest change that an ensemble of trees approves.
///
/// The problem is NP-hard (Cui, Chen, He and Chen, "Optimal action extraction for random forests and
/// boosted trees", 2015, doi:10.1145/2783258.2783281). All choices of one and of two movers are tried:
/// with the rest of the row still, a walk through the trees that follows both sides of a free
/// feature's tests gives the margins of all its options. Greedy steps and exact improvement of one or
/// two movers at a time find longer choices, and best-first branch and bound over boxes of options
/// proves or beats them: a box costs at least its cheapest corner, and its margin is at least the sum
/// of the least leaves that each tree can reach in it. Parmentier and Vidal (2021, arXiv:2106.06631)
/// hand the same problem to an integer programme.
struct TreeBranchAndBound {
  let trees: TreeMoves
  let options: TreeOptions
  let wanted: Int
  /// At most so many nodes are visited in boxes.
  let visitLimit: Int
  let threads: Int
  let clock: RecourseClock
  /// The highest margin that counts as approved when a solution is taken.
  let target: Double
  /// The highest margin that counts as approved when a box is given up.
  let loose: Double
  var pool = RecoursePool()
  var answer = SolverAnswer()

  var applicant: Applicant { options.applicant }
  var movers: [Mover] { options.applicant.movers }

  /// The cheapest ways to be approved.
  ///
  /// - Parameters:
  ///   - given: The applicant and the options.
  ///   - trees: The ensemble.
  ///   - testsByColumn: The tests of each encoded column.
  ///   - margin: The applicant's margin.
  ///   - model: The model, for the cut-off.
  ///   - recourse: How many, and the limits.
  ///   - threads: At most so many threads; the answer does not depend on it.
  ///   - clock: The deadline.
  /// - Returns: The applicant with the options that matter, and the answer in terms of them.
  static func answer(
    for given: Applicant, trees: TreeMoves, testsByColumn: [[Int]], margin: Double,
    model: RecourseModel, recourse: RecourseOptions, threads: Int, clock: RecourseClock
  ) -> (applicant: Applicant, answer: SolverAnswer) {
    let options = TreeOptions(given, trees: trees, testsByColumn: testsByColumn)
    let hair = RecourseModel.hair(margin)
    guard let target = model.highestApproved(between: trees.leastMargin - hair, and: margin) else {
      var answer = SolverAnswer()
      answer.isImpossible = true
      return (options.applicant, answer)
    }
    var solver = TreeBranchAndBound(
      trees: trees, options: options, wanted: recourse.count,
      visitLimit: recourse.treeVisits * 1000, threads: threads, clock: clock, target: target - hair,
      loose: target + hair)
    solver.solve()
    return (options.applicant, solver.answer)
  }

  private init(
    trees: TreeMoves, options: TreeOptions, wanted: Int, visitLimit: Int, threads: Int,
    clock: RecourseClock, target: Double, loose: Double
  ) {
    self.trees = trees
    self.options = options
    self.wanted = wanted
    self.visitLimit = visitLimit
    self.threads = threads
    self.clock = clock
    self.target = target
    self.loose = loose
  }

  private mutating func solve() {
    let drops = addSingles()
    let boxes = movers.map { TreeProfiles.all($0.options.count) }
    if pool.budget(1) == .infinity {
      // Where one change is not enough, a look at all of them together may show that none is.
      var profiles = TreeProfiles(trees: trees, options: options, picks: applicant.staying)
      if profiles.least(of: boxes) > loose { return conclude(lower: .infinity, tried: .infinity) }
    }
    let prices = movers.map(\.leastPrice).sorted()
    let leastOfThree = prices.count < 3 ? Double.infinity : prices[0] + prices[1] + prices[2]
    let leastOfTwo = prices.count < 2 ? Double.infinity : prices[0] + prices[1]
    // The price below which everything was tried.
    var tried = leastOfTwo
    if pool.budget(wanted) > leastOfTwo {
      if pool.budget(wanted) == .infinity { addGreedy() }
      if !isOver { addPairs() }
      if !isOver { tried = leastOfThree }
    }
    var lower = tried
    if pool.budget(wanted) > tried, !isOver {
      if tried == leastOfThree, leastOfThree < .infinity, pool.budget(1) < .infinity {
        addGreedy()
      }
      if pool.budget(1) > tried {
        lower = max(tried, proveByBoxes(boxes, drops: drops))
      }
    }
    conclude(lower: lower, tried: tried)
  }

  private var isOver: Bool { clock.isOver }

  /// Says of every chosen way how good it is known to be.
  ///
  /// Below `tried` every choice was looked at, so that a way that cheap is the best of its kind; no
  /// choice at all is cheaper than `lower`.
  private mutating func conclude(lower: Double, tried: Double) {
    let chosen = pool.diverse(wanted)
    if let first = chosen.first {
      let floor = min(lower, first.cost)
      answer.lowerBound = floor
      for (place, solution) in chosen.enumerated() {
        let bound = place == 0 ? lower : max(tried, floor)
        answer.solutions.append(
          (solution, solution.cost <= bound + 1e-12 ? .optimal : .gap(lowerBound: bound)))
      }
    } else if lower == .infinity {
      answer.isImpossible = true
    } else {
      answer.limitReached = true
      answer.lowerBound = lower
    }
    if isOver, !answer.isImpossible {
      answer.limitReached = true
      answer.deadlineReached = true
    }
  }

  mutating func take(_ picks: [Int]) {
    let moved = applicant.moved(by: picks)
    guard !moved.isEmpty else { return }
    pool.add(RecourseSolution(picks: picks, moved: moved, cost: applicant.cost(of: picks)))
  }

  /// Tries all choices of one mover; gives the margins of every mover's options.
  private mutating func addSingles() -> [[Double]] {
    let staying = applicant.staying
    let blocks = Parallel.blocks(of: movers.count, size: 4)
    let (trees, options) = (trees, options)
    let parts = Parallel.map(count: blocks.count, threads: threads) { block -> [[Double]] in
      var profiles = TreeProfiles(trees: trees, options: options, picks: staying)
      return blocks[block].map { profiles.profile($0) }
    }
    let margins = parts.flatMap { $0 }
    for (mover, values) in margins.enumerated() {
      answer.evaluations += values.count
      var best: Int?
      for option in values.indices where values[option] <= target {
        let cost = movers[mover].options[option].cost
        if best.map({ cost < movers[mover].options[$0].cost }) ?? true { best = option }
      }
      if let best {
        var picks = staying
        picks[mover] = best
        take(picks)
      }
    }
    return margins
  }

  /// Tries all choices of two movers that could be among the cheapest.
  private mutating func addPairs() {
    let budget = pool.budget(wanted)
    let staying = applicant.staying
    // Where one of two is a way by itself, both together are another way only if they are cheaper.
    let alone = movers.indices.map { pool.cost(of: [$0]) }
    var pairs: [(Int, Int, Double)] = []
    for a in movers.indices {
      for b in a + 1..<movers.count {
        let most = min(budget, alone[a], alone[b])
        if movers[a].leastPrice + movers[b].leastPrice < most { pairs.append((a, b, most)) }
      }
    }
    let blocks = Parallel.blocks(of: pairs.count, size: 8)
    let given = pairs
    let (trees, options, clock, target) = (trees, options, clock, target)
    let parts = Parallel.map(count: blocks.count, threads: threads) { block -> [[Int]] in
      var found: [[Int]] = []
      if clock.isOver { return found }
      var profiles = TreeProfiles(trees: trees, options: options, picks: staying)
      for (a, b, most) in given[blocks[block]] {
        if let pair = profiles.bestPair(a, b, target: target, budget: most, bothMove: true) {
          var picks = staying
          picks[a] = pair.first
          picks[b] = pair.second
          found.append(picks)
        }
      }
      return found
    }
    for (a, b, _) in pairs {
      answer.evaluations += movers[a].options.count * movers[b].options.count
    }
    for picks in parts.flatMap({ $0 }) { take(picks) }
  }

  /// Greedy choices, the first with every mover, each later one with some of the found ones still.
  private mutating func addGreedy() {
    var found: [[Int]] = []
    for _ in 0..<max(wanted, 1) {
      let blocking = BlockingSets.of(found, limit: 8)
      let solver = self
      let parts = Parallel.map(count: blocking.count, threads: threads) { place in
        solver.greedy(frozen: Set(blocking[place]))
      }
      var best: [Int]?
      for case (let picks?, let count) in parts {
        answer.evaluations += count
        take(picks)
        if best.map({ applicant.cost(of: picks) < applicant.cost(of: $0) }) ?? true { best = picks }
      }
      guard let best else { return }
      found.append(applicant.moved(by: best))
    }
  }

  /// Moves one mover after another, each time by the option with the most fall for its price, until
  /// one approves; then improves one and two movers at a time. Gives the choice and how many options
  /// were looked at.
  private func greedy(frozen: Set<Int>) -> ([Int]?, Int) {
    var profiles = TreeProfiles(trees: trees, options: options, picks: applicant.staying)
    var evaluations = 0
    var now = profiles.margin()
    var isApproved = false
    for _ in movers.indices {
      var cheapest: (mover: Int, option: Int, cost: Double)?
      var steepest: (mover: Int, option: Int, slope: Double, margin: Double)?
      for mover in movers.indices
      where !frozen.contains(mover) && profiles.picks[mover] == movers[mover].stay {
        let margins = profiles.profile(mover)
        evaluations += margins.count
        for (option, margin) in margins.enumerated() where option != movers[mover].stay {
          let cost = movers[mover].options[option].cost
          if margin <= target, cheapest.map({ cost < $0.cost }) ?? true {
            cheapest = (mover, option, cost)
          }
          let slope = (now - max(margin, target)) / max(cost, 1e-9)
          if margin < now, steepest.map({ slope > $0.slope }) ?? true {
            steepest = (mover, option, slope, margin)
          }
        }
      }
      if let cheapest {
        profiles.set(cheapest.mover, to: cheapest.option)
        isApproved = true
        break
      }
      guard let steepest else { break }
      profiles.set(steepest.mover, to: steepest.option)
      now = steepest.margin
    }
    guard isApproved else { return (nil, evaluations) }
    improve(&profiles, evaluations: &evaluations)
    return (profiles.picks, evaluations)
  }

  private func improve(_ profiles: inout TreeProfiles, evaluations: inout Int) {
    for _ in 0..<4 {
      let before = applicant.cost(of: profiles.picks)
      for mover in applicant.moved(by: profiles.picks) {
        let margins = profiles.profile(mover)
        evaluations += margins.count
        var best = profiles.picks[mover]
        for option in margins.indices
        where margins[option] <= target
          && movers[mover].options[option].cost < movers[mover].options[best].cost
        {
          best = option
        }
        profiles.set(mover, to: best)
      }
      let moved = applicant.moved(by: profiles.picks)
      for (place, a) in moved.enumerated() {
        for b in moved[(place + 1)...] {
          let cost =
            movers[a].options[profiles.picks[a]].cost + movers[b].options[profiles.picks[b]].cost
          evaluations += movers[a].options.count * movers[b].options.count
          if let pair = profiles.bestPair(
            a, b, target: target, budget: cost - 1e-12, bothMove: false)
          {
            profiles.set(a, to: pair.first)
            profiles.set(b, to: pair.second)
          }
        }
      }
      if applicant.cost(of: profiles.picks) >= before - 1e-12 { return }
    }
  }
}
