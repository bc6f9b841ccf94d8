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
    guard ordered.contains(where: { $0.error > 0 }) else { return 0 }
    let printed = Set(ordered.prefix(count).map(\.name))
    var generator = seeds.generator()
    var changed = 0
    for _ in 0..<options.simulations {
      var copy = ordered
      for i in copy.indices where copy[i].error > 0 {
        copy[i].value += copy[i].error * generator.nextNormal()
      }
      let total = copy.reduce(0) { $0 + max($1.value, 0) }
      let again = Self.ordered(copy, total: total)
      let choice = choose(again, total: total, options: options)
      if Set(again.prefix(choice.count).map(\.name)) != printed { changed += 1 }
    }
    return Double(changed) / Double(options.simulations)
  }
}
