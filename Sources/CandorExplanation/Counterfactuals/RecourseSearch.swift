import CandorNumerics

/// Looks for changes that any model approves, without a proof.
///
/// A beam of choices grows by one mover at a time: of every state all neighbours are scored in one
/// batch, and those go on that take most off the margin, by themselves or for their price. What is
/// approved is made cheaper one mover at a time. Later starts leave half of the movers, drawn by the
/// seed, as they are, so that the answer does not hang on one greedy way.
struct RecourseSearch {
  /// The most options of one mover that a step of the beam tries.
  private static let mostTried = 24
  /// States that go on, by each of the two orders.
  private static let beam = 4
  /// The most movers that move.
  private static let mostMoved = 6
  /// The cheapest choices that are improved.
  private static let mostImproved = 12

  private let applicant: Applicant
  private let model: RecourseModel
  private let options: RecourseOptions
  private let threads: Int
  private let clock: RecourseClock
  private var pool = RecoursePool()
  private var answer = SolverAnswer()

  private init(
    _ applicant: Applicant, model: RecourseModel, options: RecourseOptions, threads: Int,
    clock: RecourseClock
  ) {
    self.applicant = applicant
    self.model = model
    self.options = options
    self.threads = threads
    self.clock = clock
  }

  /// Looks for the cheapest ways to be approved.
  ///
  /// - Parameters:
  ///   - applicant: The applicant and the options.
  ///   - margin: The applicant's margin.
  ///   - model: The model.
  ///   - options: How many, and the limits.
  ///   - seeds: For the later starts.
  ///   - threads: At most so many threads; the answer does not depend on it.
  ///   - clock: The deadline.
  /// - Returns: The ways found; that there is none only where every choice was scored.
  /// - Throws: `ExplanationError` where the scorer refuses.
  static func answer(
    for applicant: Applicant, margin: Double, model: RecourseModel, options: RecourseOptions,
    seeds: SeedTree, threads: Int, clock: RecourseClock
  ) throws(ExplanationError) -> SolverAnswer {
    var search = RecourseSearch(
      applicant, model: model, options: options, threads: threads, clock: clock)
    let choices = applicant.movers.reduce(1.0) { $0 * Double($1.options.count) }
    if choices <= Double(min(options.evaluations, 4096)) {
      try search.scoreAll()
      return search.conclusion(isExhausted: true)
    }
    let all = Array(applicant.movers.indices)
    try search.grow(all, from: margin)
    for restart in 0..<options.restarts where !search.isOver {
      var generator = seeds.child("restart").child(restart).generator()
      let kept = Sampling.withoutReplacement(
        (all.count + 1) / 2, from: all.count, using: &generator)
      try search.grow(kept, from: margin)
    }
    try search.improve()
    return search.conclusion(isExhausted: false)
  }

  private var isOver: Bool { answer.evaluations >= options.evaluations || clock.isOver }

  private func conclusion(isExhausted: Bool) -> SolverAnswer {
    var answer = answer
    for solution in pool.diverse(options.count) {
      answer.solutions.append((solution, isExhausted ? .optimal : .notProven))
    }
    if isExhausted {
      answer.isImpossible = answer.solutions.isEmpty
      answer.lowerBound = answer.solutions.first?.solution.cost
    } else {
      answer.limitReached = isOver || answer.solutions.isEmpty
      answer.deadlineReached = clock.isOver
    }
    return answer
  }

  /// Scores choices in one batch, and takes in those that are approved.
  private mutating func score(_ states: [[Int]]) throws(ExplanationError) -> [Double] {
    var rows: [Double] = []
    rows.reserveCapacity(states.count * applicant.encoded.count)
    for picks in states { applicant.append(picks, to: &rows) }
    let margins = try model.margins(of: rows, threads: threads)
    answer.evaluations += states.count
    for (picks, margin) in zip(states, margins) where model.approves(margin) {
      let moved = applicant.moved(by: picks)
      if moved.isEmpty { continue }
      pool.add(RecourseSolution(picks: picks, moved: moved, cost: applicant.cost(of: picks)))
    }
    return margins
  }

  /// Every choice there is.
  private mutating func scoreAll() throws(ExplanationError) {
    var states: [[Int]] = [[]]
    for mover in applicant.movers {
      states = states.flatMap { state in mover.options.indices.map { state + [$0] } }
    }
    _ = try score(states)
  }

  /// The options that a step tries: all where they are few, else spread evenly, those next to staying
  /// among them.
  private func tried(_ mover: Mover) -> [Int] {
    let moving = mover.options.indices.filter { $0 != mover.stay }
    return FeatureDistribution.thinned(Array(moving), to: Self.mostTried)
  }

  private mutating func grow(
    _ allowed: [Int], from margin: Double
  ) throws(ExplanationError) {
    let choices = applicant.movers.map(tried)
    var states: [(picks: [Int], margin: Double)] = [(applicant.staying, margin)]
    for _ in 0..<min(Self.mostMoved, allowed.count) {
      if isOver { return }
      var next: [[Int]] = []
      var seen: Set<[Int]> = []
      let budget = pool.budget(options.count)
      for state in states {
        let cost = applicant.cost(of: state.picks)
        for mover in allowed where state.picks[mover] == applicant.movers[mover].stay {
          for option in choices[mover]
          where cost + applicant.movers[mover].options[option].cost < budget {
            var picks = state.picks
            picks[mover] = option
            if seen.insert(picks).inserted { next.append(picks) }
          }
        }
      }
      if next.isEmpty { return }
      let margins = try score(next)
      let refused = next.indices.filter { !model.approves(margins[$0]) && margins[$0] < margin }
      let costs = next.map { applicant.cost(of: $0) }
      let lowest = refused.sorted { (margins[$0], costs[$0], $0) < (margins[$1], costs[$1], $1) }
      let steepest = refused.sorted { a, b in
        let left = (margin - margins[a]) / max(costs[a], 1e-9)
        let right = (margin - margins[b]) / max(costs[b], 1e-9)
        return left != right ? left > right : a < b
      }
      // Of one set of movers one state goes on by each order, so that the beam stays broad.
      states = []
      for ranking in [lowest, steepest] {
        var sets: Set<[Int]> = []
        for place in ranking where sets.count < Self.beam {
          if sets.insert(applicant.moved(by: next[place])).inserted,
            !states.contains(where: { $0.picks == next[place] })
          {
            states.append((next[place], margins[place]))
          }
        }
      }
    }
  }

  /// Makes the cheapest choices cheaper, one mover at a time.
  private mutating func improve() throws(ExplanationError) {
    for _ in 0..<4 {
      if isOver { return }
      let before = pool.ranked.prefix(Self.mostImproved)
      var states: [[Int]] = []
      var seen: Set<[Int]> = []
      for solution in before {
        for mover in solution.moved {
          let options = applicant.movers[mover].options
          for option in options.indices
          where options[option].cost < options[solution.picks[mover]].cost {
            var picks = solution.picks
            picks[mover] = option
            if seen.insert(picks).inserted { states.append(picks) }
          }
        }
      }
      let left = options.evaluations - answer.evaluations
      if states.isEmpty || left <= 0 { return }
      _ = try score(Array(states.prefix(left)))
      if Array(pool.ranked.prefix(Self.mostImproved)) == Array(before) { return }
    }
  }
}
