import CandorData
import CandorModels
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

private struct SVMReference: Decodable {
  struct Fit: Decodable {
    let coefficients: [Double]
    let intercept: Double
    let c: Double
    let bias: Double
    let badWeight: Double
    let loss: String
    let objective: Double

    var options: LinearSVMOptions {
      LinearSVMOptions(
        c: c, loss: loss == "hinge" ? .hinge : .squaredHinge, bias: bias,
        classWeights: .explicit(good: 1, bad: badWeight), tolerance: 1e-10)
    }
  }
  struct Example: Decodable {
    let columns: Int
    let squaredHinge: Double
    let hinge: Double
  }
  let rows: [[Double]]
  let targets: [Double]
  let weights: [Double]
  let fits: [Fit]
  let weighted: [Fit]
  let german: Example
  let taiwan: Example
}

@Suite struct LinearSVMTests {
  private let reference: SVMReference

  init() throws { reference = try ReferenceValues.decode(from: "liblinear/linear-svm.json") }

  @Test("The optimum is LIBLINEAR's for every loss, C, bias and class weight")
  func agreesWithLIBLINEAR() throws {
    let rows = try trainingRows(reference.rows, reference.targets)
    for fit in reference.fits {
      let trained = try LinearSVMLearner(options: fit.options).fit(rows, context: context())
      let objective = try #require(trained.log.measures["objective"])
      #expect(trained.log.converged)
      // LIBLINEAR's dual solver gives up after 300 passes, which hinge loss does not always meet.
      let isHinge = fit.options.loss == .hinge
      #expect(
        agree(objective, fit.objective, within: isHinge ? 2e-5 : 1e-9), "\(fit.options)")
      #expect(objective <= fit.objective * (1 + 1e-9))
      let tolerance = isHinge ? Tolerance.optimum : 1e-5
      #expect(largestDisagreement(trained.model.coefficients, fit.coefficients) < tolerance)
      #expect(agree(trained.model.intercept, fit.intercept, within: tolerance))
    }
  }

  @Test("Row weights act as scikit-learn's")
  func agreesWithWeights() throws {
    let rows = try trainingRows(reference.rows, reference.targets, weights: reference.weights)
    for fit in reference.weighted {
      let trained = try LinearSVMLearner(options: fit.options).fit(rows, context: context())
      let objective = try #require(trained.log.measures["objective"])
      #expect(agree(objective, fit.objective, within: Tolerance.reference))
      #expect(largestDisagreement(trained.model.coefficients, fit.coefficients) < 1e-4)
    }
  }

  @Test("LIBLINEAR's optimum is reached on German credit")
  func germanOptimum() throws {
    let rows = try ExampleSet.german().training(dropsReference: false)
    #expect(rows.rows.width == reference.german.columns)
    try expectOptimum(rows, reference.german)
  }

  @Test("LIBLINEAR's optimum is reached on Taiwan credit")
  func taiwanOptimum() throws {
    let rows = try ExampleSet.taiwan().training(dropsReference: false)
    #expect(rows.rows.width == reference.taiwan.columns)
    try expectOptimum(rows, reference.taiwan)
  }

  private func expectOptimum(_ rows: TrainingRows, _ example: SVMReference.Example) throws {
    for (loss, expected) in [
      (LinearSVMOptions.Loss.squaredHinge, example.squaredHinge), (.hinge, example.hinge),
    ] {
      let log = try LinearSVMLearner(options: LinearSVMOptions(loss: loss))
        .fit(rows, context: context()).log
      let objective = try #require(log.measures["objective"])
      let gap = try #require(log.measures["duality gap"])
      #expect(log.converged, "\(log.notices)")
      #expect(gap <= 1e-8 * objective)
      // The reference for hinge on many rows is itself above the optimum by a part in a million.
      #expect(objective <= expected * (1 + 1e-8))
      #expect(agree(objective, expected, within: 1e-5))
    }
  }

  @Test("Two points have the weight that the closed form says")
  func closedForm() throws {
    let rows = try trainingRows([[1], [-1]], [1, 0])
    for c in [0.1, 1, 7] {
      let squared = try LinearSVMLearner(
        options: LinearSVMOptions(c: c, bias: -1, tolerance: 1e-12)
      ).fit(rows, context: context())
      #expect(agree(squared.model.coefficients[0], 4 * c / (1 + 4 * c), within: 1e-9))
      #expect(squared.model.intercept == 0)
      let hinge = try LinearSVMLearner(
        options: LinearSVMOptions(c: c, loss: .hinge, bias: -1, tolerance: 1e-10)
      ).fit(rows, context: context())
      #expect(agree(hinge.model.coefficients[0], min(1, 2 * c), within: 1e-6))
    }
  }

  @Test("Descent and the interior-point method find the same hinge optimum")
  func twoHingeSolvers() throws {
    for seed in 0..<10 as Range<UInt64> {
      let (rows, targets) = simulatedRows(count: 80, width: 4, seed: seed)
      let training = try trainingRows(rows, targets)
      let slow = try LinearSVMLearner(
        options: LinearSVMOptions(
          c: 0.5, loss: .hinge, solver: .dualCoordinate, maximumPasses: 200_000)
      ).fit(training, context: context())
      let fast = try LinearSVMLearner(
        options: LinearSVMOptions(c: 0.5, loss: .hinge, solver: .newton)
      ).fit(training, context: context())
      #expect(slow.log.measures["interior-point steps"] == 0)
      #expect((fast.log.measures["interior-point steps"] ?? 0) > 0)
      #expect(slow.log.converged && fast.log.converged)
      let objectives = [slow, fast].compactMap { $0.log.measures["objective"] }
      #expect(agree(objectives[0], objectives[1], within: 2e-8))
      #expect(largestDisagreement(slow.model.coefficients, fast.model.coefficients) < 1e-3)
    }
  }

  @Test("The dual bound is below the objective at any point, and meets it at the optimum")
  func weakDuality() throws {
    let (rows, targets) = simulatedRows(count: 60, width: 3, seed: 3)
    let objective = SquaredHingeObjective(
      design: Matrix(rows: 60, columns: 3) { rows[$0][$1] },
      signs: targets.map { 2 * $0 - 1 }, costs: (0..<60).map { 0.5 + Double($0 % 3) })
    let best = try NewtonSolver(tolerance: 1e-14).minimise(objective, from: [0, 0, 0])
    var generator = SeedTree(seed: 9).generator()
    for _ in 0..<200 {
      let point = (0..<3).map { _ in 3 * generator.nextNormal() }
      #expect(objective.dualBound(at: point) <= best.expansion.value * (1 + 1e-12))
    }
    #expect(
      agree(objective.dualBound(at: best.point), best.expansion.value, within: Tolerance.exact))
  }

  @Test("Gradient and curvature of the squared hinge agree with differences")
  func derivatives() throws {
    let (rows, targets) = simulatedRows(count: 40, width: 3, seed: 4)
    let objective = SquaredHingeObjective(
      design: Matrix(rows: 40, columns: 3) { rows[$0][$1] },
      signs: targets.map { 2 * $0 - 1 }, costs: [Double](repeating: 0.7, count: 40))
    try expectDerivatives(of: objective, at: [0.2, -0.1, 0.3])
  }

  @Test("A weight of two equals a row twice, and a weight of zero its absence")
  func weightsAreRepeats() throws {
    let (rows, targets) = simulatedRows(count: 50, width: 3, seed: 5)
    let counts = rows.indices.map { [1, 2, 0, 1, 3][$0 % 5] }
    let repeated = rows.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
    for loss in LinearSVMOptions.Loss.allCases {
      let learner = LinearSVMLearner(options: LinearSVMOptions(loss: loss, tolerance: 1e-11))
      let weighted = try learner.fit(
        try trainingRows(rows, targets, weights: counts.map(Double.init)), context: context())
      let plain = try learner.fit(
        try trainingRows(repeated.map { rows[$0] }, repeated.map { targets[$0] }),
        context: context())
      #expect(largestDisagreement(weighted.model.coefficients, plain.model.coefficients) < 1e-4)
      #expect(
        agree(
          weighted.log.measures["objective"] ?? 0, plain.log.measures["objective"] ?? 1,
          within: 1e-9))
    }
  }

  @Test("Balanced class weights give both outcomes the same total, and keep the sum of weights")
  func balancedWeights() throws {
    let targets: [Double] = [1, 0, 0, 0, 1, 0]
    let weights: [Double] = [1, 2, 1, 1, 0.5, 4]
    let balanced = try #require(
      try ClassWeights.balanced.rowWeights(targets: targets, weights: weights))
    let bad = zip(balanced, targets).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(agree(bad, weights.reduce(0, +) / 2, within: Tolerance.exact))
    #expect(agree(balanced.reduce(0, +), weights.reduce(0, +), within: Tolerance.exact))
    #expect(try ClassWeights.none.rowWeights(targets: targets, weights: nil) == nil)
    let named = try ClassWeights.explicit(good: 1, bad: 5).rowWeights(
      targets: targets, weights: nil)
    #expect(named == [5, 1, 1, 1, 5, 1])
    #expect(throws: TrainingError.self) {
      try ClassWeights.explicit(good: 0, bad: 1).validated()
    }
    #expect(throws: TrainingError.self) {
      try ClassWeights.balanced.factors(targets: [1, 0], weights: [1, 0])
    }
  }

  @Test("Options out of range are refused with the field's name")
  func badOptions() throws {
    let rows = try trainingRows([[1], [-1]], [1, 0])
    let wrong: [(LinearSVMOptions, String)] = [
      (LinearSVMOptions(c: 0), "c "), (LinearSVMOptions(c: .nan), "c "),
      (LinearSVMOptions(bias: .infinity), "bias"), (LinearSVMOptions(tolerance: 0), "tolerance"),
      (LinearSVMOptions(maximumIterations: 0), "maximum_iterations"),
      (LinearSVMOptions(maximumPasses: 0), "maximum_passes"),
    ]
    for (options, field) in wrong {
      let error = #expect(throws: TrainingError.self) {
        try LinearSVMLearner(options: options).fit(rows, context: context())
      }
      #expect(error?.code == .badOption)
      #expect(error?.description.hasPrefix(field) == true)
    }
  }

  @Test("A value that is not finite is refused with its column")
  func notFinite() throws {
    let rows = try trainingRows([[1], [.nan]], [1, 0])
    let error = #expect(throws: TrainingError.self) {
      try LinearSVMLearner().fit(rows, context: context())
    }
    #expect(error?.description.contains("\"c0\"") == true)
  }

  @Test("Equal seeds give equal bits, and rows score alone as in a batch")
  func determinism() throws {
    let (rows, targets) = simulatedRows(count: 70, width: 5, seed: 6)
    let training = try trainingRows(rows, targets)
    let learner = LinearSVMLearner(options: LinearSVMOptions(loss: .hinge))
    let first = try learner.fit(training, context: context())
    let second = try learner.fit(training, context: context())
    #expect(first.model.archive == second.model.archive)
    #expect(first.log == second.log)
    let batch = try first.model.margins(of: training.rows)
    for r in [0, 13, 69] {
      let alone = try first.model.margins(of: training.rows.selecting(rows: [r]))
      #expect(alone == [batch[r]])
    }
    let terms = try first.model.terms(of: training.rows)
    for r in batch.indices {
      let sum = terms.row(r).reduce(first.model.constantTerm, +)
      #expect(agree(sum, batch[r], within: Tolerance.exact))
    }
  }

  @Test("An archive is read back to the bit, and a hostile one throws")
  func persistence() throws {
    try expectLinearPersistence(LinearSVM.self)
    #expect(LinearSVM(coefficients: [1], intercept: 0).marginScale == .distance)
  }
}

