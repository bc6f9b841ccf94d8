import CandorData
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

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

  /// Fits the encoder on some rows.
  func encoder(rows: [Int]? = nil, dropsReference: Bool) throws -> Encoder {
    var options = EncodingOptions()
    options.categorical = .oneHot(dropReference: dropsReference)
    options.boolean = .asCategorical
    return try Encoder.fit(table, features: features, rows: rows, options: options)
  }

  /// All rows, by an encoder fitted on them.
  func training(dropsReference: Bool) throws -> TrainingRows {
    let encoder = try encoder(dropsReference: dropsReference)
    return try TrainingRows(
      rows: try encoder.encode(table), targets: targets, featureMap: encoder.featureMap)
  }

  /// The AUC of the margins on each fold, by a model and an encoder fitted on the other four.
  ///
  /// - Parameters:
  ///   - learner: The learner.
  ///   - seeds: How many seeds, from zero.
  ///   - dropsReference: Whether the most frequent level has no column.
  /// - Returns: The mean over the folds, for each seed.
  /// - Throws: What encoding, fitting and scoring throw.
  func meanAUC(
    _ learner: some Learner, seeds: Int, dropsReference: Bool
  ) throws -> [Double] {
    let parts = try Parallel.map(count: 5, threads: 2) { fold in
      let others = folds.indices.filter { folds[$0] != fold }
      let held = folds.indices.filter { folds[$0] == fold }
      let encoder = try encoder(rows: others, dropsReference: dropsReference)
      let training = try TrainingRows(
        rows: try encoder.encode(table, rows: others), targets: others.map { targets[$0] },
        featureMap: encoder.featureMap)
      return (
        training: training, held: try encoder.encode(table, rows: held),
        targets: held.map { targets[$0] }
      )
    }
    let areas = try Parallel.map(count: 5 * seeds, threads: 2) { item in
      let part = parts[item % 5]
      let context = TrainingContext(seeds: SeedTree(seed: UInt64(item / 5)))
      let model = try learner.fit(part.training, context: context).model
      return areaUnderCurve(try model.margins(of: part.held), part.targets)
    }
    return (0..<seeds).map { seed in areas[(5 * seed)..<(5 * seed + 5)].reduce(0, +) / 5 }
  }
}
