import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import Foundation
import Testing

/// A sum of weights and targets over rows, and what is left to explain in it.
private func leftOver(
  _ members: [Int], _ training: TrainingRows, _ weights: [Double], _ options: ForestOptions
) -> Double {
  let total = members.reduce(0) { $0 + weights[$1] }
  let mean = members.reduce(0) { $0 + weights[$1] * training.targets[$1] } / total
  if training.task == .regression {
    return members.reduce(0) { $0 + weights[$1] * pow(training.targets[$1] - mean, 2) }
  }
  if options.criterion == .gini { return total * 2 * mean * (1 - mean) }
  return total * [mean, 1 - mean].reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) }
}

/// Every way to send a node's rows left by one column: all thresholds with the missing rows on both
/// sides, all subsets of levels.
private func everySide(
  _ members: [Int], _ column: [Double], isLevels: Bool
) -> [[Int]] {
  let values = Set(members.map { column[$0] }.filter { !$0.isNaN }).sorted()
  let missing = members.filter { column[$0].isNaN }
  if isLevels {
    return (0..<1 << (values.count + 1)).map { set in
      let levels = Set(values.indices.filter { set >> $0 & 1 == 1 }.map { values[$0] })
      return members.filter { levels.contains(column[$0]) }
        + (set >> values.count & 1 == 1 ? missing : [])
    }
  }
  return values.flatMap { threshold in
    let left = members.filter { column[$0] <= threshold }
    return [left, left + missing]
  }
}

