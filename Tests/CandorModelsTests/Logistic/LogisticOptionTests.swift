import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

private struct OptionReference: Decodable {
  struct Elastic: Decodable {
    let lam: Double
    let share: Double
    let coefficients: [Double]
    let intercept: Double
    let objective: Double
  }
  struct Firth: Decodable {
    let coefficients: [Double]
    let standardErrors: [Double]
    let value: Double
  }
  let rows: [[Double]]
  let targets: [Double]
  let weights: [Double]
  let hc0: [Double]
  let hc0Weighted: [Double]
  let elastic: [Elastic]
  let firth: Firth
  let firthWeighted: Firth
  let separatedRows: [[Double]]
  let separatedTargets: [Double]
  let firthSeparated: Firth
}

@Suite struct LogisticOptionTests {
  private let reference: OptionReference

  init() throws { reference = try ReferenceValues.decode(from: "linear/options.json") }

  private func fit(
    _ options: LogisticOptions, weights: [Double]? = nil
  ) throws -> Trained<LogisticRegression> {
    try LogisticLearner(options: options).fit(
      trainingRows(reference.rows, reference.targets, weights: weights), context: context())
  }

  @Test("Robust standard errors are statsmodels', with and without weights")
  func robustErrors() throws {
    let plain = try fit(LogisticOptions(standardErrors: .robust)).log
    #expect(
      largestDisagreement(plain.coefficients.compactMap(\.standardError), reference.hc0) < 1e-8)
    let corrected = try fit(LogisticOptions(standardErrors: .robustHC1)).log
    // n/(n − p) of 150 rows and seven coefficients; statsmodels' Logit has no such factor.
    let factor = (150.0 / 143).squareRoot()
    #expect(
      largestDisagreement(
        corrected.coefficients.compactMap(\.standardError), reference.hc0.map { $0 * factor })
        < 1e-8)
    let weighted = try fit(
      LogisticOptions(standardErrors: .robust), weights: reference.weights
    ).log
    #expect(
      largestDisagreement(
        weighted.coefficients.compactMap(\.standardError), reference.hc0Weighted) < 1e-8)
    #expect(plain.notices.contains { $0.contains("robust") })
  }

  @Test("Lasso and elastic net are scikit-learn's, or below its objective")
  func elasticNet() throws {
    for expected in reference.elastic {
      let options = LogisticOptions(
        penalty: expected.share == 1 ? .lasso : .elasticNet, lambda: expected.lam,
        l1Share: expected.share)
      let trained = try fit(options)
      #expect(trained.log.converged)
      #expect(
        largestDisagreement(trained.model.coefficients, expected.coefficients) < 1e-5)
      #expect(agree(trained.model.intercept, expected.intercept, within: 1e-5))
      let objective = try #require(trained.log.measures["objective"])
      #expect(agree(objective, expected.objective, within: 1e-9))
      #expect(objective <= expected.objective * (1 + 1e-13))
      #expect((trained.log.measures["KKT violation"] ?? 1) < 1e-6)
    }
  }

  @Test("The optimality conditions of lasso and elastic net hold on the encoded columns")
  func conditions() throws {
    for seed in 0..<12 as Range<UInt64> {
      let (plain, targets) = simulatedRows(count: 150, width: 9, seed: seed, strength: 0.4)
      // Columns of unlike scale, one of them a copy in part.
      let rows = plain.map { row in
        row.enumerated().map { $1 * pow(3, Double($0 % 3)) } + [row[0] + 0.05 * row[1]]
      }
      let lambda = [1.0, 5, 20][Int(seed) % 3]
      let share = seed % 2 == 0 ? 1 : 0.4
      let training = try trainingRows(rows, targets)
      let model = try LogisticLearner(
        options: LogisticOptions(penalty: .elasticNet, lambda: lambda, l1Share: share)
      ).fit(training, context: context()).model
      let margins = try model.margins(of: training.rows)
      let residuals = margins.indices.map { sigmoid(margins[$0]) - targets[$0] }
      #expect(abs(residuals.reduce(0, +)) < 1e-7)
      for (j, coefficient) in model.coefficients.enumerated() {
        let slope =
          residuals.indices.reduce(0) { $0 + residuals[$1] * rows[$1][j] }
          + lambda * (1 - share) * coefficient
        if coefficient == 0 {
          #expect(abs(slope) <= lambda * share * (1 + 1e-9))
        } else {
          #expect(
            agree(slope, coefficient > 0 ? -lambda * share : lambda * share, within: 1e-7),
            "seed \(seed), column \(j)")
        }
      }
    }
  }

  @Test("Columns that depend on each other do not keep the lasso from its optimum")
  func dependentColumns() throws {
    let mixed = try MixedDesign(count: 2000, numeric: 3, levels: [6, 5, 4], seed: 17)
    let training = try mixed.training(compact: true)
    let logistic = try LogisticLearner(
      options: LogisticOptions(penalty: .lasso, lambda: 0.05)
    ).fit(training, context: context()).log
    #expect(logistic.converged)
    #expect((logistic.measures["KKT violation"] ?? 1) < 1e-6)
    #expect(logistic.iterations < 20)
    let machine = try LinearSVMLearner(options: LinearSVMOptions(c: 20, penalty: .l1))
      .fit(training, context: context()).log
    #expect(machine.converged, "\(machine.notices)")
    #expect(machine.iterations < 40)
  }

  @Test("The path begins with no coefficient, and each fit on it is the one from scratch")
  func path() throws {
    let training = try trainingRows(reference.rows, reference.targets)
    for penalty in [LogisticOptions.Penalty.lasso, .elasticNet] {
      let learner = LogisticLearner(options: LogisticOptions(penalty: penalty))
      let path = try learner.path(steps: 8, training, context: context())
      #expect(path.count == 8)
      #expect(path[0].trained.model.coefficients.allSatisfy { $0 == 0 })
      #expect(path[1].trained.model.coefficients.contains { $0 != 0 })
      #expect(agree(path[7].lambda, path[0].lambda / 1000, within: 1e-12))
      var deviance = Double.infinity
      for (lambda, trained) in path {
        let found = try #require(trained.log.measures["deviance"])
        #expect(found <= deviance * (1 + 1e-10))
        deviance = found
        let cold = try fit(LogisticOptions(penalty: penalty, lambda: lambda)).model
        #expect(largestDisagreement(cold.coefficients, trained.model.coefficients) < 1e-6)
      }
    }
    #expect(throws: TrainingError.self) {
      try LogisticLearner().path(training, context: context())
    }
  }

  @Test("Firth's estimates and errors are those of the penalised likelihood's maximum")
  func firth() throws {
    for (weights, expected) in [
      (nil, reference.firth), (reference.weights, reference.firthWeighted),
    ] {
      let log = try fit(LogisticOptions(firth: true), weights: weights).log
      #expect(log.converged)
      #expect(
        largestDisagreement(log.coefficients.map(\.estimate), expected.coefficients) < 1e-6)
      #expect(
        largestDisagreement(
          log.coefficients.compactMap(\.standardError), expected.standardErrors) < 1e-6)
      #expect(
        agree(log.measures["penalised log-likelihood"] ?? .nan, -expected.value, within: 1e-9))
    }
  }

  @Test("Under separation Firth's estimates are finite")
  func firthSeparated() throws {
    let trained = try LogisticLearner(options: LogisticOptions(firth: true)).fit(
      trainingRows(reference.separatedRows, reference.separatedTargets), context: context())
    #expect(trained.log.converged)
    #expect(
      largestDisagreement(
        trained.log.coefficients.map(\.estimate), reference.firthSeparated.coefficients) < 1e-5)
    #expect(trained.log.coefficients.allSatisfy { $0.standardError != nil })
  }

  @Test("On a two-by-two table Firth's correction adds half to each cell")
  func firthTable() throws {
    for counts in [[12.0, 30, 7, 51], [5, 9, 0, 20], [1, 0, 0, 3]] {
      let rows = try trainingRows([[1], [1], [0], [0]], [1, 0, 1, 0], weights: counts)
      let trained = try LogisticLearner(options: LogisticOptions(firth: true))
        .fit(rows, context: context())
      let cells = counts.map { $0 + 0.5 }
      #expect(
        agree(
          trained.model.coefficients[0], log(cells[0] * cells[3] / (cells[1] * cells[2])),
          within: 1e-6))
      #expect(agree(trained.model.intercept, log(cells[2] / cells[3]), within: 1e-6))
    }
  }

  @Test("Class weights act as row weights, and are said")
  func classWeights() throws {
    let weighted = try fit(
      LogisticOptions(classWeights: .explicit(good: 1, bad: 3)))
    let byRow = try fit(LogisticOptions(), weights: reference.targets.map { $0 == 1 ? 3 : 1 })
    #expect(
      largestDisagreement(weighted.model.coefficients, byRow.model.coefficients) < Tolerance.exact)
    #expect(weighted.log.notices.contains { $0.hasPrefix("Class weights") })
  }

  @Test("Options that do not go together are refused")
  func badCombinations() {
    let wrong = [
      LogisticOptions(ridge: 1, penalty: .lasso), LogisticOptions(lambda: -1),
      LogisticOptions(l1Share: 0), LogisticOptions(l1Share: 1.1),
      LogisticOptions(ridge: 1, firth: true), LogisticOptions(penalty: .lasso, firth: true),
      LogisticOptions(firth: true, standardErrors: .robust),
      LogisticOptions(classWeights: .explicit(good: 1, bad: 0)),
    ]
    for options in wrong {
      #expect(throws: TrainingError.self) { try options.validated() }
    }
  }
}
