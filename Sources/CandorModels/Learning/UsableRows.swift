import CandorData
import CandorNumerics
import CandorScoring

/// The rows with weight above zero, checked to be finite, with both outcomes among them.
struct UsableRows: Sendable {
  let matrix: Matrix
  let targets: [Double]
  /// Row weight times class weight.
  let weights: [Double]

  init(_ training: TrainingRows, classWeights: ClassWeights = .none) throws(TrainingError) {
    let all =
      try classWeights.rowWeights(targets: training.targets, weights: training.weights)
      ?? [Double](repeating: 1, count: training.count)
    let matrix = training.rows.matrix
    for (position, value) in matrix.values.enumerated() where !value.isFinite {
      let column = training.featureMap.columnNames[position % max(matrix.columns, 1)]
      throw TrainingError(
        .numerical,
        "Training row \(position / max(matrix.columns, 1)) has \(value) in encoded column "
          + "\"\(column)\"; the encoder must fill missing values first.")
    }
    if all.allSatisfy({ $0 > 0 }) {
      self.matrix = matrix
      targets = training.targets
      weights = all
    } else {
      let kept = all.indices.filter { all[$0] > 0 }
      self.matrix = matrix.selecting(rows: kept)
      targets = kept.map { training.targets[$0] }
      weights = kept.map { all[$0] }
    }
    guard targets.contains(0), targets.contains(1) else {
      throw TrainingError(
        .oneClassOnly, "All rows with weight above 0 have the same outcome; a model needs both.")
    }
  }
}

extension Matrix {
  /// The matrix with one more column, at the right, of one value.
  func appendingColumn(repeating value: Double) -> Matrix {
    Matrix(rows: rows, columns: columns + 1) { r, c in c < columns ? self[r, c] : value }
  }
}
