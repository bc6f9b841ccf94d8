import CandorNumerics
import CandorScoring

/// One logistic regression to be fitted: the standardised design, the outcomes and the options.
struct LogisticProblem {
  let design: StandardisedDesign
  let loss: LogisticLoss
  let names: [String]
  let options: LogisticOptions
  let context: TrainingContext

  /// What every way of fitting ends with.
  struct End {
    var point: [Double]
    var negativeLogLikelihood: Double
    var objective: Double
    var gradient: [Double]
    var gradientNorm: Double
    var decrement: Double
    var iterations: Int
    var sampleIterations = 0
    var values: [Double]
    var converged: Bool
    var ridge: Double
    /// Second derivatives of the rows at the point.
    var curvatures: [[Double]]
    var covariance: Matrix?
    var notices: [String] = []
    var extra: [String: Double] = [:]
  }

  private var check: @Sendable () throws(TrainingError) -> Void {
    let context = context
    return { () throws(TrainingError) in try context.checkCancellation() }
  }

  /// The fit without columns: the log-odds of the weighted share of bad rows, then zeros.
  var nullPoint: [Double] {
    let (bad, total) = sums
    return [SystemMath.log(bad / (total - bad))]
      + [Double](repeating: 0, count: design.kept.count)
  }

  /// The weight of bad rows and of all.
  private var sums: (bad: Double, total: Double) {
    let bad = OrderedReduction.sum(
      loss.targets.indices.map { loss.weights[$0] * loss.targets[$0] })
    return (bad, OrderedReduction.sum(loss.weights))
  }

  /// Penalties in the solver's variables from those on encoded columns.
  private func newton(
    squares: [Double], lasso: Double
  ) -> LinearNewton<LogisticLoss> {
    LinearNewton(
      design: design.design, loss: loss, coordinates: design.coordinates, ridges: [0] + squares,
      lassos: [0] + design.scales.map { lasso / $0 },
      maximumIterations: options.maximumIterations, tolerance: options.tolerance,
      threads: context.threads, bound: nil, check: check, progress: context.progress)
  }

  private func end(_ outcome: LinearNewton<LogisticLoss>.Outcome, ridge: Double) -> End {
    End(
      point: outcome.place.point, negativeLogLikelihood: outcome.place.pass.value,
      objective: outcome.place.value, gradient: outcome.place.gradient,
      gradientNorm: outcome.gradientNorm, decrement: outcome.decrement,
      iterations: outcome.iterations, values: outcome.values,
      converged: outcome.ending == .converged, ridge: ridge,
      curvatures: outcome.place.pass.curvatures)
  }

  /// Fits as the options say; `start` is the optimum of a neighbouring problem, if there is one.
  func solve(lambda: Double, from start: [Double]? = nil) throws(TrainingError) -> End {
    if options.firth { return try firth() }
    let squares = options.squares(lambda)
    let lasso = options.lasso(lambda)
    var solver = newton(squares: design.scales.map { squares / ($0 * $0) }, lasso: lasso)
    var first = (point: start ?? nullPoint, iterations: 0)
    if start == nil {
      first = try solver.sampledStart(
        from: first.point, ridge: 1e-5 * OrderedReduction.sum(loss.weights))
    }
    guard squares == 0, lasso == 0 else {
      var found = end(try solver.minimise(from: first.point), ridge: squares)
      found.sampleIterations = first.iterations
      if lasso > 0 {
        let slopes = solver.subgradientNorms(found.gradient, at: found.point)
        found.extra = [
          "lasso": lasso, "KKT violation": slopes,
          "coefficients not zero": Double(found.point.dropFirst().count { $0 != 0 }),
        ]
      }
      let what =
        lasso > 0
        ? options.penalty == .lasso ? "A lasso of \(lambda)" : "An elastic net of \(lambda)"
        : "A ridge of \(squares)"
      found.notices.append(
        "\(what) draws the coefficients towards zero, so that standard errors and p-values, which "
          + "assume none, are not given.")
      return found
    }
    var watch = SeparationWatch(
      targets: loss.targets, design: design, threads: context.threads)
    let outcome = try solver.minimise(from: first.point) { watch.observe($0) }
    guard let finding = watch.finding else {
      var found = end(outcome, ridge: 0)
      found.sampleIterations = first.iterations
      if found.converged { found.covariance = try covariance(at: found) }
      return found
    }
    let ridge = LogisticLearner.rescueRidge(totalWeight: sums.total)
    solver.ridges =
      [0]
      + design.kept.indices.map { k in
        ridge * (design.steps[k] * design.steps[k]) / (design.scales[k] * design.scales[k])
      }
    var found = end(try solver.minimise(from: nullPoint), ridge: ridge)
    found.notices.append(
      LogisticReport.separationNotice(
        finding, rows: loss.targets.count, ridge: ridge,
        columns: finding.columns.map { names[design.kept[$0]] }))
    return found
  }

