import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

private struct ForestReference: Decodable {
  let outOfBagAUC: [String: Double]
  let rSquared: Double
  let outOfBagRSquared: Double

  static func load() throws -> ForestReference {
    try ReferenceValues.decode(from: "scikit-learn/forest.json")
  }
}

@Suite("Variants of the forest")
struct ForestVariantTests {
  private func fit(
    _ training: TrainingRows, _ options: ForestOptions, seed: UInt64 = 1, threads: Int = 2
  ) throws -> ForestFit {
    try ForestLearner(options: options).fitKeepingOutOfBag(
      training, context: TrainingContext(seeds: SeedTree(seed: seed), threads: threads))
  }

  @Test(
    "A monotone forest keeps its directions over the whole range, whatever the other columns",
    arguments: [LearningTask.classification, .regression],
    [ForestOptions.Splitter.best, .random])
  func monotone(task: LearningTask, splitter: ForestOptions.Splitter) throws {
    var broken = 0
    for seed in 0..<4 as Range<UInt64> {
      let training = try noisyInteractions(seed: seed, task: task)
      var options = ForestOptions(
        trees: 15, featuresPerSplit: .count(2), minimumLeaf: 2, splitter: splitter, monotone: true)
      let forest = try fit(training, options, seed: seed).trained.model
      options.monotone = false
      let free = try fit(training, options, seed: seed).trained.model
      for (column, direction) in training.directions {
        let sign = direction == .increasing ? 1.0 : -1
        let steps = try alongColumn(column, training) { try forest.margins(of: $0) }
        #expect(steps.allSatisfy { $0 * sign >= 0 })
        broken += try alongColumn(column, training) { try free.margins(of: $0) }
          .count { $0 * sign < 0 }
      }
    }
    #expect(broken > 100)
  }

  /// Targets that fall where the direction says rise, in half of the space.
  private func noisyInteractions(seed: UInt64, task: LearningTask) throws -> TrainingRows {
    var generator = SeedTree(seed: seed).child("interactions").generator()
    let count = 150
    var matrix = Matrix(rows: count, columns: 4)
    var targets: [Double] = []
    for r in 0..<count {
      let x = (0..<3).map { _ in generator.nextNormal() }
      let level = generator.nextInteger(below: 4)
      let isGone = generator.nextUniform() < 0.2
      matrix.setRow(r, to: [isGone ? .nan : x[0], x[1], x[2], Double(level)])
      let mean = x[0] * (x[2] > 0 ? 1 : -1) + (level == 2 ? 2 : 0) - 2 * x[1] * x[0]
      targets.append(
        task == .regression ? mean : generator.nextUniform() < sigmoid(2 * mean) ? 1 : 0)
    }
    let names = ["a", "b", "c", "level"]
    return try TrainingRows(
      rows: EncodedRows(matrix), targets: targets,
      featureMap: FeatureMap(
        sources: names.enumerated().map { .init(name: $1, columns: $0..<$0 + 1) },
        columnNames: names, levelCounts: [3: 4]),
      task: task, directions: [0: .increasing, 1: .decreasing])
  }

  /// The steps of the margin along a grid over a column's range and beyond, from every row.
  private func alongColumn(
    _ column: Int, _ training: TrainingRows, _ margins: (EncodedRows) throws -> [Double]
  ) throws -> [Double] {
    let matrix = training.rows.matrix
    let values = Set(matrix.column(column).filter { !$0.isNaN }).sorted()
    let grid = [-1e9] + values.flatMap { [$0, $0.nextUp] } + [1e9]
    var steps: [Double] = []
    for r in stride(from: 0, to: training.count, by: 3) {
      var rows = Matrix(rows: grid.count, columns: matrix.columns)
      for (i, value) in grid.enumerated() {
        rows.setRow(i, to: matrix.row(r))
        rows[i, column] = value
      }
      let found = try margins(EncodedRows(rows))
      steps += zip(found.dropFirst(), found).map { $0 - $1 }
    }
    return steps
  }

  @Test("A hundred trees and a hundred more are two hundred", arguments: [1, 2])
  func warmStart(threads: Int) throws {
    for task in [LearningTask.classification, .regression] {
      let training = try MixedRows.training(rows: 120, seed: 4, task: task, weighted: true)
      let context = TrainingContext(seeds: SeedTree(seed: 6), threads: threads)
      var options = ForestOptions(trees: 200)
      let whole = try ForestLearner(options: options).fitKeepingOutOfBag(
        training, context: context)
      options.trees = 100
      let half = try ForestLearner(options: options).fit(training, context: context).model
      let read = try RandomForest(archive: half.archive)
      let both = try ForestLearner(options: options).adding(
        trees: 100, to: read, training, context: context)
      #expect(both.trained.model.archive == whole.trained.model.archive)
      #expect(both.trained.log == whole.trained.log)
      #expect(both.outOfBagMargins == whole.outOfBagMargins)
      #expect(both.scorer.outOfBagRows == whole.scorer.outOfBagRows)
    }
  }

