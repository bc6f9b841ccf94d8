import CandorData
import CandorScoring

/// A row has the same bits alone, in a batch, and in batches that are cut elsewhere.
enum BatchEqualsRows {
  static let check = ScorerCheck(
    "a batch gives the bits of its rows alone",
    every: { scorer, rows in
      Trial.withMargins(scorer, rows) { whole in
        for r in 0..<rows.count {
          let found = Trial.margins(scorer, rows.selecting(rows: [r]))
          guard case .success(let alone) = found else { return ["row \(r) was refused alone"] }
          let difference = Trial.difference(alone, from: [whole[r]], "row \(r) alone")
          if !difference.isEmpty { return difference }
        }
        for start in 1..<min(rows.count, 6) {
          let part = Array(start..<rows.count)
          guard case .success(let cut) = Trial.margins(scorer, rows.selecting(rows: part)) else {
            return ["rows from \(start) on were refused"]
          }
          let difference = Trial.difference(
            cut, from: Array(whole[start...]), "a batch that starts at row \(start)")
          if !difference.isEmpty { return difference }
        }
        return []
      }
    })
}
