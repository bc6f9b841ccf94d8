import CandorNumerics
public import CandorScoring

/// Fits `PD = sigmoid(slope · margin + offset)` to margins with outcomes.
///
/// Platt, "Probabilistic outputs for support vector machines", 1999: targets are
/// (N₊ + 1)/(N₊ + 2) for bad and 1/(N₋ + 2) for good rows, so that no probability is 0 or 1; solved
/// by Newton with a line search as in Lin, Lin and Weng, "A note on Platt's probabilistic outputs",
/// 2007, doi:10.1007/s10994-007-5018-6. N₊ and N₋ are sums of weights.
public enum PlattScaling {
  /// Fits the calibrator.
  ///
  /// - Parameters:
  ///   - margins: Finite margins, best of rows that the model was not fitted on.
  ///   - labels: 1 where bad, 0 where good.
  ///   - weights: One weight a row; nil means one each.
  /// - Returns: A `platt` calibrator with a slope of zero or more.
  /// - Throws: `TrainingError` where lengths differ, a number is out of range, or one outcome has
  ///   no weight.
  public static func fit(
    margins: [Double], labels: [Double], weights: [Double]? = nil
  ) throws(TrainingError) -> Calibrator {
    var notices: [String] = []
    return try fit(margins: margins, labels: labels, weights: weights, notices: &notices)
  }

  /// Fits the calibrator and says where it could not do what was asked.
  ///
  /// - Parameters:
  ///   - margins: Finite margins, best of rows that the model was not fitted on.
  ///   - labels: 1 where bad, 0 where good.
  ///   - weights: One weight a row; nil means one each.
  ///   - notices: Gets a sentence where the best slope was not above zero and zero was used.
  /// - Returns: A `platt` calibrator with a slope of zero or more.
  /// - Throws: `TrainingError` where lengths differ, a number is out of range, or one outcome has
  ///   no weight.
  public static func fit(
    margins: [Double], labels: [Double], weights: [Double]?, notices: inout [String]
  ) throws(TrainingError) -> Calibrator {
    let rows = try CalibrationRows(margins: margins, labels: labels, weights: weights)
    let total = OrderedReduction.sum(rows.weights)
    let bad = OrderedReduction.sum(rows.labels.indices.map { rows.weights[$0] * rows.labels[$0] })
    let good = total - bad
    let targets = rows.labels.map { $0 == 1 ? (bad + 1) / (bad + 2) : 1 / (good + 2) }
    let meanTarget =
      OrderedReduction.sum(targets.indices.map { rows.weights[$0] * targets[$0] }) / total
    let flat = Calibrator.platt(slope: 0, offset: logit(meanTarget))

    // Margins in units of their spread, so that the two variables are alike to Newton.
    let mean =
      OrderedReduction.sum(rows.margins.indices.map { rows.weights[$0] * rows.margins[$0] }) / total
    let spread =
      (OrderedReduction.sum(
        rows.margins.indices.map {
          rows.weights[$0] * (rows.margins[$0] - mean) * (rows.margins[$0] - mean)
        }) / total).squareRoot()
    guard spread > 1e-12 * max(abs(mean), 1e-300), spread.isFinite, mean.isFinite else {
      notices.append(
        "All margins to calibrate on are equal; every row gets the same probability.")
      return flat
    }
    let design = Matrix(rows: targets.count, columns: 2) { r, c in
      c == 0 ? 1 : (rows.margins[r] - mean) / spread
    }
    let objective = LogisticObjective(
      design: design, targets: targets, weights: rows.weights, penalties: [0, 0])
    let outcome: NewtonSolver.Outcome
    do {
      outcome = try NewtonSolver(maximumIterations: 200, tolerance: 1e-14)
        .minimise(objective, from: [logit(meanTarget), 0])
    } catch {
      throw TrainingError(.numerical, "Platt scaling could not be fitted: \(error)")
    }
    guard outcome.ending == .converged || outcome.ending == .stalled else {
      throw TrainingError(
        .noConvergence, "Platt scaling did not converge in \(outcome.iterations) steps.")
    }
    let slope = outcome.point[1] / spread
    guard slope > 0 else {
      notices.append(
        "Higher margins went with fewer bad rows in calibration (best slope \(slope)); the slope "
          + "was set to zero, so that every row gets the same probability.")
      return flat
    }
    return .platt(slope: slope, offset: outcome.point[0] - slope * mean)
  }
}
