import CandorData
import CandorNumerics
import CandorScoring

/// Terms and constant sum to the margin, and a column's term depends on that column alone.
enum AdditiveTerms {
  static let check = ScorerCheck(
    "terms sum to the margin, each from its own column",
    additive: { scorer, rows in
      do throws(ScoringError) {
        let terms = try scorer.terms(of: rows)
        let margins = try scorer.margins(of: rows)
        guard terms.rows == rows.count, terms.columns == rows.width else {
          return ["the terms are \(terms.rows) × \(terms.columns)"]
        }
        for r in 0..<rows.count {
          let sum = terms.row(r).reduce(scorer.constantTerm, +)
          if !Trial.agree(sum, margins[r], within: Trial.exact) {
            return ["row \(r): the terms sum to \(sum), the margin is \(margins[r])"]
          }
        }
        return try foreignInfluence(scorer, rows, terms)
      } catch {
        return ["typical rows were refused: \(error.description)"]
      }
    })

  private static func foreignInfluence(
    _ scorer: any AdditiveScorer, _ rows: EncodedRows, _ terms: Matrix
  ) throws(ScoringError) -> [String] {
    for c in 0..<rows.width {
      // Column c stays, all others come from the next row.
      let mixed = Matrix(rows: rows.count, columns: rows.width) {
        rows.matrix[$1 == c ? $0 : ($0 + 1) % rows.count, $1]
      }
      let found = try scorer.terms(of: EncodedRows(mixed))
      for r in 0..<rows.count
      where !Trial.agree(found[r, c], terms[r, c], within: Trial.exact) {
        return ["row \(r): the term of column \(c) changes with other columns"]
      }
    }
    return []
  }
}
