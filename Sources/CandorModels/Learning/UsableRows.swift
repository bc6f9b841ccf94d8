import CandorData
import CandorNumerics
import CandorScoring

/// The rows with weight above zero, checked to be finite, with both outcomes among them, in the form
/// in which they came.
struct UsableRows: Sendable {
  let rows: EncodedRows
  let targets: [Double]
  /// Row weight times class weight.
  let weights: [Double]

  init(
    _ training: TrainingRows, classWeights: ClassWeights = .none, threads: Int = 1
  ) throws(TrainingError) {
    let all =
      try classWeights.rowWeights(targets: training.targets, weights: training.weights)
      ?? [Double](repeating: 1, count: training.count)
    if !Self.isFinite(training.rows, threads: threads),
      let found = training.rows.firstCell(where: { !$0.isFinite })
    {
      throw TrainingError(
        .numerical,
        "Training row \(found.row) has \(found.value) in encoded column "
          + "\"\(training.featureMap.columnNames[found.column])\"; the encoder must fill missing "
          + "values first.")
    }
    if all.allSatisfy({ $0 > 0 }) {
      rows = training.rows
      targets = training.targets
      weights = all
    } else {
      let kept = all.indices.filter { all[$0] > 0 }
      rows = training.rows.selecting(rows: kept)
      targets = kept.map { training.targets[$0] }
      weights = kept.map { all[$0] }
    }
    guard targets.contains(0), targets.contains(1) else {
      throw TrainingError(
        .oneClassOnly, "All rows with weight above 0 have the same outcome; a model needs both.")
    }
  }

  /// Whether every cell is finite, at the speed of memory.
  private static func isFinite(_ rows: EncodedRows, threads: Int) -> Bool {
    switch rows.storage {
    case .dense(let matrix):
      let values = matrix.values
      return LinearDesignKernel.finiteness(values.span) == 0
    case .compact(let blocks):
      return Parallel.map(count: blocks.count, threads: threads) { b in
        guard case .numbers(let values) = blocks[b] else { return true }
        return LinearDesignKernel.finiteness(values.span) == 0
      }.allSatisfy { $0 }
    }
  }
}
