import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import Foundation
import Testing

/// The plain, slow truth about splits: every threshold of every column, by definition.
private struct SplitOracle {
  let rows: Matrix
  let targets: [Double]
  let weights: [Double]
  let criterion: ForestOptions.Criterion
  let minimumLeaf: Int

  func impurity(_ members: [Int]) -> Double {
    let total = members.reduce(0) { $0 + weights[$1] }
    let bad = members.reduce(0) { $0 + weights[$1] * targets[$1] }
    guard total > 0 else { return 0 }
    let p = bad / total
    switch criterion {
    case .gini: return total * 2 * p * (1 - p)
    case .entropy:
      return total * [p, 1 - p].reduce(0) { $0 - ($1 > 0 ? $1 * log($1) : 0) }
    }
  }

  func remaining(_ members: [Int], column: Int, threshold: Double) -> Double? {
    let left = members.filter { rows[$0, column] <= threshold }
    let right = members.filter { rows[$0, column] > threshold }
    guard left.count >= minimumLeaf, right.count >= minimumLeaf else { return nil }
    return impurity(left) + impurity(right)
  }

  func best(_ members: [Int]) -> Double? {
    (0..<rows.columns).flatMap { column in
      Set(members.map { rows[$0, column] }).compactMap {
        remaining(members, column: column, threshold: $0)
      }
    }.min()
  }
}

