public import CandorData
public import CandorScoring
import CandorNumerics

/// Interventional Shapley values of an additive score, in closed form.
///
/// Where the explained value is `c + Σ t_c(x_c)` over encoded columns, the value of a player is the
/// sum over its columns of `t_c(x_c) − mean_B t_c`: for a linear scorer
/// `coefficient · (x_c − mean_B x_c)`. Exact for the marginal (interventional) game, whatever the
/// dependence among columns. Štrumbelj and Kononenko 2014, doi:10.1007/s10115-013-0679-x.
public enum LinearShapley {
  /// Explains each row against the background; O((rows + background) · columns).
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: A scorer with additive terms.
  ///   - quantity: What is explained; it must be a straight line of the margin.
  ///   - players: Who shares the value.
  ///   - background: What the applicants are compared with.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row, errors zero.
  /// - Throws: `ExplanationError.unsupported` where the quantity is no straight line of the margin,
  ///   `.notAdditive` where the scorer's terms do not add up to its margins.
  public static func explain(
    _ rows: EncodedRows, of scorer: some AdditiveScorer, quantity: ExplainedQuantity,
    players: Players, background: Background, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    try players.check(rows: rows, background: background)
    guard let line = quantity.affine else {
      throw ExplanationError(
        .unsupported,
        "On the scale \(quantity.scale.rawValue) with \(quantity.calibrator.name) calibration the "
          + "value is no straight line of the margin; use sampled Shapley values.")
    }
    let base = background.mean(of: try scorer.values(of: background.rows, as: quantity))
    let explained = try scorer.values(of: rows, as: quantity)
    let (terms, backgroundTerms): (Matrix, Matrix)
    do throws(ScoringError) {
      terms = try scorer.terms(of: rows)
      backgroundTerms = try scorer.terms(of: background.rows)
    } catch {
      throw ExplanationError(error)
    }
    let means = (0..<players.width).map { background.mean(of: backgroundTerms.column($0)) }
    var results: [Explanation] = []
    results.reserveCapacity(rows.count)
    for r in 0..<rows.count {
      let differences = zip(terms.row(r), means).map { line.slope * ($0 - $1) }
      let values = players.sums(of: differences)
      let residual = explained[r] - base - OrderedReduction.sum(values)
      let fidelity = try exactFidelity(
        residual: residual, magnitudes: values + [explained[r], base], thresholds: thresholds)
      results.append(
        Explanation(
          method: .linearShapley, scale: quantity.scale, background: background, baseValue: base,
          explainedValue: explained[r],
          attributions: zip(players.names, values).map {
            Attribution(source: $0, value: $1, standardError: 0)
          }, fidelity: fidelity))
    }
    return results
  }

  /// Evidence of an exact method; beyond the limit it throws, and there is no switch for it.
  package static func exactFidelity(
    residual: Double, magnitudes: [Double], thresholds: FidelityThresholds
  ) throws(ExplanationError) -> Fidelity {
    let relative = abs(residual) / magnitudes.reduce(1) { max($0, abs($1)) }
    guard relative <= thresholds.additivity else {
      throw ExplanationError(
        .notAdditive,
        "The attributions miss the explained value by \(residual), beyond \(thresholds.additivity) "
          + "relative; the scorer's terms and margins disagree.")
    }
    return Fidelity(.additivity(residual: residual, relative: relative), thresholds: thresholds)
  }
}
