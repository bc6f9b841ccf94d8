import CandorData
import CandorScoring

/// Rows in another order have the same margins in that order.
enum RowOrder {
  static let check = ScorerCheck(
    "the order of the rows changes no bit",
    every: { scorer, rows in
      Trial.withMargins(scorer, rows) { margins in
        let reversed = Array((0..<rows.count).reversed())
        // An interleaving moves rows within and across blocks of any even size.
        let interleaved =
          Array(stride(from: 1, to: rows.count, by: 2))
          + Array(stride(from: 0, to: rows.count, by: 2))
        for order in [reversed, interleaved] {
          guard case .success(let found) = Trial.margins(scorer, rows.selecting(rows: order))
          else { return ["rows in another order were refused"] }
          let difference = Trial.difference(
            found, from: order.map { margins[$0] }, "another order of the rows")
          if !difference.isEmpty { return difference }
        }
        return []
      }
    })
}
