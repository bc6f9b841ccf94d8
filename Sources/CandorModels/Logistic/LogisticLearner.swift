import CandorData
import CandorNumerics
public import CandorScoring

/// Fits a logistic regression by iteratively reweighted least squares.
///
/// Weights count as repetitions of a row, in the likelihood and in the standard errors. Columns
/// that are constant or a linear combination of columns before them get the coefficient zero and
/// are named in a notice. Where the outcomes are separated, the maximum-likelihood estimate does
/// not exist: the fit says which columns separate them and is repeated with a small ridge.
///
/// The log's measures are `log-likelihood`, `deviance` (−2 log-likelihood), `AIC`,
/// `null deviance`, `gradient norm`, `Newton decrement`, `ridge` and `objective`.
public struct LogisticLearner: Learner {
  /// The options.
  public let options: LogisticOptions

  /// A learner; its options are checked when it fits.
  public init(options: LogisticOptions = LogisticOptions()) { self.options = options }

  /// The options as (name, value) pairs.
  public var settings: [(name: String, value: String)] {
    [
      ("ridge", "\(options.ridge)"), ("maximum_iterations", "\(options.maximumIterations)"),
      ("tolerance", "\(options.tolerance)"),
    ]
  }

  /// The ridge that is used where the outcomes are separated: 1e-4 a row (by weight), 0.1 at least.
  static func rescueRidge(totalWeight: Double) -> Double { max(1e-4 * totalWeight, 0.1) }

