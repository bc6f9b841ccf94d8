import CandorData
import CandorNumerics
import CandorScoring

/// Gradients agree with central differences of the margin.
///
/// Where the one-sided differences disagree the margin has a kink nearby, and the place says
/// nothing; at least half of the places must speak.
enum GradientAgainstDifferences {
  /// The step of the differences, relative to the value, absolute below one.
  static let step = 1e-5
  /// How far gradient and differences may be apart, relative to the largest gradient of the row.
  static let tolerance = 1e-4

  static let check = ScorerCheck(
    "gradients agree with central differences",
    differentiable: { scorer, rows in
      let some = rows.selecting(rows: Array(0..<min(rows.count, 12)))
      do throws(ScoringError) {
        return try compare(scorer, some)
      } catch {
        return ["typical rows were refused: \(error.description)"]
      }
    })

  private static func compare(
    _ scorer: any DifferentiableScorer, _ rows: EncodedRows
  ) throws(ScoringError) -> [String] {
    let gradients = try scorer.gradients(at: rows)
    guard gradients.rows == rows.count, gradients.columns == rows.width else {
      return [
        "the gradients of \(rows.count) × \(rows.width) rows are \(gradients.rows) × "
          + "\(gradients.columns)"
      ]
    }
    let centre = try scorer.margins(of: rows)
    var spoken = 0
    for c in 0..<rows.width {
      let steps = (0..<rows.count).map { step * max(1, abs(rows.matrix[$0, c])) }
      let above = try shifted(scorer, rows, c, steps, 1)
      let below = try shifted(scorer, rows, c, steps, -1)
      for r in 0..<rows.count {
        let right = (above[r] - centre[r]) / steps[r]
        let left = (centre[r] - below[r]) / steps[r]
        let scale = max(gradients.row(r).reduce(0) { max($0, abs($1)) }, abs(right), 1e-6)
        guard abs(right - left) <= 10 * tolerance * scale else { continue }
        spoken += 1
        let central = (left + right) / 2
        if !(abs(gradients[r, c] - central) <= tolerance * scale) {
          return [
            "row \(r), column \(c): the gradient is \(gradients[r, c]), the difference quotient "
              + "\(central)"
          ]
        }
      }
    }
    if 2 * spoken < rows.count * rows.width {
      return ["the margin has kinks at more than half of the places tried"]
    }
    return []
  }

  private static func shifted(
    _ scorer: any DifferentiableScorer, _ rows: EncodedRows, _ column: Int, _ steps: [Double],
    _ sign: Double
  ) throws(ScoringError) -> [Double] {
    var matrix = rows.matrix
    for r in 0..<rows.count { matrix[r, column] += sign * steps[r] }
    return try scorer.margins(of: EncodedRows(matrix))
  }
}
