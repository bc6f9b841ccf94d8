/// What happened while a model was fitted: evidence of convergence and notices, never the model.
public struct TrainingLog: Sendable, Equatable, Codable {
  /// A curve over iterations, epochs or trees.
  public struct Curve: Sendable, Equatable, Codable {
    /// What the curve shows, for example `validation log-loss`.
    public let name: String
    /// One value a step.
    public let values: [Double]

    /// Names a curve.
    public init(name: String, values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// A coefficient with its uncertainty, for families that have one.
  public struct CoefficientEstimate: Sendable, Equatable, Codable {
    /// The encoded column, or `(intercept)`.
    public let name: String
    /// The estimate, on the scale of the encoded column.
    public let estimate: Double
    /// Its standard error; nil where it cannot be had (separation).
    public let standardError: Double?
    /// The two-sided p-value of the Wald test against zero; nil without a standard error.
    public let pValue: Double?

    /// Joins an estimate to its uncertainty.
    public init(name: String, estimate: Double, standardError: Double?, pValue: Double?) {
      self.name = name
      self.estimate = estimate
      self.standardError = standardError
      self.pValue = pValue
    }
  }

  /// How many steps were taken.
  public var iterations: Int
  /// Whether the stopping rule was met before the steps ran out.
  public var converged: Bool
  /// Measures of the end point by name, for example `objective`, `gradient norm`,
  /// `out-of-bag AUC`.
  public var measures: [String: Double]
  /// Curves over the steps.
  public var curves: [Curve]
  /// Coefficients with standard errors, where the family has them.
  public var coefficients: [CoefficientEstimate]
  /// What a reader must know, in sentences (separation found, ridge used).
  public var notices: [String]

  /// Starts a log.
  public init(
    iterations: Int = 0, converged: Bool = true, measures: [String: Double] = [:],
    curves: [Curve] = [], coefficients: [CoefficientEstimate] = [], notices: [String] = []
  ) {
    self.iterations = iterations
    self.converged = converged
    self.measures = measures
    self.curves = curves
    self.coefficients = coefficients
    self.notices = notices
  }
}
