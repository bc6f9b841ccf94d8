import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

private struct SparseReference: Decodable {
  struct Fit: Decodable {
    let loss: String
    let penalty: String
    let c: Double
    let bias: Double
    let objective: Double
    let weights: [Double]

    func options(_ solver: LinearSVMOptions.Solver) -> LinearSVMOptions {
      LinearSVMOptions(
        c: c, loss: loss == "hinge" ? .hinge : .squaredHinge, penalty: penalty == "l1" ? .l1 : .l2,
        solver: solver, bias: bias, tolerance: 1e-9, maximumPasses: 20_000)
    }
  }
  let sparseText: String
  let svm: [Fit]
}

@Suite struct LinearSVMOptionTests {
  private let reference: SparseReference
  private let sparse: SparseTrainingRows

  init() throws {
    reference = try ReferenceValues.decode(from: "linear/options.json")
    let read = try LIBSVMReader.parse(reference.sparseText, name: "sparse.txt")
    sparse = try SparseTrainingRows(rows: read.rows, targets: read.targets)
  }

  @Test("On sparse rows every loss, penalty and solver meets LIBLINEAR's optimum")
  func agreesWithLIBLINEAR() throws {
    for fit in reference.svm {
      for solver in LinearSVMOptions.Solver.allCases {
        if fit.penalty == "l1" && solver == .dualCoordinate { continue }
        let trained = try LinearSVMLearner(options: fit.options(solver))
          .fit(sparse, context: context())
        let name: Comment = "\(fit.loss) \(fit.penalty) \(fit.c) \(solver)"
        let objective = try #require(trained.log.measures["objective"])
        #expect(trained.log.converged, name)
        #expect(agree(objective, fit.objective, within: 1e-7), name)
        #expect(objective <= fit.objective * (1 + 1e-8), name)
        let gap = try #require(trained.log.measures["duality gap"])
        #expect(gap <= 1e-9 * max(objective, 1))
        let dual = try #require(trained.log.measures["dual objective"])
        #expect(agree(objective - dual, gap, within: 1e-12))
        let weights = trained.model.coefficients + [trained.model.intercept / fit.bias]
        if fit.loss != "hinge" { #expect(largestDisagreement(weights, fit.weights) < 1e-3, name) }
      }
    }
  }

  @Test("Sparse rows and the same rows dense have one optimum")
  func sparseEqualsDense() throws {
    let dense = try trainingRows(
      (0..<sparse.rows.rows).map { Array(sparse.rows.dense.row($0)) }, sparse.targets)
    for penalty in LinearSVMOptions.Penalty.allCases {
      let learner = LinearSVMLearner(
        options: LinearSVMOptions(penalty: penalty, tolerance: 1e-12))
      let a = try learner.fit(sparse, context: context()).model
      let b = try learner.fit(dense, context: context()).model
      #expect(largestDisagreement(a.coefficients, b.coefficients) < 1e-6)
      #expect(
        largestDisagreement(try a.margins(of: sparse.rows), try b.margins(of: dense.rows)) < 1e-6)
    }
    let logistic = LogisticLearner(options: LogisticOptions(ridge: 1))
    let a = try logistic.fit(sparse, context: context()).model
    let b = try logistic.fit(dense, context: context()).model
    #expect(largestDisagreement(a.coefficients, b.coefficients) < 1e-8)
  }

