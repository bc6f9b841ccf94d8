import CandorScoring

/// Typical rows have finite margins, and those of the probability scale lie in [0, 1].
enum FiniteMargins {
  static let check = ScorerCheck(
    "margins are finite and on their scale",
    every: { scorer, rows in
      Trial.withMargins(scorer, rows) { margins in
        for (r, margin) in margins.enumerated() {
          if !margin.isFinite { return ["row \(r) has the margin \(margin)"] }
          if scorer.marginScale == .probability, margin < 0 || margin > 1 {
            return ["row \(r) has the margin \(margin) on a scale from 0 to 1"]
          }
        }
        return []
      }
    })
}
