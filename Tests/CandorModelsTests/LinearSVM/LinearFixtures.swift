import CandorData
import CandorNumerics
import CandorScoring

/// Rows, targets and weights as tests of the linear families make them.
func trainingRows(
  _ rows: [[Double]], _ targets: [Double], weights: [Double]? = nil
) throws -> TrainingRows {
  let width = rows.first?.count ?? 0
  let names = (0..<width).map { "c\($0)" }
  return try TrainingRows(
    rows: EncodedRows(Matrix(rows: rows.count, columns: width) { rows[$0][$1] }),
    targets: targets, weights: weights,
    featureMap: FeatureMap(
      sources: names.enumerated().map { .init(name: $1, columns: $0..<$0 + 1) },
      columnNames: names))
}

/// A context whose seed is no special one.
func context(seed: UInt64 = 11) -> TrainingContext { TrainingContext(seeds: SeedTree(seed: seed)) }

/// Rows of normal columns whose outcome follows a logistic model.
func simulatedRows(
  count: Int, width: Int, seed: UInt64, strength: Double = 1
) -> (rows: [[Double]], targets: [Double]) {
  var generator = SeedTree(seed: seed).child("simulated rows").generator()
  var rows: [[Double]] = []
  var targets: [Double] = []
  for r in 0..<count {
    let row = (0..<width).map { _ in generator.nextNormal() }
    let eta = strength * row.enumerated().reduce(0) { $0 + ($1.0 % 2 == 0 ? 1 : -0.5) * $1.1 }
    // The first two rows hold one outcome each, so that no draw is of one class.
    targets.append(r < 2 ? Double(r) : (generator.nextUniform() < sigmoid(eta) ? 1 : 0))
    rows.append(row)
  }
  return (rows, targets)
}