  @Test("With absolute values the optimality conditions hold, column by column")
  func lassoConditions() throws {
    for seed in 0..<10 as Range<UInt64> {
      let (rows, targets) = simulatedRows(count: 120, width: 8, seed: seed, strength: 0.4)
      let c = [0.02, 0.1, 1][Int(seed) % 3]
      let trained = try LinearSVMLearner(
        options: LinearSVMOptions(c: c, penalty: .l1, tolerance: 1e-12)
      ).fit(trainingRows(rows, targets), context: context())
      let margins = try trained.model.margins(of: trainingRows(rows, targets).rows)
      for j in 0...8 {
        var slope = 0.0
        for r in rows.indices {
          let sign = 2 * targets[r] - 1
          slope -= 2 * c * sign * max(0, 1 - sign * margins[r]) * (j < 8 ? rows[r][j] : 1)
        }
        let weight = j < 8 ? trained.model.coefficients[j] : trained.model.intercept
        if weight == 0 {
          #expect(abs(slope) <= 1 + 1e-6)
        } else {
          #expect(agree(slope, weight > 0 ? -1 : 1, within: 1e-6), "seed \(seed), column \(j)")
        }
      }
      if c == 0.02 { #expect(trained.model.coefficients.contains(0)) }
    }
  }

  @Test("Along C each fit is the one from scratch, and losses fall")
  func path() throws {
    let (rows, targets) = simulatedRows(count: 150, width: 5, seed: 14)
    let training = try trainingRows(rows, targets)
    let cs = [0.01, 0.1, 1, 10]
    let choices: [(LinearSVMOptions.Loss, LinearSVMOptions.Penalty, LinearSVMOptions.Solver)] = [
      (.squaredHinge, .l2, .auto), (.squaredHinge, .l1, .auto), (.hinge, .l2, .auto),
      (.squaredHinge, .l2, .dualCoordinate), (.hinge, .l2, .dualCoordinate),
    ]
    for (loss, penalty, solver) in choices {
      let options = LinearSVMOptions(
        loss: loss, penalty: penalty, solver: solver, tolerance: 1e-9, maximumPasses: 5000)
      let path = try LinearSVMLearner(options: options)
        .path(over: cs, training, context: context())
      #expect(path.count == cs.count)
      var norm = 0.0
      for (c, found) in zip(cs, path) {
        var alone = options
        alone.c = c
        let cold = try LinearSVMLearner(options: alone).fit(training, context: context())
        #expect(found.log.converged && cold.log.converged)
        #expect(
          agree(
            found.log.measures["objective"] ?? .nan, cold.log.measures["objective"] ?? 0,
            within: 3e-9))
        #expect(largestDisagreement(found.model.coefficients, cold.model.coefficients) < 1e-3)
        // The penalty's value never falls as C rises.
        let all = found.model.coefficients + [found.model.intercept]
        let size = penalty == .l1 ? all.reduce(0) { $0 + abs($1) } : all.reduce(0) { $0 + $1 * $1 }
        #expect(size >= norm * (1 - 1e-6))
        norm = size
      }
    }
    #expect(throws: TrainingError.self) {
      try LinearSVMLearner().path(over: [1, 0], training, context: context())
    }
  }

  @Test("Many more columns than rows are left to coordinate descent")
  func wideSparse() throws {
    let text = (0..<40).map { r in
      "\(r % 2 == 0 ? "+1" : "-1") \(r % 7 + 1):1 \(100 + r):0.5 \(9000 + r % 11):-2"
    }.joined(separator: "\n")
    let read = try LIBSVMReader.parse(text, name: "wide.txt")
    let rows = try SparseTrainingRows(rows: read.rows, targets: read.targets)
    for loss in LinearSVMOptions.Loss.allCases {
      let trained = try LinearSVMLearner(
        options: LinearSVMOptions(loss: loss, maximumPasses: 5000)
      ).fit(rows, context: context())
      #expect(trained.log.converged)
      #expect((trained.log.measures["passes"] ?? 0) > 0)
    }
    let error = #expect(throws: TrainingError.self) {
      try LinearSVMLearner(options: LinearSVMOptions(penalty: .l1)).fit(rows, context: context())
    }
    #expect(error?.description.contains("9010 columns") == true, "\(String(describing: error))")
    #expect(throws: TrainingError.self) { try LogisticLearner().fit(rows, context: context()) }
  }

  @Test("Options that do not go together are refused")
  func badCombinations() {
    let wrong = [
      LinearSVMOptions(loss: .hinge, penalty: .l1),
      LinearSVMOptions(penalty: .l1, solver: .dualCoordinate),
    ]
    for options in wrong {
      #expect(throws: TrainingError.self) { try options.validated() }
    }
  }
}
