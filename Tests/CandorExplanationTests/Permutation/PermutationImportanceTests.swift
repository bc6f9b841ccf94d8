import CandorData
import CandorEvaluation
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

@Suite("Permutation importance")
struct PermutationImportanceTests {
  private func model(_ coefficients: [Double]) throws -> ExplainedModel {
    try ExplainedModel(
      scorer: AffineScorer(coefficients: coefficients, intercept: -0.2), calibrator: .identity,
      featureMap: Fixtures.singles(coefficients.count))
  }

  /// Independent normal rows with outcomes drawn from the model's own probabilities.
  private func sample(
    _ coefficients: [Double], rows count: Int, seed: UInt64
  ) -> PermutationImportance.Sample {
    let rows = Fixtures.normal(count, coefficients.count, seed: seed)
    var generator = SeedTree(seed: seed).child("targets").generator()
    let targets = Fixtures.arrays(rows).map { row -> Double in
      let logOdds = zip(row, coefficients).reduce(-0.2) { $0 + $1.0 * $1.1 }
      return generator.nextUniform() < sigmoid(logOdds) ? 1 : 0
    }
    return .init(name: "held out", rows: rows, targets: targets)
  }

  private let squaredError = ImportanceMeasure.rise(inMeanOf: "squared error") {
    ($0 - $1) * ($0 - $1)
  }

  @Test("Least squares: the mean over all orders is twice the squared coefficient times variance")
  func allOrders() throws {
    // Reference case E18, exact: residuals of least squares are orthogonal to the columns.
    let rows = Fixtures.arrays(Fixtures.normal(7, 2, seed: 1))
    var generator = SeedTree(seed: 2).generator()
    let targets = rows.map { 2 * $0[0] - $0[1] + 0.5 * generator.nextNormal() }
    let fit = try LeastSquares.solve(
      design: Matrix(rows: 7, columns: 3) { r, c in c < 2 ? rows[r][c] : 1 }, response: targets)
    let scorer = AffineScorer(
      coefficients: Array(fit.coefficients[..<2]), intercept: fit.coefficients[2])
    let model = try ExplainedModel(
      scorer: scorer, calibrator: .identity, featureMap: Fixtures.singles(2))
    var orders: [[Int]] = [[]]
    for row in 0..<7 {
      orders = orders.flatMap { order in
        (0...order.count).map { Array(order[..<$0]) + [row] + Array(order[$0...]) }
      }
    }
    #expect(Set(orders).count == 5040)
    for j in 0..<2 {
      let rises = try PermutationImportance.rises(
        model, on: .init(name: "all", rows: Fixtures.rows(rows), targets: targets), dealing: [j],
        by: squaredError, in: orders)
      let mean = rows.map { $0[j] }.reduce(0, +) / 7
      let variance = rows.map { ($0[j] - mean) * ($0[j] - mean) }.reduce(0, +) / 7
      let expected = 2 * scorer.coefficients[j] * scorer.coefficients[j] * variance
      #expect(agree(Moments.mean(rises), expected, within: 1e-12))
    }
    // A thousand of the 5,040 orders, twenty times over.
    let players = try Players(featureMap: Fixtures.singles(2))
    var sums = [0.0, 0.0]
    var variances = [0.0, 0.0]
    for seed in 0..<20 {
      let found = try PermutationImportance.measure(
        model, on: .init(name: "all", rows: Fixtures.rows(rows), targets: targets),
        players: players, by: squaredError, repeats: 1000, seeds: SeedTree(seed: UInt64(seed)))
      for j in 0..<2 {
        let player = try #require(found.player("x\(j)"))
        sums[j] += player.importance / 20
        variances[j] += player.repeatStandardError * player.repeatStandardError / 400
      }
    }
    for j in 0..<2 {
      let mean = rows.map { $0[j] }.reduce(0, +) / 7
      let variance = rows.map { ($0[j] - mean) * ($0[j] - mean) }.reduce(0, +) / 7
      let expected = 2 * scorer.coefficients[j] * scorer.coefficients[j] * variance
      #expect(abs(sums[j] - expected) < 4.5 * variances[j].squareRoot())
      #expect(variances[j].squareRoot() < 0.01 * expected)
    }
  }

  @Test("Least squares at scale: within ten percent at fifty repeats")
  func atScale() throws {
    // Reference case E18, sampled.
    let count = 10
    let rows = Fixtures.normal(500, count, seed: 3)
    let truth = (0..<count).map { Double($0 + 1) / 3 }
    var generator = SeedTree(seed: 4).generator()
    let targets = Fixtures.arrays(rows).map { row in
      zip(row, truth).reduce(generator.nextNormal()) { $0 + $1.0 * $1.1 }
    }
    let fit = try LeastSquares.solve(
      design: Matrix(rows: 500, columns: count + 1) { r, c in
        c < count ? rows.matrix[r, c] : 1
      }, response: targets)
    let model = try ExplainedModel(
      scorer: AffineScorer(
        coefficients: Array(fit.coefficients[..<count]), intercept: fit.coefficients[count]),
      calibrator: .identity, featureMap: Fixtures.singles(count))
    let found = try PermutationImportance.measure(
      model, on: .init(name: "all", rows: rows, targets: targets),
      players: try Players(featureMap: Fixtures.singles(count)), by: squaredError, repeats: 50,
      seeds: SeedTree(seed: 1), threads: 2)
    for j in 0..<count {
      let column = rows.matrix.column(j)
      let mean = column.reduce(0, +) / 500
      let variance = column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 500
      let expected = 2 * fit.coefficients[j] * fit.coefficients[j] * variance
      let importance = try #require(found.player("x\(j)")).importance
      #expect(abs(importance - expected) < 0.1 * expected)
    }
  }

