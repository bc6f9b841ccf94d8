import Candor

/// The cross-validated AUC of every family on an example set and its given folds, over seeds.
///
/// The preparation is that of `Tests/ReferenceData/scikit-learn/baselines.json`: what stands there
/// can be held against it. A second forest takes levels and missing cells as they are.
enum AccuracyRow {
  private struct Entry {
    let name: String
    let learner: any Learner
    var encoding = EncodingOptions()
    var seeds: Int
  }

  static func run(_ request: Request, set: String, seeds: Int) throws -> Measurement {
    let data = try Example(request.work, set: set)
    var oneHot = EncodingOptions()
    oneHot.boolean = .asCategorical
    let native = try ModelLibrary.encoding(of: "forest", EncodingOptions())
    let forest = ForestLearner(options: ForestOptions(trees: 200, minimumLeaf: 5, outOfBag: false))
    let entries = [
      Entry(
        name: "logistic", learner: LogisticLearner(options: LogisticOptions(ridge: 1)),
        encoding: oneHot, seeds: 1),
      Entry(name: "linear-svm", learner: LinearSVMLearner(), encoding: oneHot, seeds: 1),
      Entry(name: "forest", learner: forest, encoding: oneHot, seeds: seeds),
      Entry(name: "forest, native", learner: forest, encoding: native, seeds: seeds),
      Entry(
        name: "network", learner: NetworkLearner(options: NetworkOptions(hidden: [128, 64])),
        encoding: oneHot, seeds: seeds),
    ]
    var quality: [String: Measurement.Value] = [:]
    let (_, seconds) = try timed {
      for entry in entries {
        let areas = try data.areas(
          entry.learner, encoding: entry.encoding, seeds: entry.seeds, threads: request.threads)
        for (name, values) in summary(areas) { quality["\(entry.name): \(name)"] = .number(values) }
      }
    }
    return Measurement(seconds: seconds, settings: "\(set), \(seeds) seeds", quality: quality)
  }

  /// Mean over folds and seeds, and the standard deviations of the fold means over seeds and of the
  /// seed means over folds.
  private static func summary(_ areas: [[Double]]) -> [(String, Double)] {
    let bySeed = areas.map { $0.reduce(0, +) / Double($0.count) }
    let folds = areas[0].indices.map { fold in
      areas.reduce(0) { $0 + $1[fold] } / Double(areas.count)
    }
    var result = [("AUC", bySeed.reduce(0, +) / Double(bySeed.count)), ("folds", deviation(folds))]
    if bySeed.count > 1 { result.append(("seeds", deviation(bySeed))) }
    return result
  }

  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  /// An example set with its folds.
  private struct Example: Sendable {
    let table: CandorData.Table
    let features: [String]
    let labels: [Double]
    let folds: [Int]

    init(_ examples: WorkDirectory, set: String) throws {
      let isGerman = set == "german-credit"
      let target = isGerman ? "credit" : "default.payment.next.month"
      let leftOut =
        isGerman
        ? ["age", "status_sex", "sex", "foreign_worker"] : ["ID", "SEX", "MARRIAGE", "AGE"]
      var columns = [target: ColumnDeclaration(type: .categorical)]
      if !isGerman { columns["EDUCATION"] = ColumnDeclaration(type: .categorical) }
      table = try CSVReader.read(
        file: "\(examples.path)/\(set)/\(set).csv\(isGerman ? "" : ".gz")",
        options: CSVOptions(missing: [""]), columns: columns
      ).table
      features = table.names.filter { $0 != target && !leftOut.contains($0) }
      labels = try BinaryTarget.labels(in: table, target: target, bad: isGerman ? "bad" : "1")
      let given = try examples.table("\(set)/folds.csv")
      guard let rows = given.column("row")?.numbers, let fold = given.column("fold")?.numbers else {
        throw WorkDirectory.Mismatch(description: "\(set)/folds.csv has no columns row and fold.")
      }
      var byRow = [Int](repeating: -1, count: table.rowCount)
      for (row, value) in zip(rows, fold) { byRow[Int(row) - 1] = Int(value) }
      folds = byRow
    }

    /// The AUC of each fold, by a model fitted on the others, for each seed.
    func areas(
      _ learner: some Learner, encoding: EncodingOptions, seeds: Int, threads: Int
    ) throws -> [[Double]] {
      let numbers = Set(folds).sorted()
      let flat = try Parallel.map(count: seeds * numbers.count, threads: threads) { item in
        let fold = numbers[item % numbers.count]
        let others = folds.indices.filter { folds[$0] != fold }
        let held = folds.indices.filter { folds[$0] == fold }
        let encoder = try Encoder.fit(
          table, features: features, rows: others, targets: labels, options: encoding)
        let training = try TrainingRows(
          rows: encoder.encodeCompact(table, rows: others), targets: others.map { labels[$0] },
          featureMap: encoder.featureMap)
        let seed = SeedTree(seed: UInt64(item / numbers.count))
        let model = try learner.fit(training, context: TrainingContext(seeds: seed)).model
        let margins = try model.margins(of: encoder.encodeCompact(table, rows: held))
        return try AUC.value(
          of: ScoredSample(
            labels: held.map { labels[$0] }, probabilities: margins.map(sigmoid), scores: margins))
      }
      return (0..<seeds).map { Array(flat[$0 * numbers.count..<($0 + 1) * numbers.count]) }
    }
  }
}