  /// Fits a regression.
  ///
  /// - Parameters:
  ///   - training: The rows, with both outcomes among them.
  ///   - context: Listened to for progress only; the fit uses no randomness.
  /// - Returns: The regression and its log.
  /// - Throws: `TrainingError` where an option is out of range, an encoded value is not finite, or
  ///   one outcome has no weight.
  public func fit(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<LogisticRegression> {
    let options = try options.validated()
    try training.requireClassification("logistic regression")
    let rows = try UsableRows(training)
    do {
      let trained = try Self.fit(
        rows, names: training.featureMap.columnNames, options: options)
      context.progress?(1)
      return trained
    } catch {
      throw TrainingError(
        .numerical, "The logistic regression could not be fitted: \(error) Scale the columns.")
    }
  }

  private static func fit(
    _ rows: UsableRows, names: [String], options: LogisticOptions
  ) throws(LinearAlgebraError) -> Trained<LogisticRegression> {
    let design = try StandardisedDesign(
      rows.matrix, weights: rows.weights, dropsDependent: options.ridge == 0)
    var notices = omissionNotices(design, names: names)
    let solver = NewtonSolver(
      maximumIterations: options.maximumIterations, tolerance: options.tolerance)
    let start = [nullLogOdds(rows)] + [Double](repeating: 0, count: design.kept.count)
    var objective = LogisticObjective(
      design: design.matrix, targets: rows.targets, weights: rows.weights,
      penalties: [0] + design.scales.map { options.ridge / ($0 * $0) })
    var ridge = options.ridge
    var outcome: NewtonSolver.Outcome
    if ridge == 0 {
      var watch = SeparationWatch(objective: objective, design: design)
      outcome = try solver.minimise(objective, from: start) { watch.observe($0) }
      if let finding = watch.finding {
        ridge = rescueRidge(totalWeight: OrderedReduction.sum(rows.weights))
        objective = LogisticObjective(
          design: design.matrix, targets: rows.targets, weights: rows.weights,
          penalties: [0]
            + design.kept.indices.map { k in
              ridge * (design.steps[k] * design.steps[k]) / (design.scales[k] * design.scales[k])
            })
        outcome = try solver.minimise(objective, from: start)
        notices.append(
          separationNotice(
            finding, rows: rows.targets.count, ridge: ridge,
            columns: finding.columns.map { names[design.kept[$0]] }))
      }
    } else {
      outcome = try solver.minimise(objective, from: start)
      notices.append(
        "A ridge of \(ridge) draws the coefficients towards zero, so that standard errors and "
          + "p-values, which assume none, are not given.")
    }
    let converged = outcome.ending == .converged
    if !converged {
      notices.append(
        "The log-likelihood was not maximised to the tolerance in \(outcome.iterations) steps; "
          + "it is about \(outcome.decrement) below its maximum.")
    }
    let (intercept, coefficients) = design.encodedScale(outcome.point)
    let errors: [Double]? =
      ridge == 0 && converged
      ? design.standardErrors(
        covariance: try Cholesky(outcome.expansion.curvature).inverse()) : nil
    let log = TrainingLog(
      iterations: outcome.iterations, converged: converged,
      measures: measures(outcome, objective: objective, ridge: ridge),
      curves: [TrainingLog.Curve(name: "objective", values: outcome.values)],
      coefficients: estimates(
        intercept: intercept, coefficients: coefficients, errors: errors, kept: design.kept,
        names: names),
      notices: notices)
    return Trained(
      model: LogisticRegression(coefficients: coefficients, intercept: intercept), log: log)
  }

  /// The log-odds of the weighted share of bad rows: the fit without columns.
  private static func nullLogOdds(_ rows: UsableRows) -> Double {
    let bad = OrderedReduction.sum(rows.targets.indices.map { rows.weights[$0] * rows.targets[$0] })
    let good = OrderedReduction.sum(rows.weights) - bad
    return SystemMath.log(bad / good)
  }

  private static func measures(
    _ outcome: NewtonSolver.Outcome, objective: LogisticObjective, ridge: Double
  ) -> [String: Double] {
    let logLikelihood = -objective.negativeLogLikelihood(
      predictor: objective.linearPredictor(at: outcome.point))
    let bad = OrderedReduction.sum(
      objective.targets.indices.map { objective.weights[$0] * objective.targets[$0] })
    let total = OrderedReduction.sum(objective.weights)
    let share = bad / total
    let null = bad * SystemMath.log(share) + (total - bad) * SystemMath.log1p(-share)
    return [
      "log-likelihood": logLikelihood, "deviance": -2 * logLikelihood,
      "null deviance": -2 * null, "AIC": 2 * Double(objective.dimension) - 2 * logLikelihood,
      "gradient norm": outcome.gradientNorm, "Newton decrement": outcome.decrement,
      "ridge": ridge, "objective": outcome.expansion.value,
    ]
  }

  private static func estimates(
    intercept: Double, coefficients: [Double], errors: [Double]?, kept: [Int], names: [String]
  ) -> [TrainingLog.CoefficientEstimate] {
    func estimate(_ name: String, _ value: Double, _ error: Double?)
      -> TrainingLog
      .CoefficientEstimate
    {
      let usable = error.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
      return TrainingLog.CoefficientEstimate(
        name: name, estimate: value, standardError: usable,
        pValue: usable.map { 2 * Normal.survival(abs(value / $0)) })
    }
    var errorOfColumn = [Double?](repeating: nil, count: coefficients.count)
    if let errors { for (k, column) in kept.enumerated() { errorOfColumn[column] = errors[k + 1] } }
    return [estimate("(intercept)", intercept, errors?[0])]
      + coefficients.indices.map { estimate(names[$0], coefficients[$0], errorOfColumn[$0]) }
  }

  private static func omissionNotices(_ design: StandardisedDesign, names: [String]) -> [String] {
    var notices: [String] = []
    if !design.constant.isEmpty {
      notices.append(
        "Constant in the training rows, coefficient set to zero: "
          + design.constant.map { names[$0] }.joined(separator: ", ") + ".")
    }
    if !design.dependent.isEmpty {
      notices.append(
        "The design is rank deficient. Linear combinations of columns before them, coefficient "
          + "set to zero: " + design.dependent.map { names[$0] }.joined(separator: ", ") + ".")
    }
    return notices
  }

  private static func separationNotice(
    _ finding: SeparationWatch.Finding, rows: Int, ridge: Double, columns: [String]
  ) -> String {
    let what =
      finding.isComplete
      ? "Complete separation: the columns tell good from bad in all \(rows) training rows"
      : "Quasi-complete separation: the columns settle the outcome of \(finding.rows) of \(rows) "
        + "training rows without error"
    return what + " (\(columns.joined(separator: ", "))), so that maximum likelihood has no finite "
      + "answer. The model was fitted with a small ridge instead (\(ridge), on coefficients a "
      + "standard deviation, or a step between levels); standard errors and p-values are not given."
  }
}