  @Test("A constant column, an unused one and a dropped one are exactly zero in every repeat")
  func exactZeros() throws {
    // Reference case E19.
    let map = FeatureMap(
      sources: [
        .init(name: "used", columns: 0..<1), .init(name: "constant", columns: 1..<2),
        .init(name: "unused", columns: 2..<3), .init(name: "dropped", columns: 3..<3),
      ], columnNames: ["used", "constant", "unused"])
    let base = sample([1, 0, 0], rows: 80, seed: 5)
    let rows = Fixtures.rows(Fixtures.arrays(base.rows).map { [$0[0], 4, $0[2]] })
    let model = try ExplainedModel(
      scorer: AffineScorer(coefficients: [1, 3, 0], intercept: 0), calibrator: .identity,
      featureMap: map)
    for measure in [ImportanceMeasure.aucDrop, .logLossRise] {
      let found = try PermutationImportance.measure(
        model, on: .init(name: "s", rows: rows, targets: base.targets),
        players: try Players(featureMap: map), by: measure, repeats: 7, seeds: SeedTree(seed: 1))
      for name in ["constant", "unused", "dropped"] {
        let player = try #require(found.player(name))
        #expect(player.repeats == Array(repeating: 0, count: 7))
        #expect(player.lower == 0 && player.upper == 0)
      }
      let used = try #require(found.player("used"))
      #expect(used.repeats.allSatisfy { $0 != 0 })
      #expect(used.band == 1)
      #expect(found.players.dropFirst().allSatisfy { $0.band == 2 })
    }
  }