@Suite("Splits on missing cells, levels and numbers")
struct MixedSplitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let task: LearningTask
    let criterion: ForestOptions.Criterion
    let weighted: Bool
    var testDescription: String { "\(task) \(criterion) weighted \(weighted)" }
  }

  static let cases = [
    Case(task: .classification, criterion: .gini, weighted: false),
    Case(task: .classification, criterion: .gini, weighted: true),
    Case(task: .classification, criterion: .entropy, weighted: false),
    Case(task: .classification, criterion: .entropy, weighted: true),
    Case(task: .regression, criterion: .gini, weighted: false),
    Case(task: .regression, criterion: .gini, weighted: true),
  ]

  @Test("Every split is the best of all ways to split, by brute force", arguments: cases)
  func splitsAreOptimal(item: Case) throws {
    for seed in 0..<6 as Range<UInt64> {
      let training = try MixedRows.training(
        rows: 70, seed: seed, task: item.task, weighted: item.weighted)
      let options = ForestOptions(
        trees: 1, criterion: item.criterion, featuresPerSplit: .share(1), minimumLeaf: 1,
        maximumDepth: 4, bootstrap: false)
      let forest = try ForestLearner(options: options).fit(
        training, context: TrainingContext(seeds: SeedTree(seed: seed))
      ).model
      let tree = try #require(forest.ensemble.trees.first)
      let matrix = training.rows.matrix
      let columns = (0..<matrix.columns).map { matrix.column($0) }
      let weights = training.weights ?? [Double](repeating: 1, count: training.count)
      var stack = [(node: 0, members: Array(0..<training.count))]
      while let (node, members) = stack.popLast() {
        let total = members.reduce(0) { $0 + weights[$1] }
        let mean = members.reduce(0) { $0 + weights[$1] * training.targets[$1] } / total
        #expect(abs(tree.cover[node] - total) < 1e-9)
        #expect(abs(tree.value[node] - mean) < 1e-9 * max(1, abs(mean)))
        guard tree.left[node] >= 0 else { continue }
        let column = Int(tree.feature[node])
        let left = members.filter { goesLeft(tree, node, columns[column][$0]) }
        let right = members.filter { !goesLeft(tree, node, columns[column][$0]) }
        #expect(!left.isEmpty && !right.isEmpty)
        let found =
          leftOver(left, training, weights, options) + leftOver(right, training, weights, options)
        var best = Double.infinity
        for c in columns.indices {
          for side in everySide(members, columns[c], isLevels: c == 3) {
            guard !side.isEmpty, side.count < members.count else { continue }
            let inside = Set(side)
            let rest = members.filter { !inside.contains($0) }
            best = min(
              best,
              leftOver(side, training, weights, options)
                + leftOver(rest, training, weights, options))
          }
        }
        #expect(abs(found - best) < 1e-8 * max(1, best), "seed \(seed), node \(node)")
        stack.append((Int(tree.left[node]), left))
        stack.append((Int(tree.right[node]), right))
      }
    }
  }

  private func goesLeft(_ tree: TreeEnsemble.Tree, _ node: Int, _ value: Double) -> Bool {
    if value.isNaN { return tree.missingGoesLeft[node] }
    if let set = tree.categories[node] { return set.contains(Int32(value)) }
    return value <= tree.threshold[node]
  }

  @Test("Missing cells go to the larger child where the node has none, and so do unseen levels")
  func missingDefault() throws {
    let count = 40
    let numbers = (0..<count).map(Double.init)
    let codes = (0..<count).map { $0 < 12 ? 0.0 : 1 }
    for (rows, levels) in [(numbers, nil), (codes, 5)] as [([Double], Int?)] {
      let training = try TrainingRows(
        rows: EncodedRows(blocks: [.numbers(rows)], count: count),
        targets: (0..<count).map { $0 < 12 ? 1 : 0 },
        featureMap: FeatureMap(
          sources: [.init(name: "x", columns: 0..<1)], columnNames: ["x"],
          levelCounts: levels.map { [0: $0] } ?? [:]))
      let forest = try ForestLearner(options: ForestOptions(trees: 1, bootstrap: false)).fit(
        training, context: TrainingContext(seeds: SeedTree(seed: 1))
      ).model
      // Both sides are pure, and twelve rows are fewer than twenty-eight.
      let asked: [Double] = levels == nil ? [.nan, 3, 30] : [.nan, 0, 1, 2, 4, 5, -1, 0.5, 1e9]
      let margins = try forest.margins(
        of: EncodedRows(blocks: [.numbers(asked)], count: asked.count))
      let expected: [Double] = levels == nil ? [0, 1, 0] : [0, 1, 0, 0, 0, 0, 0, 0, 0]
      #expect(margins == expected)
    }
  }

  @Test("A column with more levels than a forest can split on is refused")
  func tooManyLevels() throws {
    let plain = try MixedRows.training(rows: 50, seed: 1)
    let map = FeatureMap(
      sources: plain.featureMap.sources, columnNames: plain.featureMap.columnNames,
      levelCounts: [3: 256])
    let training = try TrainingRows(rows: plain.rows, targets: plain.targets, featureMap: map)
    let error = #expect(throws: TrainingError.self) {
      try ForestLearner().fit(training, context: TrainingContext(seeds: SeedTree(seed: 1)))
    }
    #expect(error?.description.contains("256 levels") == true)
  }

  @Test("Scoring on threads gives equal bits, and names the row of a fault")
  func threads() throws {
    let training = try MixedRows.training(rows: 300, seed: 2)
    let forest = try ForestLearner(options: ForestOptions(trees: 20)).fit(
      training, context: TrainingContext(seeds: SeedTree(seed: 1))
    ).model
    let many = try MixedRows.training(rows: 10_001, seed: 3).rows
    let margins = try forest.margins(of: many)
    #expect(try forest.margins(of: many, threads: 3) == margins)
    #expect(try forest.margins(of: many.dense, threads: 2) == margins)
    var matrix = many.matrix
    matrix[9000, 1] = .infinity
    let error = #expect(throws: ScoringError.self) {
      try forest.margins(of: EncodedRows(matrix), threads: 2)
    }
    #expect(error?.description.contains("Row 9000") == true)
  }

  @Test("Rows that are moved and copied while a tree grows give the tree of those that are not")
  func largeNodes() throws {
    // Half a megabyte of bins is the bound between the ways; a chance-free tree does not depend on
    // how wide a row is.
    let count = 60_000
    var generator = SeedTree(seed: 5).generator()
    let columns = (0..<3).map { _ in
      (0..<count).map { _ in Double(generator.nextInteger(below: 40)) }
    }
    let targets = (0..<count).map { r in
      generator.nextUniform() < (columns[0][r] * 0.02 + (columns[1][r] > 20 ? 0.1 : 0)) ? 1.0 : 0
    }
    func tree(width: Int, task: LearningTask) throws -> TreeEnsemble.Tree {
      let constant = [Double](repeating: 1, count: count)
      let names = (0..<width).map { "c\($0)" }
      let training = try TrainingRows(
        rows: EncodedRows(
          blocks: columns.map { .numbers($0) }
            + [EncodedRows.Block](repeating: .numbers(constant), count: width - 3), count: count),
        targets: targets,
        featureMap: FeatureMap(
          sources: [.init(name: "all", columns: 0..<width)], columnNames: names), task: task)
      let options = ForestOptions(
        trees: 1, featuresPerSplit: .share(1), minimumLeaf: 50, maximumDepth: 6,
        bootstrap: false, outOfBag: false)
      return try #require(
        ForestLearner(options: options).fit(
          training, context: TrainingContext(seeds: SeedTree(seed: 1))
        ).model.ensemble.trees.first)
    }
    for task in [LearningTask.classification, .regression] {
      // Eight bytes a row stay in place, twenty-four are moved, seventy-two copied.
      let still = try tree(width: 3, task: task)
      for width in [20, 70] {
        let other = try tree(width: width, task: task)
        #expect(other.feature == still.feature && other.threshold == still.threshold)
        #expect(zip(other.value, still.value).allSatisfy { abs($0 - $1) < 1e-12 })
      }
    }
  }
}
