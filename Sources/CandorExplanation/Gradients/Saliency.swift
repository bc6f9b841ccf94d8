public import CandorData
public import CandorScoring
package import CandorNumerics

/// Gradients of the explained value, signed.
///
/// The gradient of a player is the signed sum of the gradients of its encoded columns; absolute
/// values would lose the direction. It is a slope, no difference from anything, and never a reason.
/// Simonyan, Vedaldi and Zisserman 2013, arXiv:1312.6034.
public enum Saliency {
  /// Which number a gradient becomes.
  public enum Form: String, Sendable, Codable {
    /// The gradient itself, per unit of the encoded column.
    case gradient
    /// The gradient times (applicant − baseline).
    case gradientTimesDifference
  }

  /// Explains each row by its gradient; one batch of gradients.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: A scorer with gradients.
  ///   - quantity: What is explained.
  ///   - players: Who is attributed to.
  ///   - baseline: What the difference is taken from, and where the base value is read.
  ///   - form: Which of the two.
  ///   - threads: At most so many threads, over blocks of rows; the result does not depend on it.
  /// - Returns: One explanation a row, without standard errors.
  /// - Throws: `ExplanationError.unsupported` where the quantity has no derivative.
  public static func explain(
    _ rows: EncodedRows, of scorer: some DifferentiableScorer, quantity: ExplainedQuantity,
    players: Players, baseline: GradientBaseline, form: Form, threads: Int = 1
  ) throws(ExplanationError) -> [Explanation] {
    try players.check(rows: rows, background: baseline.background)
    let base = try scorer.values(of: baseline.background.rows, as: quantity)[0]
    let blocks = Parallel.blocks(of: rows.count, size: 256)
    return try Parallel.map(count: blocks.count, threads: threads) {
      block throws(ExplanationError) -> [Explanation] in
      let block = rows.rows(in: blocks[block])
      let gradients = try scorer.gradients(at: block, of: quantity)
      let explained = try scorer.values(of: block, as: quantity)
      let matrix = block.matrix
      return (0..<block.count).map { r in
        var perColumn = Array(gradients.row(r))
        if form == .gradientTimesDifference {
          for (c, value) in matrix.row(r).enumerated() {
            perColumn[c] *= value - baseline.row[c]
          }
        }
        return Explanation(
          method: form == .gradient ? .gradient : .gradientTimesDifference, scale: quantity.scale,
          background: baseline.background, baseValue: base, explainedValue: explained[r],
          attributions: zip(players.names, players.sums(of: perColumn)).map {
            Attribution(source: $0, value: $1, standardError: nil)
          }, fidelity: Fidelity(.slope))
      }
    }.flatMap { $0 }
  }
}

extension DifferentiableScorer {
  /// The gradient of a quantity at each row: the margin's, by the chain rule.
  package func gradients(
    at rows: EncodedRows, of quantity: ExplainedQuantity
  ) throws(ExplanationError) -> Matrix {
    guard quantity.isDifferentiable else {
      throw ExplanationError(
        .unsupported,
        "On the scale \(quantity.scale.rawValue) with \(quantity.calibrator.name) calibration the "
          + "value has no derivative everywhere; explain the margin, or use Shapley values.")
    }
    var gradients: Matrix
    var margins: [Double] = []
    do throws(ScoringError) {
      gradients = try self.gradients(at: rows)
      if quantity.affine == nil { margins = try self.margins(of: rows) }
    } catch {
      throw ExplanationError(error)
    }
    let constant = quantity.affine?.slope
    if constant == 1 { return gradients }
    let width = gradients.columns
    gradients.withMutableValues { values in
      for r in 0..<rows.count {
        let slope = constant ?? quantity.derivative(margins[r]) ?? 0
        for position in r * width..<(r + 1) * width { values[position] *= slope }
      }
    }
    return gradients
  }
}
