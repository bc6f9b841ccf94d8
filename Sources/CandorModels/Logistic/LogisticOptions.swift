public import CandorScoring

/// How a logistic regression is fitted.
///
/// The objective is `Σ wᵢ · (log(1 + e^ηᵢ) − tᵢηᵢ) + penalty`, a sum over rows and not a mean, with
/// one of the penalties of `Penalty` on the encoded columns' coefficients; the intercept is free.
public struct LogisticOptions: Sendable, Equatable {
  /// What keeps the coefficients small.
  public enum Penalty: String, Sendable, Codable, CaseIterable {
    /// `ridge/2 · Σ βⱼ²`; with `ridge` zero plain maximum likelihood.
    case ridge
    /// `lambda · Σ |βⱼ|`.
    case lasso
    /// `lambda · (l1_share · Σ |βⱼ| + (1 − l1_share)/2 · Σ βⱼ²)`.
    case elasticNet = "elastic-net"
  }

  /// What standard errors assume; they are given without a penalty alone.
  public enum StandardErrors: String, Sendable, Codable, CaseIterable {
    /// The model holds: the inverse of the information matrix.
    case model
    /// The sandwich of Huber and White (HC0), which holds where the log-odds are right on average
    /// and the variance is not the binomial one. A weight is so many copies of a row.
    case robust
    /// The sandwich times n/(n − p), for small samples (HC1).
    case robustHC1 = "robust-hc1"
  }

  /// λ of the penalty `λ/2 · Σ βⱼ²`, used where `penalty` is `ridge`.
  public var ridge: Double
  /// The penalty.
  public var penalty: Penalty
  /// λ of lasso and elastic net.
  public var lambda: Double
  /// The share of absolute values in the elastic net, from above 0 to 1.
  public var l1Share: Double
  /// Whether Firth's correction is used: half the log-determinant of the information is added to
  /// the log-likelihood, which keeps estimates finite under separation and less biased where bad
  /// rows are rare.
  public var firth: Bool
  /// What standard errors assume.
  public var standardErrors: StandardErrors
  /// How much good and bad rows count.
  public var classWeights: ClassWeights
  /// At most so many steps of iteratively reweighted least squares.
  public var maximumIterations: Int
  /// Stop where the estimated distance of the objective from its minimum is at most this times
  /// max(|objective|, 1).
  public var tolerance: Double

  /// Options; maximum likelihood unless told otherwise.
  public init(
    ridge: Double = 0, penalty: Penalty = .ridge, lambda: Double = 1, l1Share: Double = 0.5,
    firth: Bool = false, standardErrors: StandardErrors = .model,
    classWeights: ClassWeights = .none, maximumIterations: Int = 100, tolerance: Double = 1e-13
  ) {
    self.ridge = ridge
    self.penalty = penalty
    self.lambda = lambda
    self.l1Share = l1Share
    self.firth = firth
    self.standardErrors = standardErrors
    self.classWeights = classWeights
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
    guard penalty == .ridge || ridge == 0 else {
      throw TrainingError(
        .badOption,
        "ridge is \(ridge) with penalty \(penalty.rawValue), whose strength is lambda; "
          + "leave one of them out.")
    }
    guard lambda >= 0, lambda.isFinite else {
      throw TrainingError(
        .badOption, "lambda is \(lambda); it must be a finite number, 0 or more.")
    }
    guard l1Share > 0, l1Share <= 1 else {
      throw TrainingError(
        .badOption, "l1_share is \(l1Share); it must be above 0 and at most 1.")
    }
    guard !firth || (penalty == .ridge && ridge == 0) else {
      throw TrainingError(
        .badOption, "firth is true with a ridge, lasso or elastic net; leave one of them out.")
    }
    guard !firth || standardErrors == .model else {
      throw TrainingError(
        .badOption,
        "standard_errors is \(standardErrors.rawValue) with firth, whose errors are "
          + "those of the model; leave one of them out.")
    }
    guard maximumIterations >= 1 else {
      throw TrainingError(
        .badOption, "maximum_iterations is \(maximumIterations); it must be 1 or more.")
    }
    guard tolerance > 0, tolerance < 1 else {
      throw TrainingError(
        .badOption, "tolerance is \(tolerance); it must be above 0 and below 1.")
    }
    _ = try classWeights.validated()
    return self
  }

  /// λ of the absolute values.
  func lasso(_ lambda: Double) -> Double {
    switch penalty {
    case .ridge: 0
    case .lasso: lambda
    case .elasticNet: lambda * l1Share
    }
  }

  /// λ of the squares.
  func squares(_ lambda: Double) -> Double {
    switch penalty {
    case .ridge: ridge
    case .lasso: 0
    case .elasticNet: lambda * (1 - l1Share)
    }
  }

  /// Whether the coefficients are drawn towards zero.
  var isPenalised: Bool { penalty == .ridge ? ridge > 0 : lambda > 0 }
}
