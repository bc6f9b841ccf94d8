import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

private struct LogisticReference: Decodable {
  struct Fit: Decodable {
    let coefficients: [Double]
    let standardErrors: [Double]
    let pValues: [Double]
    let logLikelihood: Double
    let deviance: Double
    let nullDeviance: Double
    let aic: Double
  }
  struct Ridge: Decodable {
    let lambda: Double
    let coefficients: [Double]
    let intercept: Double
  }
  struct German: Decodable {
    let logLikelihood: Double
    let aic: Double
    let columns: Int
    let numeric: [String: [Double]]
  }
  let rows: [[Double]]
  let targets: [Double]
  let weights: [Double]
  let plain: Fit
  let weighted: Fit
  let ridge: Ridge
  let german: German
}

@Suite struct LogisticTests {
  private let reference: LogisticReference

  init() throws { reference = try ReferenceValues.decode(from: "statsmodels/logistic.json") }

  @Test("Estimates, errors, p-values and likelihoods are statsmodels', with and without weights")
  func agreesWithStatsmodels() throws {
    for (weights, expected) in [(nil, reference.plain), (reference.weights, reference.weighted)] {
      let log = try LogisticLearner().fit(
        try trainingRows(reference.rows, reference.targets, weights: weights), context: context()
      ).log
      #expect(log.converged && log.notices.isEmpty)
      #expect(log.coefficients.first?.name == "(intercept)")
      #expect(
        largestDisagreement(log.coefficients.map(\.estimate), expected.coefficients) < 1e-8)
      #expect(
        largestDisagreement(
          log.coefficients.compactMap(\.standardError), expected.standardErrors) < 1e-7)
      #expect(
        largestDisagreement(log.coefficients.compactMap(\.pValue), expected.pValues) < 1e-7)
      for (name, value) in [
        ("log-likelihood", expected.logLikelihood), ("deviance", expected.deviance),
        ("null deviance", expected.nullDeviance), ("AIC", expected.aic),
      ] {
        #expect(agree(log.measures[name] ?? .nan, value, within: Tolerance.exact), "\(name)")
      }
    }
  }

  @Test("On German credit likelihood, estimates and p-values are statsmodels'")
  func germanCredit() throws {
    let rows = try ExampleSet.german().training(dropsReference: true)
    #expect(rows.rows.width == reference.german.columns)
    let log = try LogisticLearner().fit(rows, context: context()).log
    #expect(log.converged && log.notices.isEmpty)
    #expect(
      agree(
        log.measures["log-likelihood"] ?? .nan, reference.german.logLikelihood,
        within: Tolerance.exact))
    #expect(agree(log.measures["AIC"] ?? .nan, reference.german.aic, within: Tolerance.exact))
    #expect(reference.german.numeric.count == 6)
    for (name, expected) in reference.german.numeric {
      let found = try #require(log.coefficients.first { $0.name == name })
      let values = [found.estimate, found.standardError ?? .nan, found.pValue ?? .nan]
      #expect(largestDisagreement(values, expected) < 1e-7, "\(name)")
    }
  }

  @Test("All levels kept: the surplus columns are named, and the likelihood stays")
  func allLevelsKept() throws {
    let rows = try ExampleSet.german().training(dropsReference: false)
    let log = try LogisticLearner().fit(rows, context: context()).log
    #expect(
      agree(
        log.measures["log-likelihood"] ?? .nan, reference.german.logLikelihood,
        within: Tolerance.exact))
    #expect(log.notices.count == 1)
    #expect(log.notices.first?.contains("rank deficient") == true)
    #expect(log.coefficients.count { $0.standardError == nil } == 54 - 43)
  }

  @Test("The mean AUC on the given folds is at scikit-learn's")
  func accuracy() throws {
    let learner = LogisticLearner()
    #expect(try ExampleSet.german().meanAUC(learner, dropsReference: true) >= 0.7870 - 0.005)
    #expect(try ExampleSet.taiwan().meanAUC(learner, dropsReference: true) >= 0.7231 - 0.005)
  }

  @Test("With a ridge the coefficients are scikit-learn's, and no errors are given")
  func ridge() throws {
    let rows = standardised(reference.rows)
    let trained = try LogisticLearner(options: LogisticOptions(ridge: reference.ridge.lambda))
      .fit(try trainingRows(rows, reference.targets), context: context())
    #expect(
      largestDisagreement(trained.model.coefficients, reference.ridge.coefficients) < 1e-6)
    #expect(agree(trained.model.intercept, reference.ridge.intercept, within: 1e-6))
    #expect(trained.log.coefficients.allSatisfy { $0.standardError == nil && $0.pValue == nil })
    #expect(trained.log.notices.count == 1)
  }

  private func standardised(_ rows: [[Double]]) -> [[Double]] {
    let count = Double(rows.count)
    var result = rows
    for c in rows[0].indices {
      let mean = rows.reduce(0) { $0 + $1[c] } / count
      let spread = (rows.reduce(0) { $0 + ($1[c] - mean) * ($1[c] - mean) } / count).squareRoot()
      for r in rows.indices { result[r][c] = (rows[r][c] - mean) / spread }
    }
    return result
  }

  @Test("A two-by-two table has the log odds ratio and Woolf's standard error")
  func twoByTwo() throws {
    // Rows: bad and good with the factor, bad and good without.
    let counts = [12.0, 30, 7, 51]
    let rows = try trainingRows([[1], [1], [0], [0]], [1, 0, 1, 0], weights: counts)
    let trained = try LogisticLearner().fit(rows, context: context())
    let slope = try #require(trained.log.coefficients.last)
    let ratio = log(counts[0] * counts[3] / (counts[1] * counts[2]))
    let error = counts.reduce(0) { $0 + 1 / $1 }.squareRoot()
    #expect(agree(slope.estimate, ratio, within: Tolerance.exact))
    #expect(agree(slope.standardError ?? .nan, error, within: Tolerance.exact))
    #expect(agree(trained.model.intercept, log(counts[2] / counts[3]), within: Tolerance.exact))
    let p = erfc(abs(ratio / error) / 2.0.squareRoot())
    #expect(agree(slope.pValue ?? .nan, p, within: 1e-12))
    let margins = try trained.model.margins(of: rows.rows)
    #expect(agree(sigmoid(margins[0]), 12.0 / 42, within: Tolerance.exact))
  }

  @Test("Complete separation is found, named and answered with a ridge")
  func completeSeparation() throws {
    var generator = SeedTree(seed: 21).generator()
    let rows = (0..<60).map { r in
      [generator.nextNormal(), Double(r) / 10 - 3 + (r < 30 ? -0.2 : 0.2)]
    }
    let targets = (0..<60).map { $0 < 30 ? 0.0 : 1 }
    let trained = try LogisticLearner().fit(try trainingRows(rows, targets), context: context())
    let notice = try #require(trained.log.notices.first)
    #expect(notice.hasPrefix("Complete separation"))
    #expect(notice.contains("c1"))
    #expect(notice.contains("60"))
    #expect((trained.log.measures["ridge"] ?? 0) > 0)
    #expect(trained.log.converged)
    #expect(trained.log.coefficients.allSatisfy { $0.standardError == nil })
    #expect(trained.model.coefficients.allSatisfy { abs($0) < 50 })
    #expect(trained.model.coefficients[1] > 0)
  }

  @Test("Quasi-complete separation by one level is found, whatever the other columns")
  func quasiSeparation() throws {
    for seed in 0..<30 as Range<UInt64> {
      var (rows, targets) = simulatedRows(count: 200, width: 3, seed: seed)
      for r in rows.indices { rows[r].append(r >= 150 && r < 156 ? 1 : 0) }
      for r in 150..<156 { targets[r] = 1 }
      let log = try LogisticLearner().fit(try trainingRows(rows, targets), context: context()).log
      let notice = try #require(log.notices.first, "seed \(seed)")
      #expect(notice.hasPrefix("Quasi-complete separation"), "seed \(seed)")
      #expect(notice.contains("6 of 200"), "seed \(seed): \(notice)")
      #expect(notice.contains("(c3)"), "seed \(seed): \(notice)")
    }
  }

  @Test("One overlapping row is enough for finite estimates, and they are not called separated")
  func nearSeparation() throws {
    for seed in 0..<30 as Range<UInt64> {
      var generator = SeedTree(seed: seed).generator()
      var rows = (0..<100).map { _ in [4 * generator.nextNormal(), generator.nextNormal()] }
      var targets = rows.map { $0[0] > 0 ? 1.0 : 0 }
      // One bad row among the good and one good row among the bad, not far from the border.
      rows[0] = [-1.5, 0.3]
      rows[1] = [1.5, -0.2]
      targets[0] = 1
      targets[1] = 0
      let log = try LogisticLearner().fit(try trainingRows(rows, targets), context: context()).log
      #expect(log.notices.isEmpty && log.converged, "seed \(seed): \(log.notices)")
      #expect(log.coefficients.allSatisfy { $0.standardError != nil })
    }
  }

  @Test("Heavy-tailed columns without separation are not called separated")
  func heavyTails() throws {
    for seed in 0..<20 as Range<UInt64> {
      let (plain, targets) = simulatedRows(count: 150, width: 2, seed: seed)
      let rows = plain.map { row in [exp(3 * row[0]), row[1]] }
      let log = try LogisticLearner().fit(try trainingRows(rows, targets), context: context()).log
      #expect(log.converged && log.notices.isEmpty, "seed \(seed): \(log.notices)")
    }
  }

  @Test("More columns than rows: the fit is a ridge, said to be so, and finite")
  func moreColumnsThanRows() throws {
    let (rows, targets) = simulatedRows(count: 20, width: 40, seed: 12)
    let trained = try LogisticLearner().fit(try trainingRows(rows, targets), context: context())
    #expect(trained.log.converged)
    #expect(trained.log.notices.count == 2)
    #expect(trained.log.notices.last?.hasPrefix("Complete separation") == true)
    #expect(trained.model.coefficients.allSatisfy { abs($0) < 100 })
    #expect(trained.model.coefficients.count { $0 != 0 } == 19)
  }

  @Test("Constant and dependent columns get zero and a notice, and do not move the margins")
  func rankDeficient() throws {
    let (rows, targets) = simulatedRows(count: 90, width: 2, seed: 8)
    let plain = try LogisticLearner().fit(try trainingRows(rows, targets), context: context())
    let wide = rows.map { [$0[0], 7, $0[1], 2 * $0[0] - $0[1] + 3] }
    let training = try trainingRows(wide, targets)
    let trained = try LogisticLearner().fit(training, context: context())
    #expect(trained.model.coefficients[1] == 0)
    #expect(trained.model.coefficients[3] == 0)
    #expect(trained.log.notices.count == 2)
    #expect(trained.log.notices[0].contains("c1"))
    #expect(trained.log.notices[1].contains("c3"))
    let narrowRows = try trainingRows(rows, targets).rows
    #expect(
      largestDisagreement(
        try trained.model.margins(of: training.rows), try plain.model.margins(of: narrowRows))
        < Tolerance.exact)
    #expect(
      trained.log.coefficients.map { $0.standardError == nil }
        == [false, false, true, false, true])
  }

  @Test("Location and scale of a column change its coefficient, not the fit")
  func equivariance() throws {
    let (rows, targets) = simulatedRows(count: 90, width: 2, seed: 9)
    let plain = try LogisticLearner().fit(try trainingRows(rows, targets), context: context()).log
    let moved = rows.map { [1e6 + 250 * $0[0], 1e-4 * $0[1]] }
    let log = try LogisticLearner().fit(try trainingRows(moved, targets), context: context()).log
    #expect(log.notices.isEmpty)
    for (k, factor) in [(1, 250.0), (2, 1e-4)] {
      let a = plain.coefficients[k]
      let b = log.coefficients[k]
      #expect(agree(a.estimate, b.estimate * factor, within: 1e-7))
      #expect(agree(a.standardError ?? .nan, (b.standardError ?? 0) * factor, within: 1e-7))
      #expect(agree(a.pValue ?? .nan, b.pValue ?? .nan, within: 1e-7))
    }
  }

  @Test("Wald intervals of 95% hold the truth in about 95% of samples")
  func coverage() throws {
    var held = 0
    let samples = 400
    for seed in 0..<UInt64(samples) {
      let (rows, targets) = simulatedRows(count: 400, width: 2, seed: 1000 + seed)
      let found = try LogisticLearner().fit(try trainingRows(rows, targets), context: context())
        .log.coefficients[1]
      if abs(found.estimate - 1) <= 1.96 * (found.standardError ?? 0) { held += 1 }
    }
    // Four standard errors of a share of 0.95 in 400.
    #expect(abs(Double(held) / Double(samples) - 0.95) < 0.044, "\(held)")
  }

  @Test("Gradient and curvature agree with differences, also at fractional targets")
  func derivatives() throws {
    let (rows, _) = simulatedRows(count: 30, width: 3, seed: 10)
    let objective = LogisticObjective(
      design: Matrix(rows: 30, columns: 3) { rows[$0][$1] },
      targets: (0..<30).map { Double($0) / 29 }, weights: (0..<30).map { 1 + Double($0 % 4) },
      penalties: [0, 0.5, 2])
    try expectDerivatives(of: objective, at: [0.4, -0.2, 0.1])
    #expect(objective.value(at: [800, 0, 0]).isFinite)
  }

  @Test("Options out of range are refused with the field's name")
  func badOptions() throws {
    let rows = try trainingRows([[1], [-1]], [1, 0])
    let wrong: [(LogisticOptions, String)] = [
      (LogisticOptions(ridge: -1), "ridge"),
      (LogisticOptions(maximumIterations: 0), "maximum_iterations"),
      (LogisticOptions(tolerance: 1), "tolerance"),
    ]
    for (options, field) in wrong {
      let error = #expect(throws: TrainingError.self) {
        try LogisticLearner(options: options).fit(rows, context: context())
      }
      #expect(error?.description.hasPrefix(field) == true)
    }
    let onlyGood = try trainingRows([[1], [-1], [2]], [1, 0, 0], weights: [0, 1, 1])
    let error = #expect(throws: TrainingError.self) {
      try LogisticLearner().fit(onlyGood, context: context())
    }
    #expect(error?.code == .oneClassOnly)
  }

  @Test("An archive is read back to the bit, and a hostile one throws")
  func persistence() throws {
    try expectLinearPersistence(LogisticRegression.self)
    #expect(LogisticRegression(coefficients: [1], intercept: 0).marginScale == .logOdds)
  }
}
