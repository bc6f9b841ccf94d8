import CandorData
import CandorNumerics
import CandorScoring

/// Coefficients and intercept reproduce margin, terms and gradient.
enum LinearCoefficients {
  static let check = ScorerCheck(
    "coefficients reproduce margin and gradient",
    linear: { scorer, rows in
      let coefficients = scorer.coefficients
      guard coefficients.count == rows.width else {
        return ["there are \(coefficients.count) coefficients for \(rows.width) columns"]
      }
      do throws(ScoringError) {
        let margins = try scorer.margins(of: rows)
        let gradients = try scorer.gradients(at: rows)
        for r in 0..<rows.count {
          let sum = zip(coefficients, rows.matrix.row(r)).reduce(scorer.intercept) {
            $0 + $1.0 * $1.1
          }
          if !Trial.agree(sum, margins[r], within: Trial.exact) {
            return ["row \(r): the coefficients give \(sum), the margin is \(margins[r])"]
          }
          for c in 0..<rows.width
          where !Trial.agree(gradients[r, c], coefficients[c], within: Trial.exact) {
            return ["row \(r): the gradient in column \(c) is not the coefficient"]
          }
        }
        return []
      } catch {
        return ["typical rows were refused: \(error.description)"]
      }
    })
}