  private func firth() throws(TrainingError) -> End {
    let outcome = try FirthFit(
      design: design.design, coordinates: design.coordinates, loss: loss,
      maximumIterations: options.maximumIterations, tolerance: options.tolerance,
      threads: context.threads, check: check
    ).solve(from: nullPoint)
    let place = outcome.place
    // The information of the encoded columns, not of the standardised ones.
    let scale = design.scales.reduce(0) { $0 + SystemMath.log($1) }
    return End(
      point: place.point, negativeLogLikelihood: -place.logLikelihood, objective: place.value,
      gradient: place.gradient,
      gradientNorm: place.gradient.reduce(0) { $0 + $1 * $1 }.squareRoot(),
      decrement: outcome.decrement, iterations: outcome.iterations, values: outcome.values,
      converged: outcome.converged, ridge: 0, curvatures: [],
      covariance: outcome.converged ? place.covariance : nil,
      notices: [
        "Firth's correction was used: estimates are finite and less biased, standard errors are "
          + "those of the model at them (Wald)."
      ], extra: ["penalised log-likelihood": scale - place.value])
  }

  /// The covariance of the estimates in the solver's variables, as the options ask for it.
  private func covariance(at end: End) throws(TrainingError) -> Matrix {
    let gram = design.design.gram(end.curvatures, threads: context.threads)
    do {
      let inverse = try Cholesky(design.coordinates.curvature(gram)).inverse()
      guard options.standardErrors != .model else { return inverse }
      let margins = design.design.margins(
        at: design.coordinates.designPoint(end.point), threads: context.threads)
      let squares = margins.indices.map { r in
        let residual = loss.targets[r] - sigmoid(margins[r])
        return loss.weights[r] * residual * residual
      }
      let meat = design.coordinates.curvature(
        design.design.gram(squares, threads: context.threads))
      var sandwich = try BLAS.product(BLAS.product(inverse, meat), inverse)
      if options.standardErrors == .robustHC1 {
        let total = sums.total
        let factor = total / max(total - Double(end.point.count), 1)
        sandwich = Matrix(rows: sandwich.rows, columns: sandwich.columns) {
          sandwich[$0, $1] * factor
        }
      }
      return sandwich
    } catch {
      throw TrainingError(.numerical, "\(error)")
    }
  }

  /// Model and log from an end.
  func trained(_ end: End) -> Trained<LogisticRegression> {
    var notices = LogisticReport.omissionNotices(design, names: names) + end.notices
    if !end.converged {
      notices.append(
        "The log-likelihood was not maximised to the tolerance in \(end.iterations) steps; "
          + "it is about \(end.decrement) below its maximum.")
    }
    if options.classWeights != .none {
      notices.append(
        "Class weights change the share of bad rows that the fit sees: margins are log-odds at "
          + "that share until they are calibrated.")
    }
    if options.standardErrors != .model, end.covariance != nil {
      notices.append("Standard errors are robust (Huber and White's sandwich).")
    }
    let (intercept, coefficients) = design.encodedScale(end.point)
    let log = TrainingLog(
      iterations: end.iterations, converged: end.converged, measures: measures(end),
      curves: [TrainingLog.Curve(name: "objective", values: end.values)],
      coefficients: LogisticReport.estimates(
        intercept: intercept, coefficients: coefficients,
        errors: end.covariance.map { design.standardErrors(covariance: $0) }, kept: design.kept,
        names: names),
      notices: notices)
    return Trained(
      model: LogisticRegression(coefficients: coefficients, intercept: intercept), log: log)
  }

  private func measures(_ end: End) -> [String: Double] {
    let logLikelihood = -end.negativeLogLikelihood
    let (bad, total) = sums
    let share = bad / total
    let null = bad * SystemMath.log(share) + (total - bad) * SystemMath.log1p(-share)
    // Coefficients that the lasso left at zero are no parameters.
    let free =
      end.extra["coefficients not zero"].map { $0 + 1 } ?? Double(end.point.count)
    var measures = [
      "log-likelihood": logLikelihood, "deviance": -2 * logLikelihood,
      "null deviance": -2 * null, "AIC": 2 * free - 2 * logLikelihood,
      "gradient norm": end.gradientNorm, "Newton decrement": end.decrement,
      "ridge": end.ridge, "objective": end.objective,
    ]
    if end.sampleIterations > 0 {
      measures["steps on a sample"] = Double(end.sampleIterations)
    }
    return measures.merging(end.extra) { _, new in new }
  }

  /// The least λ at which lasso or elastic net leave every coefficient at zero.
  func largestLambda() throws(TrainingError) -> Double {
    let place = try newton(
      squares: [Double](repeating: 0, count: design.kept.count), lasso: 0
    ).place(nullPoint)
    var largest = 0.0
    for k in design.kept.indices {
      largest = max(largest, abs(place.gradient[k + 1]) * design.scales[k])
    }
    return largest / max(options.lasso(1), 1e-3)
  }
}

extension LinearNewton {
  /// The largest element of the least subgradient.
  func subgradientNorms(_ gradient: [Double], at point: [Double]) -> Double {
    point.indices.reduce(0) {
      max($0, abs(ElasticNetStep.subgradient(gradient[$1], at: point[$1], lasso: lassos[$1])))
    }
  }
}
