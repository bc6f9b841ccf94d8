public import CandorNumerics
public import CandorScoring

/// Sparse rows to learn from, as the field's public sets have them; the linear families take them.
public struct SparseTrainingRows: Sendable {
  /// The rows.
  public let rows: SparseMatrix
  /// One target a row: 1 where it turned out bad, 0 where good.
  public let targets: [Double]
  /// One non-negative weight a row; nil means one each.
  public let weights: [Double]?

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - rows: The rows, with finite elements.
  ///   - targets: One target a row, 1 where bad and 0 where good.
  ///   - weights: One weight a row; nil means one each.
  /// - Throws: `TrainingError` where lengths differ, an element or weight is not finite, a target
  ///   is neither 0 nor 1, or one outcome has no weight.
  public init(
    rows: SparseMatrix, targets: [Double], weights: [Double]? = nil
  ) throws(TrainingError) {
    guard rows.rows == targets.count, weights.map({ $0.count == targets.count }) ?? true else {
      throw TrainingError(
        .shapeMismatch, "Rows, targets and weights must have the same length to train.")
    }
    guard targets.allSatisfy({ $0 == 0 || $0 == 1 }) else {
      throw TrainingError(.badTarget, "Every target must be 0 (good) or 1 (bad).")
    }
    guard rows.values.allSatisfy(\.isFinite) else {
      throw TrainingError(.numerical, "Every element of sparse rows must be finite.")
    }
    if let weights, !weights.allSatisfy({ $0 >= 0 && $0.isFinite }) {
      throw TrainingError(.badTarget, "Every weight must be a finite number, zero or more.")
    }
    let counted = targets.indices.filter { (weights?[$0] ?? 1) > 0 }
    guard counted.contains(where: { targets[$0] == 0 }),
      counted.contains(where: { targets[$0] == 1 })
    else {
      throw TrainingError(
        .oneClassOnly, "All rows with weight above 0 have the same outcome; a model needs both.")
    }
    self.rows = rows
    self.targets = targets
    self.weights = weights
  }

  /// The rows whose weight is above zero, with row weight times class weight.
  func usable(
    _ classWeights: ClassWeights
  ) throws(TrainingError) -> (rows: SparseMatrix, targets: [Double], weights: [Double]) {
    let all =
      try classWeights.rowWeights(targets: targets, weights: weights)
      ?? [Double](repeating: 1, count: targets.count)
    if all.allSatisfy({ $0 > 0 }) { return (rows, targets, all) }
    let kept = all.indices.filter { all[$0] > 0 }
    return (rows.selecting(rows: kept), kept.map { targets[$0] }, kept.map { all[$0] })
  }
}

extension LinearScorer {
  /// The margins of sparse rows, `intercept + Σ coefficient · element`; O(elements).
  ///
  /// - Parameter rows: Rows with as many columns as the scorer takes.
  /// - Returns: One margin a row.
  /// - Throws: `ScoringError` where the width differs or an element is not finite.
  public func margins(of rows: SparseMatrix) throws(ScoringError) -> [Double] {
    guard rows.columns == inputWidth else {
      throw ScoringError(
        .widthMismatch,
        "The rows have \(rows.columns) encoded columns where the model takes \(inputWidth).")
    }
    guard rows.values.allSatisfy(\.isFinite) else {
      throw ScoringError(.notFinite, "An element of the sparse rows is not finite.")
    }
    // From plus zero on, as for dense rows, so that elements that are not stored change no bit.
    var margins = [Double](repeating: intercept + 0, count: rows.rows)
    var span = margins.mutableSpan
    SparseProductsKernel.addMargins(
      offsets: rows.offsets.span, places: rows.places.span, values: rows.values.span,
      weights: coefficients.span, first: 0, into: &span)
    return margins
  }
}

extension TrainingContext {
  /// The same without the listener for progress, for one fit of several.
  var silent: TrainingContext {
    TrainingContext(
      seeds: seeds, threads: threads, cancellation: cancellation, snapshots: snapshots)
  }
}