/// Compares an objective's derivatives with central differences.
func expectDerivatives(of objective: some SmoothObjective, at point: [Double]) throws {
  let expansion = try objective.expansion(at: point)
  #expect(expansion.value == objective.value(at: point))
  let h = 1e-6
  for j in point.indices {
    var up = point
    var down = point
    up[j] += h
    down[j] -= h
    let slope = (objective.value(at: up) - objective.value(at: down)) / (2 * h)
    #expect(agree(expansion.gradient[j], slope, within: 1e-6))
    let above = try objective.expansion(at: up).gradient
    let below = try objective.expansion(at: down).gradient
    for k in point.indices {
      #expect(agree(expansion.curvature[j, k], (above[k] - below[k]) / (2 * h), within: 1e-5))
    }
  }
}

/// Reads an archive back, and offers archives that must be refused.
func expectLinearPersistence<Model: LinearScorer & PersistableScorer>(_ type: Model.Type) throws {
  var archive = TensorArchive()
  archive.set("coefficients", [0.1, -2.5, 1e-300])
  archive.set("intercept", [0.3])
  let model = try Model(archive: archive)
  #expect(model.archive == archive)
  #expect(try Model(archive: model.archive).archive == archive)
  #expect(Capabilities(of: model).isSuperset(of: [.linear, .additive, .differentiable]))
  let rows = EncodedRows(Matrix(rows: 1, columns: 3, repeating: 1))
  #expect(try model.gradients(at: rows).values == model.coefficients)

  var hostile: [TensorArchive] = [TensorArchive()]
  func add(_ change: (inout TensorArchive) -> Void) {
    var copy = archive
    change(&copy)
    hostile.append(copy)
  }
  add { $0.tensors["intercept"] = nil }
  add { $0.set("intercept", [Double]()) }
  add { $0.set("intercept", [1.5, 2]) }
  add { $0.set("intercept", [Double.nan]) }
  add { $0.set("coefficients", [1, .infinity]) }
  add { $0.set("coefficients", [Int32(1)]) }
  add { $0.tensors["coefficients"] = .init(shape: [3, 3], elements: .float64([1])) }
  add { $0.tensors["intercept"] = .init(shape: [1, 1], elements: .float64([1])) }
  for archive in hostile {
    let error = #expect(throws: ScoringError.self) { try Model(archive: archive) }
    #expect(error?.code == .invalidModel)
  }
}
