import CandorConformance
import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import Foundation
import Testing

@Suite("Out-of-bag evidence")
struct OutOfBagTests {
  private func fit(
    _ training: TrainingRows, _ options: ForestOptions, seed: UInt64 = 1
  ) throws -> ForestFit {
    try ForestLearner(options: options).fitKeepingOutOfBag(
      training, context: TrainingContext(seeds: SeedTree(seed: seed), threads: 2))
  }

  @Test("The rows that trees did not see are drawn anew from the seeds, for all rows or a part")
  func redrawn() throws {
    let training = try FamilyCase.training(rows: 150)
    for options in [
      ForestOptions(trees: 5), ForestOptions(trees: 5, bootstrap: false, sampleShare: 0.7),
    ] {
      let fit = try fit(training, options)
      func again(_ seed: UInt64, _ chosen: [Int]? = nil) -> OutOfBagForest {
        OutOfBagForest(
          fit.trained.model, grownWith: options, rows: 150, seeds: SeedTree(seed: seed),
          chosen: chosen)
      }
      #expect(again(1).outOfBagRows == fit.scorer.outOfBagRows)
      #expect(again(2).outOfBagRows != fit.scorer.outOfBagRows)
      // Position 150 is that of no row.
      let chosen = [3, 7, 8, 40, 149, 150]
      let expected = fit.scorer.outOfBagRows.map { unseen in
        chosen.indices.filter { unseen.contains(chosen[$0]) }
      }
      #expect(again(1, chosen).outOfBagRows == expected)
    }
  }

  @Test("A row's out-of-bag margin is the mean over the trees that did not see it")
  func marginsMatchTheTrees() throws {
    let training = try FamilyCase.training(rows: 150)
    let fit = try fit(training, ForestOptions(trees: 12))
    let ensemble = fit.trained.model.ensemble
    let outside = fit.scorer.outOfBagRows
    for row in 0..<training.count {
      var leaves: [Double] = []
      for (tree, rows) in zip(ensemble.trees, outside) where rows.contains(row) {
        var node = 0
        while tree.left[node] >= 0 {
          let value = training.rows.matrix[row, Int(tree.feature[node])]
          node = Int(value <= tree.threshold[node] ? tree.left[node] : tree.right[node])
        }
        leaves.append(tree.value[node])
      }
      if let margin = fit.outOfBagMargins[row] {
        #expect(abs(margin - leaves.reduce(0, +) / Double(leaves.count)) < 1e-12)
      } else {
        #expect(leaves.isEmpty)
      }
    }
    #expect(ScorerConformance.check(fit.scorer, rows: training.rows).isEmpty)
  }

  @Test(
    "The measures are those of the out-of-bag margins, by definition", arguments: [false, true])
  func measuresByDefinition(weighted: Bool) throws {
    let plain = try FamilyCase.training(rows: 150)
    var generator = SeedTree(seed: 4).generator()
    let weights = (0..<plain.count).map { _ in weighted ? 0.5 + generator.nextUniform() : 1.0 }
    let training = try TrainingRows(
      rows: plain.rows, targets: plain.targets, weights: weighted ? weights : nil,
      featureMap: plain.featureMap)
    let fit = try fit(training, ForestOptions(trees: 8))
    var concordant = 0.0
    var pairs = 0.0
    var loss = 0.0
    var weightSum = 0.0
    for (i, a) in fit.outOfBagMargins.enumerated() {
      guard let a else { continue }
      let p = min(max(a, 1.0 / 152), 1 - 1.0 / 152)
      loss -= weights[i] * log(training.targets[i] == 1 ? p : 1 - p)
      weightSum += weights[i]
      guard training.targets[i] == 1 else { continue }
      for (j, b) in fit.outOfBagMargins.enumerated() {
        guard let b, training.targets[j] == 0 else { continue }
        pairs += weights[i] * weights[j]
        concordant += weights[i] * weights[j] * (a > b ? 1 : a == b ? 0.5 : 0)
      }
    }
    let measures = fit.trained.log.measures
    let area = try #require(measures["out-of-bag AUC"])
    let logLoss = try #require(measures["out-of-bag log-loss"])
    #expect(abs(area - concordant / pairs) < 1e-9)
    #expect(abs(logLoss - loss / weightSum) < 1e-9)
    let curve = try #require(fit.trained.log.curves.first)
    #expect(curve.values.last == measures["out-of-bag log-loss"])
    #expect(curve.values.count <= 50)
  }

  @Test("A bootstrap leaves out 36.8 in 100 rows, every row alike")
  func bootstrapShare() throws {
    let training = try FamilyCase.training(rows: 500)
    let fit = try fit(training, ForestOptions(trees: 400, maximumDepth: 1))
    var times = [Double](repeating: 0, count: 500)
    for rows in fit.scorer.outOfBagRows { for row in rows { times[row] += 1 } }
    let p = exp(-1.0)
    let mean = times.reduce(0, +) / 500 / 400
    #expect(abs(mean - p) < 0.004)
    // Four hundred trials a row: five standard deviations.
    let deviation = (400 * p * (1 - p)).squareRoot()
    #expect(times.allSatisfy { abs($0 - 400 * p) < 5 * deviation })
  }

  @Test("Without a bootstrap a share of the rows is drawn once each")
  func subsampling() throws {
    let training = try FamilyCase.training(rows: 200)
    let half = ForestOptions(trees: 30, bootstrap: false, sampleShare: 0.25)
    let rows = try fit(training, half).scorer.outOfBagRows
    #expect(rows.allSatisfy { $0.count == 150 })
    #expect(Set(rows).count == 30)
    let all = try fit(training, ForestOptions(trees: 3, bootstrap: false))
    #expect(all.scorer.outOfBagRows.allSatisfy { $0.isEmpty })
    #expect(all.trained.log.measures["out-of-bag AUC"] == nil)
    #expect(all.outOfBagMargins.allSatisfy { $0 == nil })
  }

  @Test("The out-of-bag AUC agrees with that on fresh rows")
  func outOfBagIsHonest() throws {
    var differences: [Double] = []
    for seed in 0..<8 as Range<UInt64> {
      let training = try FamilyCase.training(rows: 600, seed: seed)
      let fresh = try FamilyCase.training(rows: 2000, seed: seed + 100)
      let fit = try fit(training, ForestOptions(trees: 150), seed: seed)
      let margins = try fit.trained.model.margins(of: fresh.rows)
      let outside = try #require(fit.trained.log.measures["out-of-bag AUC"])
      differences.append(outside - areaUnderCurve(margins, fresh.targets))
    }
    let mean = differences.reduce(0, +) / 8
    #expect(abs(mean) < 0.02)
  }
}