  @Test("The unpermuted measures are those of the evaluation target, weights included")
  func againstEvaluation() throws {
    let coefficients = [1.0, -0.5]
    let base = sample(coefficients, rows: 200, seed: 6)
    // Rounded rows, so that scores tie.
    let rows = Fixtures.rows(Fixtures.arrays(base.rows).map { $0.map { ($0 * 2).rounded() / 2 } })
    // Halves and quarters: sums without rounding, so that both sides see the same ties.
    let model = try ExplainedModel(
      scorer: AffineScorer(coefficients: coefficients, intercept: -0.25), calibrator: .identity,
      featureMap: Fixtures.singles(2))
    let logOdds = try model.values(of: rows)
    for weights in [nil, (0..<200).map { Double($0 % 3) }] {
      let sample = PermutationImportance.Sample(
        name: "s", rows: rows, targets: base.targets, weights: weights)
      let players = try Players(featureMap: Fixtures.singles(2))
      func unpermuted(_ measure: ImportanceMeasure) throws -> Double {
        try PermutationImportance.measure(
          model, on: sample, players: players, by: measure, repeats: 2, seeds: SeedTree(seed: 1)
        ).unpermuted
      }
      let scored = try ScoredSample(
        labels: base.targets, probabilities: logOdds.map { sigmoid($0) }, weights: weights)
      #expect(agree(try unpermuted(.aucDrop), try AUC.value(of: scored), within: 1e-12))
      #expect(
        agree(try unpermuted(.logLossRise), LogLoss.estimate(of: scored).value, within: 1e-12))
    }
  }

  @Test("Rows are scored once for each value that they are dealt, and no repeat is changed by it")
  func scoredOnce() throws {
    let scored = LockedState(0)
    let scorer = MinimalScorer(inputWidth: 2) { row in
      scored.withLock { $0 += 1 }
      return row[0] * row[0] - row[1]
    }
    var generator = SeedTree(seed: 3).child("few levels").generator()
    let rows = Fixtures.rows(
      (0..<300).map { _ in
        [Double(generator.nextInteger(below: 3)), generator.nextNormal()]
      })
    let targets = Fixtures.arrays(rows).map { $0[0] + $0[1] > 1 ? 1.0 : 0 }
    let model = try ExplainedModel(
      scorer: scorer, calibrator: .identity, featureMap: Fixtures.singles(2), scale: .logOdds)
    let found = try PermutationImportance.measure(
      model, on: .init(name: "s", rows: rows, targets: targets),
      players: Players(featureMap: Fixtures.singles(2)), by: .logLossRise, repeats: 20,
      seeds: SeedTree(seed: 9))
    // Once each, twice for the other two levels, and anew in every repeat for the number.
    #expect(scored.withLock { $0 } <= 300 + 600 + 20 * 300)
    #expect(scored.withLock { $0 } > 300 + 500 + 19 * 300)
    let matrix = rows.matrix
    for (column, name) in ["x0", "x1"].enumerated() {
      let player = try #require(found.player(name))
      for (index, value) in player.repeats.enumerated() {
        var order = SeedTree(seed: 9).child("permutation importance").child(index).generator()
        let permutation = Sampling.permutation(300, using: &order)
        func loss(_ r: Int, _ donor: Int) -> Double {
          var row = Array(matrix.row(r))
          row[column] = matrix[donor, column]
          let z = row[0] * row[0] - row[1]
          return max(z, 0) + log1p(exp(-abs(z))) - targets[r] * z
        }
        let rise = Moments.mean((0..<300).map { loss($0, permutation[$0]) - loss($0, $0) })
        #expect(agree(value, rise, within: 1e-12))
      }
    }
  }

  @Test("A group moves by one order: permuting everything leaves no discrimination but chance")
  func groups() throws {
    let coefficients = [1.0, 1, -1]
    let data = sample(coefficients, rows: 600, seed: 7)
    let model = try model(coefficients)
    let all = try PermutationImportance.measure(
      model, on: data,
      players: try Players(
        featureMap: model.featureMap,
        groups: [PlayerGroup(name: "all", members: ["x0", "x1", "x2"])]), repeats: 20,
      seeds: SeedTree(seed: 1))
    let player = try #require(all.player("all"))
    #expect(abs(all.unpermuted - player.importance - 0.5) < 0.03)
  }

  @Test("Threads do not change a bit; seeds do")
  func determinism() throws {
    // Reference case E20.
    let coefficients = [1.0, 0.5, -1, 0.2]
    let data = sample(coefficients, rows: 300, seed: 8)
    let model = try model(coefficients)
    func measure(_ seed: UInt64, _ threads: Int) throws -> PermutationImportance {
      try PermutationImportance.measure(
        model, on: data, players: try Players(featureMap: model.featureMap), repeats: 5,
        seeds: SeedTree(seed: seed), threads: threads)
    }
    let one = try measure(1, 1)
    #expect(try measure(1, 3) == one)
    #expect(try measure(2, 1) != one)
  }

  @Test("95% intervals cover the importance in the population in about 95% of samples")
  func coverage() throws {
    let coefficients = [1.2, 0.4, -0.8]
    let model = try model(coefficients)
    let players = try Players(featureMap: model.featureMap)
    for measure in [ImportanceMeasure.aucDrop, .logLossRise] {
      // The truth from one sample three hundred times as large.
      let truth = try PermutationImportance.measure(
        model, on: sample(coefficients, rows: 90_000, seed: 999), players: players, by: measure,
        repeats: 4, seeds: SeedTree(seed: 1))
      var covered = 0
      let samples = 250
      for seed in 0..<samples {
        let found = try PermutationImportance.measure(
          model, on: sample(coefficients, rows: 300, seed: UInt64(seed)), players: players,
          by: measure, repeats: 5, seeds: SeedTree(seed: UInt64(seed)))
        for player in found.players {
          let expected = try #require(truth.player(player.source)).importance
          if player.lower <= expected && expected <= player.upper { covered += 1 }
        }
      }
      let share = Double(covered) / Double(3 * samples)
      #expect(share > 0.92 && share < 0.98, "\(measure.name): \(share)")
    }
  }

  @Test("Rank bands part clear differences and leave twins together")
  func bands() throws {
    let coefficients = [2.0, 0.7, 0.7, 0]
    let data = sample(coefficients, rows: 3000, seed: 9)
    let model = try model(coefficients)
    let found = try PermutationImportance.measure(
      model, on: data, players: try Players(featureMap: model.featureMap), by: .logLossRise,
      repeats: 10, seeds: SeedTree(seed: 1))
    #expect(found.players.map(\.source).first == "x0")
    #expect(found.player("x0")?.band == 1)
    #expect(found.player("x1")?.band == 2)
    #expect(found.player("x2")?.band == 2)
    #expect(found.player("x3")?.band == 3)
  }

  @Test("Samples that cannot be judged are refused with a sentence")
  func refusals() throws {
    let model = try model([1])
    let players = try Players(featureMap: model.featureMap)
    func code(_ sample: PermutationImportance.Sample, repeats: Int = 5) -> ExplanationError.Code? {
      do throws(ExplanationError) {
        _ = try PermutationImportance.measure(
          model, on: sample, players: players, repeats: repeats, seeds: SeedTree(seed: 1))
        return nil
      } catch {
        return error.code
      }
    }
    let rows = Fixtures.rows([[1], [2], [3]])
    #expect(code(.init(name: "s", rows: rows, targets: [0, 0, 0])) == .badShape)
    #expect(code(.init(name: "s", rows: rows, targets: [0, 1])) == .badShape)
    #expect(
      code(.init(name: "s", rows: rows, targets: [0, 1, 1], weights: [1, 0, 0])) == .badShape)
    #expect(code(.init(name: "s", rows: rows, targets: [0, 1, 1]), repeats: 1) == .badOption)
    #expect(code(.init(name: "s", rows: rows, targets: [0, 1, 1])) == nil)
  }
}
