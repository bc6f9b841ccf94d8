import CandorData
import CandorNumerics
public import CandorScoring

/// Fits a linear support vector machine to the optimum, with the duality gap as proof.
///
/// Squared hinge: Newton steps on the primal, with exact gradients and the Gram matrix of the rows
/// with a loss, brought up to date by the rows that change; from 100,000 rows on it starts at the
/// optimum of a twentieth of them. Hinge: an interior-point method on the dual. Rows of very many
/// columns: coordinate descent on the dual. The log's measures are `objective`, `dual objective`,
/// `duality gap` (objective minus a proven lower bound), `gradient norm` (Newton's method on squared
/// hinge), `coefficients not zero` (penalty l1) and `rows with a loss`.
public struct LinearSVMLearner: Learner {
  /// The options.
  public let options: LinearSVMOptions

  /// A learner; its options are checked when it fits.
  public init(options: LinearSVMOptions = LinearSVMOptions()) { self.options = options }

  /// The options as (name, value) pairs, in the study file's names.
  public var settings: [(name: String, value: String)] {
    [
      ("c", "\(options.c)"), ("loss", options.loss.rawValue),
      ("penalty", options.penalty.rawValue), ("solver", options.solver.rawValue),
      ("bias", "\(options.bias)"), ("class_weights", options.classWeights.name),
      ("tolerance", "\(options.tolerance)"),
      ("maximum_iterations", "\(options.maximumIterations)"),
      ("maximum_passes", "\(options.maximumPasses)"),
    ]
  }

  /// Fits a machine.
  ///
  /// - Parameters:
  ///   - training: The rows, with both outcomes among them.
  ///   - context: Seeds (the order of coordinate descent), threads, and who may end the fit.
  /// - Returns: The machine and its log.
  /// - Throws: `TrainingError` where an option is out of range, an encoded value is not finite,
  ///   one outcome has no weight, or the fit was ended.
  public func fit(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<LinearSVM> {
    let problem = try problem(training, context: context)
    let trained = try trained(problem.solve(c: options.c, from: nil, context: context))
    context.progress?(1)
    return trained
  }

  /// Fits machines along C, each from the optimum before it; the option `c` is left aside.
  ///
  /// - Parameters:
  ///   - cs: The values of C, best in rising order; each above zero.
  ///   - training: The rows, with both outcomes among them.
  ///   - context: Seeds, threads, and who may end the fits.
  /// - Returns: A machine and its log for each C, in the given order.
  /// - Throws: `TrainingError` as `fit` does.
  public func path(
    over cs: [Double], _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> [Trained<LinearSVM>] {
    for c in cs where !(c > 0 && c.isFinite) {
      throw TrainingError(.badOption, "c is \(c); it must be a finite number above 0.")
    }
    let problem = try problem(training, context: context)
    var results: [Trained<LinearSVM>] = []
    var previous: LinearSVMProblem.Solution?
    for (place, c) in cs.enumerated() {
      let solution = try problem.solve(c: c, from: previous, context: context.silent)
      results.append(try trained(solution))
      previous = solution
      context.progress?(Double(place + 1) / Double(cs.count))
    }
    return results
  }

  /// Fits a machine to sparse rows, as a LIBSVM file has them.
  ///
  /// - Parameters:
  ///   - sparse: The rows.
  ///   - context: Seeds, threads, and who may end the fit.
  /// - Returns: The machine and its log.
  /// - Throws: `TrainingError` as for encoded rows.
  public func fit(
    _ sparse: SparseTrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<LinearSVM> {
    let options = try options.validated()
    let kept = try sparse.usable(options.classWeights)
    let problem = LinearSVMProblem(
      design: LinearDesign(kept.rows, constant: options.bias >= 0 ? options.bias : nil),
      signs: kept.targets.map { $0 == 1 ? 1 : -1 }, weights: kept.weights, options: options)
    let trained = try trained(problem.solve(c: options.c, from: nil, context: context))
    context.progress?(1)
    return trained
  }

  private func problem(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> LinearSVMProblem {
    let options = try options.validated()
    try training.requireClassification("linear SVM")
    let rows = try UsableRows(
      training, classWeights: options.classWeights, threads: context.threads)
    let design = LinearDesign(
      rows.rows, sources: training.featureMap.sources.map(\.columns),
      constant: options.bias >= 0 ? options.bias : nil)
    return LinearSVMProblem(
      design: design, signs: rows.targets.map { $0 == 1 ? 1 : -1 }, weights: rows.weights,
      options: options)
  }

  private func trained(
    _ solution: LinearSVMProblem.Solution
  ) throws(TrainingError) -> Trained<LinearSVM> {
    let weights = solution.point
    guard weights.allSatisfy(\.isFinite) else {
      throw TrainingError(
        .numerical, "The linear SVM's weights are not finite; scale the columns or lower c.")
    }
    let hasIntercept = options.bias >= 0
    let model = LinearSVM(
      coefficients: hasIntercept ? Array(weights.dropLast()) : weights,
      intercept: hasIntercept ? (weights.last ?? 0) * options.bias : 0)
    return Trained(model: model, log: solution.log)
  }
}