@Suite("Growing trees")
struct TreeGrowingTests {
  @Test(
    "Every split is the best of all and every leaf ought to be one",
    arguments: [ForestOptions.Criterion.gini, .entropy], [false, true])
  func splitsAreOptimal(criterion: ForestOptions.Criterion, weighted: Bool) throws {
    for seed in 0..<12 as Range<UInt64> {
      let plain = try FamilyCase.training(rows: 120, seed: seed)
      var generator = SeedTree(seed: seed).generator()
      let weights = (0..<plain.count).map { _ in weighted ? 0.2 + generator.nextUniform() : 1 }
      let training = try TrainingRows(
        rows: plain.rows, targets: plain.targets, weights: weighted ? weights : nil,
        featureMap: plain.featureMap)
      let depth = seed % 2 == 0 ? nil : 4
      let options = ForestOptions(
        trees: 1, criterion: criterion, featuresPerSplit: .share(1), minimumLeaf: 4,
        maximumDepth: depth, bootstrap: false)
      let forest = try ForestLearner(options: options).fit(
        training, context: TrainingContext(seeds: SeedTree(seed: seed))
      ).model
      let oracle = SplitOracle(
        rows: plain.rows.matrix, targets: plain.targets, weights: weights, criterion: criterion,
        minimumLeaf: 4)
      let tree = try #require(forest.ensemble.trees.first)
      var stack = [(node: 0, members: Array(0..<plain.count), depth: 0)]
      while let (node, members, level) = stack.popLast() {
        let total = members.reduce(0) { $0 + weights[$1] }
        let bad = members.reduce(0) { $0 + weights[$1] * plain.targets[$1] }
        #expect(abs(tree.cover[node] - total) < 1e-9)
        #expect(abs(tree.value[node] - bad / total) < 1e-9)
        let isPure = Set(members.map { plain.targets[$0] }).count == 1
        guard tree.left[node] >= 0 else {
          #expect(isPure || level == depth || oracle.best(members) == nil)
          continue
        }
        #expect(!isPure && level < depth ?? Int.max)
        let column = Int(tree.feature[node])
        let threshold = tree.threshold[node]
        let found = try #require(
          oracle.remaining(members, column: column, threshold: threshold))
        let best = try #require(oracle.best(members))
        #expect(abs(found - best) < 1e-9)
        stack.append(
          (
            Int(tree.left[node]),
            members.filter { plain.rows.matrix[$0, column] <= threshold }, level + 1
          ))
        stack.append(
          (
            Int(tree.right[node]),
            members.filter { plain.rows.matrix[$0, column] > threshold }, level + 1
          ))
      }
    }
  }

  @Test("Weights of one each give the bytes of no weights", arguments: 0..<5 as Range<UInt64>)
  func unitWeights(seed: UInt64) throws {
    let plain = try FamilyCase.training(seed: seed)
    let weighted = try TrainingRows(
      rows: plain.rows, targets: plain.targets,
      weights: [Double](repeating: 1, count: plain.count), featureMap: plain.featureMap)
    let learner = ForestLearner(options: ForestOptions(trees: 20))
    let context = TrainingContext(seeds: SeedTree(seed: seed))
    let a = try learner.fit(plain, context: context)
    let b = try learner.fit(weighted, context: context)
    #expect(a.model.archive == b.model.archive)
    #expect(a.log == b.log)
  }

  @Test("Columns that do not vary do not use up the columns of a split")
  func constantColumnsDoNotCount() throws {
    let count = 200
    let matrix = Matrix(rows: count, columns: 30) { $1 == 17 ? Double($0) : 1 }
    let targets = (0..<count).map { $0 * 3 % count < 80 ? 1.0 : 0 }
    let names = (0..<30).map { "c\($0)" }
    let training = try TrainingRows(
      rows: EncodedRows(matrix), targets: targets,
      featureMap: FeatureMap(
        sources: names.enumerated().map { .init(name: $1, columns: $0..<$0 + 1) },
        columnNames: names))
    let options = ForestOptions(trees: 20, featuresPerSplit: .count(1), minimumLeaf: 1)
    let forest = try ForestLearner(options: options).fit(
      training, context: TrainingContext(seeds: SeedTree(seed: 1))
    ).model
    for tree in forest.ensemble.trees {
      #expect(tree.nodeCount > 1)
      for node in 0..<tree.nodeCount {
        if tree.left[node] >= 0 {
          #expect(tree.feature[node] == 17)
        } else {
          #expect(tree.value[node] == 0 || tree.value[node] == 1)
        }
      }
    }
  }

  @Test("Columns are drawn evenly")
  func columnsAreDrawnEvenly() throws {
    // Pure noise in every column: the column of the root is the best of one drawn at random.
    var generator = SeedTree(seed: 9).generator()
    let matrix = Matrix(rows: 60, columns: 8) { _, _ in generator.nextNormal() }
    let targets = (0..<60).map { Double($0 % 2) }
    let names = (0..<8).map { "c\($0)" }
    let training = try TrainingRows(
      rows: EncodedRows(matrix), targets: targets,
      featureMap: FeatureMap(
        sources: names.enumerated().map { .init(name: $1, columns: $0..<$0 + 1) },
        columnNames: names))
    let options = ForestOptions(
      trees: 4000, featuresPerSplit: .count(1), maximumDepth: 1, bootstrap: false)
    let forest = try ForestLearner(options: options).fit(
      training, context: TrainingContext(seeds: SeedTree(seed: 2), threads: 2)
    ).model
    var counts = [Double](repeating: 0, count: 8)
    for tree in forest.ensemble.trees { counts[Int(tree.feature[0])] += 1 }
    let chiSquare = counts.reduce(0) { $0 + ($1 - 500) * ($1 - 500) / 500 }
    // The 99.9th percentile of chi-square with seven degrees of freedom.
    #expect(chiSquare < 24.3)
  }

  @Test("The smallest leaf counts rows, not how often they were drawn", arguments: [false, true])
  func leavesCountRows(isWeighted: Bool) throws {
    let plain = try FamilyCase.training(rows: 300)
    let training = try TrainingRows(
      rows: plain.rows, targets: plain.targets,
      weights: isWeighted ? plain.targets.map { 1 + $0 / 2 } : nil, featureMap: plain.featureMap)
    let options = ForestOptions(trees: 20, minimumLeaf: 6)
    let fit = try ForestLearner(options: options).fitKeepingOutOfBag(
      training, context: TrainingContext(seeds: SeedTree(seed: 1)))
    var smallest = Int.max
    for (tree, outside) in zip(fit.trained.model.ensemble.trees, fit.scorer.outOfBagRows) {
      var counts = [Int](repeating: 0, count: tree.nodeCount)
      for row in Set(0..<training.count).subtracting(outside) {
        var node = 0
        while tree.left[node] >= 0 {
          let value = training.rows.matrix[row, Int(tree.feature[node])]
          node = Int(value <= tree.threshold[node] ? tree.left[node] : tree.right[node])
        }
        counts[node] += 1
      }
      let leaves = counts.indices.filter { tree.left[$0] < 0 }
      smallest = min(smallest, leaves.map { counts[$0] }.min() ?? 0)
    }
    #expect(smallest == 6)
  }

  @Test("More rows than packed counts can hold are counted all the same")
  func manyRows() throws {
    let count = 1 << 21 + 5
    let numbers = (0..<count).map { Double($0 % 3) }
    let targets = (0..<count).map { $0 % 3 == 2 || $0 % 7 == 0 ? 1.0 : 0 }
    let training = try TrainingRows(
      rows: EncodedRows(blocks: [.numbers(numbers)], count: count), targets: targets,
      featureMap: FeatureMap(
        sources: [.init(name: "x", columns: 0..<1)], columnNames: ["x"]))
    let options = ForestOptions(
      trees: 1, maximumDepth: 1, bootstrap: false, outOfBag: false)
    let tree = try #require(
      ForestLearner(options: options).fit(
        training, context: TrainingContext(seeds: SeedTree(seed: 1), threads: 2)
      ).model.ensemble.trees.first)
    let right = numbers.count { $0 == 2 }
    let badLeft = numbers.indices.count { numbers[$0] < 2 && targets[$0] == 1 }
    #expect(tree.threshold[0] > 1 && tree.threshold[0] < 2)
    #expect(tree.cover[1] == Double(count - right))
    #expect(tree.cover[2] == Double(right))
    #expect(tree.value[1] == Double(badLeft) / Double(count - right))
    #expect(tree.value[2] == 1)
  }
}
