import CandorNumerics

/// The beam search of an anchor; draws of a candidate are keyed by its number and how many were made.
struct AnchorSearch {
  private let ground: AnchorGround
  private let options: AnchorOptions
  private let seeds: SeedTree
  /// The model evaluations made.
  private(set) var evaluations = 0
  private var draws = 0

  /// A rule with what was drawn for it.
  private struct Arm {
    let rule: AnchorRule
    let coverage: Double
    var successes = 0
    var count = 0

    var share: Double { count > 0 ? Double(successes) / Double(count) : 0 }
    func lower(_ rate: Double) -> Double {
      count > 0 ? BernoulliBounds.lower(share, level: rate / Double(count)) : 0
    }
    func upper(_ rate: Double) -> Double {
      count > 0 ? BernoulliBounds.upper(share, level: rate / Double(count)) : 1
    }
  }

  init(ground: AnchorGround, options: AnchorOptions, seeds: SeedTree) {
    self.ground = ground
    self.options = options
    self.seeds = seeds
  }

  mutating func run() throws(ExplanationError) -> (rule: AnchorRule, isReached: Bool) {
    let nothing = Arm(rule: AnchorRule(), coverage: 1)
    // The chance of a wrong rule is shared over the lengths of rules tried.
    let failure = (1 - options.confidence) / Double(options.mostConditions + 1)
    let everywhere = try precision(of: nothing, failure: failure)
    if everywhere.isReached { return (nothing.rule, true) }
    var nearest = (rule: nothing.rule, share: everywhere.share)
    var beam = [nothing]
    var best: Arm?
    for _ in 0..<options.mostConditions {
      var arms = longer(than: beam, covering: best?.coverage ?? -1)
      guard !arms.isEmpty else { break }
      let top = try mostPrecise(&arms, failure: failure)
      var next: [Arm] = []
      for place in top {
        let found = try precision(of: arms[place], failure: failure / Double(options.beam))
        if found.isReached {
          // Of equal coverage the first found stands.
          if arms[place].coverage > (best?.coverage ?? -1) { best = arms[place] }
        } else if found.share > nearest.share {
          nearest = (arms[place].rule, found.share)
        }
        next.append(arms[place])
      }
      beam = next
    }
    return best.map { ($0.rule, true) } ?? (nearest.rule, false)
  }

  /// Every rule of the beam with one condition more or narrower, whose coverage is above a limit and
  /// below that of the rule it came from.
  private func longer(than beam: [Arm], covering limit: Double) -> [Arm] {
    var seen = Set<AnchorRule>()
    var arms: [Arm] = []
    for arm in beam {
      for candidate in ground.candidates {
        var rule = arm.rule
        if let old = rule.ranges[candidate.feature] {
          let narrow = old.clamped(to: candidate.range)
          if narrow == old { continue }
          rule.ranges[candidate.feature] = narrow
        } else {
          rule.ranges[candidate.feature] = candidate.range
        }
        guard rule.ranges.count <= options.mostConditions, seen.insert(rule).inserted else {
          continue
        }
        let coverage = ground.coverage(of: rule)
        if coverage > limit { arms.append(Arm(rule: rule, coverage: coverage)) }
      }
    }
    return arms
  }

  private mutating func draw(_ places: [Int], of arms: inout [Arm]) throws(ExplanationError) {
    guard !places.isEmpty else { return }
    let trees = places.indices.map { seeds.child(draws + $0) }
    draws += places.count
    let agreed = try ground.agreements(
      with: places.map { arms[$0].rule }, rows: options.batch, seeds: trees)
    for (place, successes) in zip(places, agreed) {
      arms[place].successes += successes
      arms[place].count += options.batch
    }
    evaluations += places.count * options.batch
  }

  /// KL-LUCB: the places of the most precise arms, as many as the beam, to within the tolerance.
  private mutating func mostPrecise(
    _ arms: inout [Arm], failure: Double
  ) throws(ExplanationError) -> [Int] {
    let wanted = min(options.beam, arms.count)
    try draw(Array(arms.indices), of: &arms)
    let started = evaluations
    var round = 1
    while true {
      let order = arms.indices.sorted {
        arms[$0].share == arms[$1].share ? $0 < $1 : arms[$0].share > arms[$1].share
      }
      let top = Array(order.prefix(wanted))
      guard top.count < arms.count, evaluations - started < options.mostRows else { return top }
      let rate = BernoulliBounds.rate(arms: arms.count, round: round, failure: failure)
      var (weakest, low) = (top[0], Double.infinity)
      for place in top where arms[place].lower(rate) < low {
        (weakest, low) = (place, arms[place].lower(rate))
      }
      var (rival, high) = (order[wanted], -Double.infinity)
      for place in order.dropFirst(wanted) where arms[place].upper(rate) > high {
        (rival, high) = (place, arms[place].upper(rate))
      }
      if high - low <= options.tolerance { return top }
      try draw([weakest, rival], of: &arms)
      round += 1
    }
  }

  /// Whether a rule's lower bound reaches the precision, and the share found: draws until it does, or
  /// until the upper bound falls below it, or the rows run out.
  ///
  /// The number of looks is not fixed, so that the bound of look t is taken at failure / (t·(t + 1)):
  /// over all looks they sum to the failure. Only rows drawn here count, since those by which the rule
  /// was chosen flatter it.
  private mutating func precision(
    of arm: Arm, failure: Double
  ) throws(ExplanationError) -> (isReached: Bool, share: Double) {
    let started = evaluations
    var fresh = [Arm(rule: arm.rule, coverage: arm.coverage)]
    var look = 1
    while true {
      try draw([0], of: &fresh)
      let rate = -SystemMath.log(failure / Double(look * (look + 1)))
      if fresh[0].lower(rate) >= options.precision { return (true, fresh[0].share) }
      let isHopeless = fresh[0].upper(rate) < options.precision
      if isHopeless || evaluations - started >= options.mostRows / 10 {
        return (false, fresh[0].share)
      }
      look += 1
    }
  }
}
