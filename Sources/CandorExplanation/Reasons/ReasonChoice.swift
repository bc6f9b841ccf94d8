import CandorNumerics

/// The order of contributions and where the list of reasons ends; used on estimates and on their
/// simulated copies alike.
enum ReasonChoice {
  struct Candidate: Sendable {
    let name: String
    let members: [String]
    var value: Double
    let error: Double
    /// Half the width of the 95% interval.
    let reach: Double
    let isMapped: Bool
    let priority: Int
  }

  /// Contributions closer than this share of the adverse total are equal: rounding, not size.
  private static let rounding = 1e-9

  /// By falling contribution; runs of equal ones by priority, then by name.
  static func ordered(_ candidates: [Candidate], total: Double) -> [Candidate] {
    var sorted = candidates.sorted {
      $0.value == $1.value ? ($0.priority, $0.name) < ($1.priority, $1.name) : $0.value > $1.value
    }
    var start = 0
    while start < sorted.count {
      var end = start + 1
      while end < sorted.count, sorted[start].value - sorted[end].value <= rounding * total {
        end += 1
      }
      sorted[start..<end].sort { ($0.priority, $0.name) < ($1.priority, $1.name) }
      start = end
    }
    return sorted
  }

  /// How many reasons are printed, and why no more.
  static func choose(
    _ ordered: [Candidate], total: Double, options: PrincipalReasonOptions
  ) -> (count: Int, stop: PrincipalReasons.Stop) {
    for (position, candidate) in ordered.enumerated() {
      if candidate.value <= rounding * total { return (position, .exhausted) }
      if position == options.atMost { return (position, .limit) }
      if candidate.value < candidate.reach {
        return (position, .withinError)
      }
      // The first reason is exempt: with many equal factors none would be left.
      if position > 0, candidate.value < options.leastShare * total {
        return (position, .smallShare)
      }
    }
    return (ordered.count, .exhausted)
  }

  /// Bands among the contributions towards refusal: a new one starts where the 95% interval no
  /// longer overlaps with that of the band's first member.
  static func bands(_ ordered: [Candidate], total: Double) -> [Int?] {
    var band = 0
    var head: Candidate?
    return ordered.map { candidate in
      guard candidate.value > rounding * total else { return nil }
      let reach = head.map { $0.reach + candidate.reach + rounding * total }
      if let first = head, let reach, abs(first.value - candidate.value) <= reach { return band }
      band += 1
      head = candidate
      return band
    }
  }

  /// The share of simulated contributions, estimate plus error times a standard normal number,
  /// from which another set of reasons would follow.
  static func changeProbability(
    _ ordered: [Candidate], count: Int, options: PrincipalReasonOptions, seeds: SeedTree
  ) -> Double {
    guard !isBeyondDoubt(ordered, count: count, options: options) else { return 0 }
    var simulation = ReasonSimulation(ordered, rounding: rounding)
    var generator = seeds.generator()
    var changed = 0
    for _ in 0..<options.simulations {
      simulation.draw(using: &generator)
      if !simulation.prints(first: count, options: options) { changed += 1 }
    }
    return Double(changed) / Double(options.simulations)
  }

  /// So many standard errors no simulation reaches: the chance is 2 · 10⁻¹⁹ a number.
  private static let reachOfDraws = 9.0

  /// Whether the same reasons follow wherever within `reachOfDraws` standard errors each contribution
  /// lies, so that nothing has to be simulated.
  private static func isBeyondDoubt(
    _ ordered: [Candidate], count: Int, options: PrincipalReasonOptions
  ) -> Bool {
    guard ordered.contains(where: { $0.error > 0 }) else { return true }
    func low(_ candidate: Candidate) -> Double { candidate.value - reachOfDraws * candidate.error }
    func high(_ candidate: Candidate) -> Double { candidate.value + reachOfDraws * candidate.error }
    let leastTotal = ordered.reduce(0) { $0 + max(low($1), 0) }
    let mostTotal = ordered.reduce(0) { $0 + max(high($1), 0) }
    let printed = ordered.prefix(count)
    let others = ordered.dropFirst(count)
    let least = printed.map(low).min() ?? 0
    let most = others.map(high).max() ?? -.infinity
    let arePrinted = printed.allSatisfy {
      low($0) > rounding * mostTotal && low($0) >= $0.reach
        && (count == 1 || low($0) >= options.leastShare * mostTotal)
    }
    let endsThere =
      count == options.atMost
      || others.allSatisfy {
        high($0) <= rounding * leastTotal || high($0) < $0.reach
          || high($0) < options.leastShare * leastTotal
      }
    return count > 0 && least - most > rounding * mostTotal && arePrinted && endsThere
  }
}
