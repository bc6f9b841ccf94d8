import CandorNumerics
import CandorScoring

/// Scoring again, and from several threads at once, gives the same bits.
enum RepeatedCalls {
  static let check = ScorerCheck(
    "repeated and simultaneous calls give equal bits",
    every: { scorer, rows in
      Trial.withMargins(scorer, rows) { first in
        let again = (0..<3).map { _ in Trial.margins(scorer, rows) }
        let atOnce = Parallel.map(count: 8, threads: 4) { _ in Trial.margins(scorer, rows) }
        for (outcomes, what) in [(again, "a repeated call"), (atOnce, "a simultaneous call")] {
          for outcome in outcomes {
            guard case .success(let found) = outcome else { return ["\(what) was refused"] }
            let difference = Trial.difference(found, from: first, what)
            if !difference.isEmpty { return difference }
          }
        }
        return []
      }
    })
}
