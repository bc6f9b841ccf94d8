import Candor

/// The linear families on the shared encoding.
enum LinearRow {
  static func svm(_ request: Request) throws -> Measurement {
    let training = try request.work.training("m")
    let learner = LinearSVMLearner(options: LinearSVMOptions(c: 1, bias: 1, tolerance: 1e-4))
    let (fit, seconds) = try timed { try learner.fit(training, context: request.context) }
    return Measurement(
      seconds: seconds, settings: "C 1, squared hinge, relative duality gap 1e-4",
      quality: ["iterations": .number(Double(fit.log.iterations))],
      output: fit.model.coefficients + [fit.model.intercept])
  }

  static func logistic(_ request: Request) throws -> Measurement {
    let training = try request.work.training("m")
    let learner = LogisticLearner(options: LogisticOptions(ridge: 1, tolerance: 1e-10))
    let (fit, seconds) = try timed { try learner.fit(training, context: request.context) }
    return Measurement(
      seconds: seconds, settings: "ridge 1, tolerance 1e-10",
      quality: ["iterations": .number(Double(fit.log.iterations))],
      output: fit.model.coefficients + [fit.model.intercept])
  }
}
