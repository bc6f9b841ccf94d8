import CandorData
import CandorNumerics
public import CandorScoring

/// Fits a logistic regression by iteratively reweighted least squares.
///
/// Weights count as repetitions of a row, in the likelihood and in the standard errors. Columns
/// that are constant or a linear combination of columns before them get the coefficient zero and
/// are named in a notice. Where the outcomes are separated, the maximum-likelihood estimate does
/// not exist: the fit says which columns separate them and is repeated with a small ridge, unless
/// Firth's correction was asked for, which needs none. Lasso and elastic net are fitted by proximal
/// Newton steps, each by coordinate descent.
///
/// The log's measures are `log-likelihood`, `deviance` (−2 log-likelihood), `AIC`,
/// `null deviance`, `gradient norm` (of the least subgradient, in standardised variables),
/// `Newton decrement`, `ridge` and `objective`; with a lasso also `KKT violation` (the largest
/// element of that subgradient) and `coefficients not zero`, with Firth's correction
/// `penalised log-likelihood`.
public struct LogisticLearner: Learner {
  /// The options.
  public let options: LogisticOptions

  /// A learner; its options are checked when it fits.
  public init(options: LogisticOptions = LogisticOptions()) { self.options = options }

  /// The options as (name, value) pairs.
  public var settings: [(name: String, value: String)] {
    [
      ("ridge", "\(options.ridge)"), ("penalty", options.penalty.rawValue),
      ("lambda", "\(options.lambda)"), ("l1_share", "\(options.l1Share)"),
      ("firth", "\(options.firth)"), ("standard_errors", options.standardErrors.rawValue),
      ("class_weights", options.classWeights.name),
      ("maximum_iterations", "\(options.maximumIterations)"),
      ("tolerance", "\(options.tolerance)"),
    ]
  }

  /// The ridge that is used where the outcomes are separated: 1e-4 a row (by weight), 0.1 at least.
  static func rescueRidge(totalWeight: Double) -> Double { max(1e-4 * totalWeight, 0.1) }

  /// Fits a regression.
  ///
  /// - Parameters:
  ///   - training: The rows, with both outcomes among them.
  ///   - context: Threads, and who may end the fit; it uses no randomness.
  /// - Returns: The regression and its log.
  /// - Throws: `TrainingError` where an option is out of range, an encoded value is not finite,
  ///   one outcome has no weight, or the fit was ended.
  public func fit(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<LogisticRegression> {
    try Self.naming { () throws(TrainingError) in
      let problem = try problem(training, context: context)
      let trained = problem.trained(try problem.solve(lambda: options.lambda))
      context.progress?(1)
      return trained
    }
  }

  /// Fits regressions along λ of a lasso or an elastic net, each from the optimum before it; the
  /// option `lambda` is left aside.
  ///
  /// - Parameters:
  ///   - lambdas: The values of λ, best falling; nil takes `steps` of them at equal ratios from the
  ///     least one that leaves every coefficient at zero down to a thousandth of it.
  ///   - steps: How many, where `lambdas` is nil.
  ///   - training: The rows, with both outcomes among them.
  ///   - context: Threads, and who may end the fits.
  /// - Returns: Each λ with its regression and log.
  /// - Throws: `TrainingError` as `fit` does, and where the penalty is `ridge`.
  public func path(
    lambdas: [Double]? = nil, steps: Int = 50, _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> [(lambda: Double, trained: Trained<LogisticRegression>)] {
    guard options.penalty != .ridge else {
      throw TrainingError(.badOption, "A path over lambda needs penalty lasso or elastic-net.")
    }
    for lambda in lambdas ?? [] where !(lambda >= 0 && lambda.isFinite) {
      throw TrainingError(
        .badOption, "lambda is \(lambda); it must be a finite number, 0 or more.")
    }
    guard steps >= 2 else {
      throw TrainingError(.badOption, "steps is \(steps); a path has 2 or more.")
    }
    return try Self.naming { () throws(TrainingError) in
      let problem = try problem(training, context: context.silent)
      var values = lambdas ?? []
      if lambdas == nil {
        let largest = try problem.largestLambda()
        let ratio = SystemMath.log(1e-3) / Double(steps - 1)
        values = (0..<steps).map { largest * SystemMath.exp(ratio * Double($0)) }
      }
      var results: [(lambda: Double, trained: Trained<LogisticRegression>)] = []
      var start: [Double]? = lambdas == nil ? problem.nullPoint : nil
      for lambda in values {
        let end = try problem.solve(lambda: lambda, from: start)
        start = end.point
        results.append((lambda, problem.trained(end)))
        context.progress?(Double(results.count) / Double(values.count))
      }
      return results
    }
  }

  /// Fits a regression to sparse rows, as a LIBSVM file has them; at most 4,000 columns.
  ///
  /// - Parameters:
  ///   - sparse: The rows.
  ///   - context: Threads, and who may end the fit.
  /// - Returns: The regression and its log; the columns are named x1, x2, ….
  /// - Throws: `TrainingError` as for encoded rows, or where there are too many columns.
  public func fit(
    _ sparse: SparseTrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<LogisticRegression> {
    try Self.naming { () throws(TrainingError) in
      let options = try options.validated()
      guard sparse.rows.columns < LinearSVMProblem.mostNewtonColumns else {
        throw TrainingError(
          .badOption,
          "The rows have \(sparse.rows.columns) columns; a logistic regression takes at most "
            + "\(LinearSVMProblem.mostNewtonColumns - 1).")
      }
      let kept = try sparse.usable(options.classWeights)
      let problem = LogisticProblem(
        design: StandardisedDesign(
          LinearDesign(kept.rows, constant: 1), weights: kept.weights,
          dropsDependent: !options.isPenalised, threads: context.threads),
        loss: LogisticLoss(targets: kept.targets, weights: kept.weights),
        names: (0..<sparse.rows.columns).map { "x\($0 + 1)" }, options: options, context: context)
      let trained = problem.trained(try problem.solve(lambda: options.lambda))
      context.progress?(1)
      return trained
    }
  }

  private func problem(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> LogisticProblem {
    let options = try options.validated()
    try training.requireClassification("logistic regression")
    let rows = try UsableRows(
      training, classWeights: options.classWeights, threads: context.threads)
    let design = StandardisedDesign(
      LinearDesign(
        rows.rows, sources: training.featureMap.sources.map(\.columns), constant: 1),
      weights: rows.weights, dropsDependent: !options.isPenalised, threads: context.threads)
    return LogisticProblem(
      design: design, loss: LogisticLoss(targets: rows.targets, weights: rows.weights),
      names: training.featureMap.columnNames, options: options, context: context)
  }

  /// Says of numerical faults what could not be done.
  private static func naming<Result>(
    _ body: () throws(TrainingError) -> Result
  ) throws(TrainingError) -> Result {
    do throws(TrainingError) {
      return try body()
    } catch {
      guard error.code == .numerical, !error.description.hasPrefix("Training row") else {
        throw error
      }
      throw TrainingError(
        .numerical,
        "The logistic regression could not be fitted: \(error.description) Scale the columns.")
    }
  }
}
