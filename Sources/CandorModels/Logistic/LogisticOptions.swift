public import CandorScoring

/// How a logistic regression is fitted.
public struct LogisticOptions: Sendable, Equatable {
  /// λ of the penalty `λ/2 · Σ βⱼ²` on the encoded columns' coefficients, the intercept left out;
  /// zero is plain maximum likelihood.
  public var ridge: Double
  /// At most so many steps of iteratively reweighted least squares.
  public var maximumIterations: Int
  /// Stop where the estimated distance of the log-likelihood from its maximum is at most this
  /// times max(|log-likelihood|, 1).
  public var tolerance: Double

  /// Options; maximum likelihood unless told otherwise.
  public init(ridge: Double = 0, maximumIterations: Int = 100, tolerance: Double = 1e-13) {
    self.ridge = ridge
    self.maximumIterations = maximumIterations
    self.tolerance = tolerance
  }

  /// Checks every field's range.
  ///
  /// - Returns: The same options.
  /// - Throws: `TrainingError` that names field, value and range.
  public func validated() throws(TrainingError) -> LogisticOptions {
    guard ridge >= 0, ridge.isFinite else {
      throw TrainingError(.badOption, "ridge is \(ridge); it must be a finite number, 0 or more.")
    }
    guard maximumIterations >= 1 else {
      throw TrainingError(
        .badOption, "maximum_iterations is \(maximumIterations); it must be 1 or more.")
    }
    guard tolerance > 0, tolerance < 1 else {
      throw TrainingError(
        .badOption, "tolerance is \(tolerance); it must be above 0 and below 1.")
    }
    return self
  }
}