  @Test("Trees cannot be added to a forest of other rows")
  func warmStartRefused() throws {
    let forest = try fit(MixedRows.training(rows: 100, seed: 1), ForestOptions(trees: 2))
    let other = try MixedRows.training(rows: 100, seed: 2)
    #expect(throws: TrainingError.self) {
      try ForestLearner().adding(
        trees: 2, to: forest.trained.model, other,
        context: TrainingContext(seeds: SeedTree(seed: 1)))
    }
  }

  @Test("Random splits differ from tree to tree and still learn")
  func randomSplits() throws {
    let training = try checkerboardRows(1500, seed: 1)
    let fresh = try checkerboardRows(1500, seed: 2)
    let options = ForestOptions(
      trees: 150, featuresPerSplit: .share(1), bootstrap: false, splitter: .random)
    let forest = try fit(training, options).trained.model
    #expect(areaUnderCurve(try forest.margins(of: fresh.rows), fresh.targets) > 0.83)
    // The only chance is in the splits: neither rows nor columns are drawn.
    #expect(Set(forest.ensemble.trees.map { $0.threshold[0] }).count > 20)
    var best = options
    best.splitter = .best
    best.trees = 5
    let same = try fit(training, best).trained.model.ensemble.trees
    #expect(Set(same.map { $0.threshold[0] }).count == 1)
  }

  @Test("Random splits of levels use every side")
  func randomLevelSplits() throws {
    let count = 80
    let codes = (0..<count).map { Double($0 % 4) }
    let training = try TrainingRows(
      rows: EncodedRows(blocks: [.numbers(codes)], count: count),
      targets: (0..<count).map { Double($0 / 4 % 2) },
      featureMap: FeatureMap(
        sources: [.init(name: "x", columns: 0..<1)], columnNames: ["x"], levelCounts: [0: 4]))
    let options = ForestOptions(
      trees: 400, maximumDepth: 1, bootstrap: false, splitter: .random)
    let trees = try fit(training, options).trained.model.ensemble.trees
    // Fourteen sets of four levels are neither empty nor whole.
    #expect(Set(trees.compactMap { $0.categories[0] }).count == 14)
  }

  @Test("Out-of-bag measures of a regression, by definition")
  func regressionMeasures() throws {
    let training = try MixedRows.training(rows: 200, seed: 3, task: .regression, weighted: true)
    let fit = try fit(training, ForestOptions(trees: 60))
    let weights = try #require(training.weights)
    let rows = training.targets.indices.filter { fit.outOfBagMargins[$0] != nil }
    let total = rows.reduce(0) { $0 + weights[$1] }
    let mean = rows.reduce(0) { $0 + weights[$1] * training.targets[$1] } / total
    var error = 0.0
    var spread = 0.0
    for r in rows {
      error += weights[r] * pow((fit.outOfBagMargins[r] ?? 0) - training.targets[r], 2)
      spread += weights[r] * pow(training.targets[r] - mean, 2)
    }
    let measures = fit.trained.log.measures
    #expect(abs(try #require(measures["out-of-bag R2"]) - (1 - error / spread)) < 1e-9)
    #expect(
      abs(try #require(measures["out-of-bag RMSE"]) - (error / total).squareRoot()) < 1e-9)
    #expect(fit.trained.model.marginScale == .target)
  }

  @Test("Targets far from zero, huge or tiny, give the same splits", arguments: [1e-200, 1, 1e200])
  func scaledTargets(factor: Double) throws {
    let plain = try MixedRows.training(rows: 150, seed: 3, task: .regression)
    func tree(_ targets: [Double]) throws -> TreeEnsemble.Tree {
      let training = try TrainingRows(
        rows: plain.rows, targets: targets, featureMap: plain.featureMap, task: .regression)
      return try #require(
        fit(training, ForestOptions(trees: 1, minimumLeaf: 20)).trained.model.ensemble.trees.first)
    }
    let whole = plain.targets.map { ($0 * 4).rounded() }
    let known = try tree(whole)
    let scaled = try tree(whole.map { $0 * factor })
    #expect(scaled.feature == known.feature && scaled.threshold == known.threshold)
    #expect(zip(scaled.value, known.value).allSatisfy { abs($0 / factor - $1) < 1e-9 * abs($1) })
    let shifted = try tree(whole.map { $0 + 1e9 })
    #expect(shifted.feature == known.feature && shifted.threshold == known.threshold)
  }

  @Test("Regression forests explain as much as scikit-learn's")
  func friedman() throws {
    let reference = try ForestReference.load()
    let training = try friedmanRows(0..<1000)
    let fresh = try friedmanRows(1000..<2000)
    var found: [(fresh: Double, outOfBag: Double)] = []
    for seed in 0..<5 as Range<UInt64> {
      let options = ForestOptions(trees: 200, featuresPerSplit: .count(3), minimumLeaf: 3)
      let fit = try fit(training, options, seed: seed)
      let margins = try fit.trained.model.margins(of: fresh.rows)
      let mean = fresh.targets.reduce(0, +) / 1000
      let error = zip(margins, fresh.targets).reduce(0) { $0 + pow($1.0 - $1.1, 2) }
      let spread = fresh.targets.reduce(0) { $0 + pow($1 - mean, 2) }
      let outOfBag = try #require(fit.trained.log.measures["out-of-bag R2"])
      found.append((1 - error / spread, outOfBag))
    }
    #expect(abs(found.reduce(0) { $0 + $1.fresh } / 5 - reference.rSquared) < 0.01)
    #expect(abs(found.reduce(0) { $0 + $1.outOfBag } / 5 - reference.outOfBagRSquared) < 0.01)
  }

  /// The rows of make_forest.py.
  private func friedmanRows(_ range: Range<Int>) throws -> TrainingRows {
    let roots = [2, 3, 5, 7, 11, 13, 17, 19].map { Double($0).squareRoot() }
    var targets: [Double] = []
    var matrix = Matrix(rows: range.count, columns: 7)
    for (r, i) in range.enumerated() {
      let x = roots.map { (Double(i + 1) * $0).truncatingRemainder(dividingBy: 1) }
      matrix.setRow(r, to: x.prefix(7))
      let bend = 10 * sin(Double.pi * x[0] * x[1]) + 20 * pow(x[2] - 0.5, 2)
      targets.append(bend + 10 * x[3] + 5 * x[4] + 4 * (x[7] - 0.5))
    }
    return try TrainingRows(
      rows: EncodedRows(matrix), targets: targets,
      featureMap: FeatureMap(
        sources: (0..<7).map { .init(name: "x\($0)", columns: $0..<$0 + 1) },
        columnNames: (0..<7).map { "x\($0)" }), task: .regression)
  }

  @Test(
    "The out-of-bag AUC on the example sets is scikit-learn's",
    arguments: ["german-credit", "taiwan-credit"])
  func outOfBagOnExamples(name: String) throws {
    let reference = try #require(ForestReference.load().outOfBagAUC[name])
    let set = try name == "german-credit" ? ExampleSet.german() : ExampleSet.taiwan()
    let training = try set.training(dropsReference: false)
    let seeds: Range<UInt64> = name == "german-credit" ? 0..<10 : 0..<1
    let areas = try seeds.map { seed in
      try #require(
        fit(training, ForestOptions(trees: 500), seed: seed).trained.log.measures[
          "out-of-bag AUC"])
    }
    let mean = areas.reduce(0, +) / Double(areas.count)
    #expect(abs(mean - reference) < 0.005, "\(mean) against \(reference)")
  }

  @Test("A fit that is cancelled ends before its trees are grown")
  func cancelled() throws {
    let training = try MixedRows.training(rows: 400, seed: 1)
    let cancellation = Cancellation()
    let last = LockedState(0.0)
    let context = TrainingContext(
      seeds: SeedTree(seed: 1), threads: 2,
      progress: { share in
        last.withLock { $0 = share }
        if share > 0.1 { cancellation.cancel() }
      }, cancellation: cancellation)
    let error = #expect(throws: TrainingError.self) {
      try ForestLearner(options: ForestOptions(trees: 1000)).fit(training, context: context)
    }
    #expect(error?.code == .cancelled)
    #expect(last.withLock { $0 } < 0.2)
  }

  @Test("Without out-of-bag scoring the forest is the same and the log says nothing of it")
  func withoutOutOfBag() throws {
    let training = try MixedRows.training(rows: 150, seed: 1)
    let with = try fit(training, ForestOptions(trees: 20))
    let without = try fit(training, ForestOptions(trees: 20, outOfBag: false))
    #expect(with.trained.model.archive == without.trained.model.archive)
    #expect(without.trained.log.measures.keys.sorted() == ["nodes"])
    #expect(without.outOfBagMargins.allSatisfy { $0 == nil })
  }
}
