public import CandorScoring
import CandorNumerics

/// Fits a linear support vector machine to the optimum, with the duality gap as proof.
///
/// Squared hinge: Newton steps on the primal. Hinge: coordinate descent on the dual, then, where it
/// is slow, an interior-point method. The log's measures are `objective`, `duality gap` (objective
/// minus a proven lower bound), `gradient norm` (squared hinge) and `rows with a loss`.
public struct LinearSVMLearner: Learner {
  /// The options.
  public let options: LinearSVMOptions

  /// A learner; its options are checked when it fits.
  public init(options: LinearSVMOptions = LinearSVMOptions()) { self.options = options }

  /// The options as (name, value) pairs, in the study file's names.
  public var settings: [(name: String, value: String)] {
    [
      ("c", "\(options.c)"), ("loss", options.loss.rawValue), ("bias", "\(options.bias)"),
      ("class_weights", options.classWeights.name), ("tolerance", "\(options.tolerance)"),
      ("maximum_iterations", "\(options.maximumIterations)"),
      ("maximum_passes", "\(options.maximumPasses)"),
    ]
  }

  /// Fits a machine.
  ///
  /// - Parameters:
  ///   - training: The rows, with both outcomes among them.
  ///   - context: Seeds (the order of the hinge's passes) and the listener for progress.
  /// - Returns: The machine and its log.
  /// - Throws: `TrainingError` where an option is out of range, an encoded value is not finite, or
  ///   one outcome has no weight.
  public func fit(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<LinearSVM> {
    let options = try options.validated()
    try training.requireClassification("linear SVM")
    let rows = try UsableRows(training, classWeights: options.classWeights)
    let hasIntercept = options.bias >= 0
    let design =
      hasIntercept ? rows.matrix.appendingColumn(repeating: options.bias) : rows.matrix
    let signs = rows.targets.map { $0 == 1 ? 1.0 : -1.0 }
    let costs = rows.weights.map { options.c * $0 }
    var log: TrainingLog
    let weights: [Double]
    switch options.loss {
    case .squaredHinge:
      (weights, log) = try Self.fitSquaredHinge(
        SquaredHingeObjective(design: design, signs: signs, costs: costs), options: options)
    case .hinge:
      (weights, log) = try Self.fitHinge(
        DualCoordinateDescent(design: design, signs: signs, costs: costs), options: options,
        seeds: context.seeds.child("dual coordinate order"))
    }
    guard weights.allSatisfy(\.isFinite) else {
      throw TrainingError(
        .numerical, "The linear SVM's weights are not finite; scale the columns or lower c.")
    }
    let model = LinearSVM(
      coefficients: hasIntercept ? Array(weights.dropLast()) : weights,
      intercept: hasIntercept ? (weights.last ?? 0) * options.bias : 0)
    context.progress?(1)
    return Trained(model: model, log: log)
  }

  private static func fitSquaredHinge(
    _ objective: SquaredHingeObjective, options: LinearSVMOptions
  ) throws(TrainingError) -> (weights: [Double], log: TrainingLog) {
    let solver = NewtonSolver(
      maximumIterations: options.maximumIterations, tolerance: options.tolerance)
    let outcome: NewtonSolver.Outcome
    do {
      outcome = try solver.minimise(
        objective, from: [Double](repeating: 0, count: objective.dimension))
    } catch {
      throw TrainingError(
        .numerical, "The linear SVM could not be fitted: \(error) Scale the columns or lower c.")
    }
    let value = outcome.expansion.value
    let gap = max(value - objective.dualBound(at: outcome.point), 0)
    var log = TrainingLog(
      iterations: outcome.iterations, converged: gap <= options.tolerance * max(value, 1),
      measures: [
        "objective": value, "duality gap": gap, "gradient norm": outcome.gradientNorm,
        "rows with a loss": Double(objective.slacks(at: outcome.point).count { $0 > 0 }),
      ],
      curves: [TrainingLog.Curve(name: "objective", values: outcome.values)])
    if !log.converged {
      log.notices.append(
        "The squared hinge loss was not minimised to the tolerance in \(outcome.iterations) "
          + "Newton steps; the objective is at most \(gap) above its minimum.")
    }
    return (outcome.point, log)
  }

  /// Coordinate descent; where its passes run out, the interior-point method finishes.
  private static func fitHinge(
    _ descent: DualCoordinateDescent, options: LinearSVMOptions, seeds: SeedTree
  ) throws(TrainingError) -> (weights: [Double], log: TrainingLog) {
    let first = descent.solve(
      tolerance: options.tolerance, maximumPasses: options.maximumPasses, seeds: seeds)
    var alphas = first.alphas
    var gaps = first.gaps
    var steps = 0
    if !first.converged {
      do {
        let second = try HingeInteriorPoint(
          design: descent.design, signs: descent.signs, costs: descent.costs
        ).solve(tolerance: options.tolerance, maximumSteps: options.maximumIterations) {
          let certificate = descent.certificate(alphas: $0)
          return (certificate.primal, certificate.dual)
        }
        steps = second.steps
        gaps += second.gaps
        if let least = second.gaps.min(), least < first.dualityGap { alphas = second.alphas }
      } catch {
        throw TrainingError(
          .numerical, "The linear SVM could not be fitted: \(error) Scale the columns or lower c.")
      }
    }
    let end = descent.certificate(alphas: alphas)
    let gap = max(end.primal - end.dual, 0)
    var log = TrainingLog(
      iterations: first.passes + steps,
      converged: gap <= options.tolerance * max(abs(end.primal), 1e-300),
      measures: [
        "objective": end.primal, "duality gap": gap, "passes": Double(first.passes),
        "interior-point steps": Double(steps),
        "rows with a loss": Double(end.slacks.count { $0 > 0 }),
      ],
      curves: [TrainingLog.Curve(name: "duality gap", values: gaps)])
    if !log.converged {
      log.notices.append(
        "The hinge loss was not minimised to the tolerance in \(first.passes) passes and \(steps) "
          + "interior-point steps; the objective is at most \(gap) above its minimum.")
    }
    return (end.weights, log)
  }
}
