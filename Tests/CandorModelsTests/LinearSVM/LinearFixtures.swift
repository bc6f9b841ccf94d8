import CandorData
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

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

/// The share of (bad, good) pairs in which the bad row has the higher score, ties half.
func areaUnderCurve(_ scores: [Double], _ targets: [Double]) -> Double {
  let order = scores.indices.sorted { scores[$0] < scores[$1] }
  var start = 0
  var pairs = 0.0
  var goodBefore = 0.0
  while start < order.count {
    var end = start
    var good = 0.0
    var bad = 0.0
    while end < order.count, scores[order[end]] == scores[order[start]] {
      if targets[order[end]] == 1 { bad += 1 } else { good += 1 }
      end += 1
    }
    pairs += bad * (goodBefore + good / 2)
    goodBefore += good
    start = end
  }
  return pairs / (goodBefore * (Double(scores.count) - goodBefore))
}

/// An example data set as the baselines used it.
struct ExampleSet {
  let table: Table
  let features: [String]
  let targets: [Double]
  let folds: [Int]

  private static let germanOnce = Result {
    try ExampleSet(
      folder: "german-credit", file: "german-credit.csv", target: "credit", bad: "bad",
      leftOut: ["age", "status_sex", "sex", "foreign_worker"], categorical: [])
  }

  private static let taiwanOnce = Result {
    try ExampleSet(
      folder: "taiwan-credit", file: "taiwan-credit.csv.gz", target: "default.payment.next.month",
      bad: "1", leftOut: ["ID", "SEX", "MARRIAGE", "AGE"], categorical: ["EDUCATION"])
  }

  static func german() throws -> ExampleSet { try germanOnce.get() }
  static func taiwan() throws -> ExampleSet { try taiwanOnce.get() }

  private init(
    folder: String, file: String, target: String, bad: String, leftOut: [String],
    categorical: [String]
  ) throws {
    let place = ReferenceValues.examples.appendingPathComponent(folder)
    var columns: [String: ColumnDeclaration] = [target: ColumnDeclaration(type: .categorical)]
    for name in categorical { columns[name] = ColumnDeclaration(type: .categorical) }
    table = try CSVReader.read(
      file: place.appendingPathComponent(file).path,
      options: CSVOptions(missing: [""]), columns: columns
    ).table
    features = table.names.filter { $0 != target && !leftOut.contains($0) }
    let outcome = try table.requiredColumn(target)
    targets = (0..<table.rowCount).map { outcome.text($0) == bad ? 1 : 0 }
    let given = try CSVReader.read(file: place.appendingPathComponent("folds.csv").path).table
    let rows = try #require(given.column("row")?.numbers)
    let fold = try #require(given.column("fold")?.numbers)
    var byRow = [Int](repeating: -1, count: table.rowCount)
    for (row, value) in zip(rows, fold) { byRow[Int(row) - 1] = Int(value) }
    try #require(!byRow.contains(-1))
    folds = byRow
  }

  /// Fits the encoder on some rows and encodes any.
  func encoder(rows: [Int]? = nil, dropsReference: Bool) throws -> Encoder {
    var options = EncodingOptions()
    options.categorical = .oneHot(dropReference: dropsReference)
    options.boolean = .asCategorical
    return try Encoder.fit(table, features: features, rows: rows, options: options)
  }

  func training(rows: [Int]? = nil, dropsReference: Bool) throws -> TrainingRows {
    let encoder = try encoder(rows: rows, dropsReference: dropsReference)
    return try TrainingRows(
      rows: try encoder.encode(table, rows: rows),
      targets: rows.map { $0.map { targets[$0] } } ?? targets, featureMap: encoder.featureMap)
  }

  /// The mean over the five given folds of the AUC on the part left out.
  func meanAUC(_ learner: some Learner, dropsReference: Bool) throws -> Double {
    var total = 0.0
    for fold in 0..<5 {
      let training = folds.indices.filter { folds[$0] != fold }
      let held = folds.indices.filter { folds[$0] == fold }
      let encoder = try encoder(rows: training, dropsReference: dropsReference)
      let model = try learner.fit(
        try TrainingRows(
          rows: try encoder.encode(table, rows: training), targets: training.map { targets[$0] },
          featureMap: encoder.featureMap), context: context()
      ).model
      let scores = try model.margins(of: try encoder.encode(table, rows: held))
      total += areaUnderCurve(scores, held.map { targets[$0] })
    }
    return total / 5
  }
}
