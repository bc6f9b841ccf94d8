public import CandorScoring

/// How a linear support vector machine is fitted.
///
/// The objective is `½(‖w‖² + b²) + Σ Cᵢ · loss(yᵢ · f(xᵢ))`, or with the penalty `l1`
/// `‖w‖₁ + |b| + Σ Cᵢ · loss(yᵢ · f(xᵢ))`, with yᵢ = 1 where bad and −1 where good, and
/// `f(x) = w·x + b · bias`: the intercept is penalised like every coefficient, as in Fan, Chang,
/// Hsieh, Wang and Lin, "LIBLINEAR: a library for large linear classification", JMLR 9, 2008
/// (solvers 1 to 3 and 5). Cᵢ is `c` times the row's weight times the weight of its outcome.
public struct LinearSVMOptions: Sendable, Equatable {
  /// What a row on the wrong side of its margin costs.
  public enum Loss: String, Sendable, Codable, CaseIterable {
    /// `max(0, 1 − y·f)`.
    case hinge
    /// `max(0, 1 − y·f)²`.
    case squaredHinge = "squared_hinge"
  }

  /// What keeps the coefficients small.
  public enum Penalty: String, Sendable, Codable, CaseIterable {
    /// Half the sum of squares.
    case l2
    /// The sum of absolute values, which leaves coefficients at zero; for squared hinge alone.
    case l1
  }

  /// The way to the optimum; the optimum is the same.
  public enum Solver: String, Sendable, Codable, CaseIterable {
    /// The one that `LinearSVMLearner` expects to cost less.
    case auto
    /// Newton's method on the columns: for squared hinge on the primal, for hinge an interior-point
    /// method on the dual.
    case newton
    /// Coordinate descent on the dual, a variable a row: for sparse rows of very many columns.
    case dualCoordinate = "dual-coordinate"
  }

  /// The weight of the losses against the penalty; larger fits closer.
  public var c: Double
  /// The loss.
  public var loss: Loss
  /// The penalty.
  public var penalty: Penalty
  /// The solver.
  public var solver: Solver
  /// The value of a constant column that carries the intercept, whose weight is penalised like the
  /// others; negative fits without an intercept.
  public var bias: Double
  /// How much good and bad rows count.
  public var classWeights: ClassWeights
  /// The relative duality gap at which the fit stops.
  public var tolerance: Double
  /// At most so many Newton steps (squared hinge) or interior-point steps (hinge).
  public var maximumIterations: Int
  /// At most so many passes of dual coordinate descent over the rows; where they run out, Newton's
  /// method finishes if the columns are few enough for it.
  public var maximumPasses: Int

  /// Options; C = 1, squared hinge and an intercept unless told otherwise.
  public init(
    c: Double = 1, loss: Loss = .squaredHinge, penalty: Penalty = .l2, solver: Solver = .auto,
    bias: Double = 1,
    classWeights: ClassWeights = .none, tolerance: Double = 1e-8, maximumIterations: Int = 200,
    maximumPasses: Int = 200
  ) {
    self.c = c
    self.loss = loss
    self.penalty = penalty
    self.solver = solver
    self.bias = bias
    self.classWeights = classWeights
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
    self.maximumPasses = maximumPasses
  }

  /// Checks every field's range.
  ///
  /// - Returns: The same options.
  /// - Throws: `TrainingError` that names field, value and range.
  public func validated() throws(TrainingError) -> LinearSVMOptions {
    guard c > 0, c.isFinite else {
      throw TrainingError(.badOption, "c is \(c); it must be a finite number above 0.")
    }
    guard bias.isFinite else {
      throw TrainingError(
        .badOption, "bias is \(bias); it must be finite (negative for no intercept).")
    }
    guard penalty == .l2 || loss == .squaredHinge else {
      throw TrainingError(
        .badOption,
        "penalty is l1 with loss hinge, whose optimum is not unique; use squared_hinge or l2.")
    }
    guard penalty == .l2 || solver != .dualCoordinate else {
      throw TrainingError(
        .badOption,
        "solver is dual-coordinate with penalty l1, which it does not minimise; use "
          + "auto or newton.")
    }
    guard tolerance > 0, tolerance < 1 else {
      throw TrainingError(
        .badOption, "tolerance is \(tolerance); it must be above 0 and below 1.")
    }
    guard maximumIterations >= 1 else {
      throw TrainingError(
        .badOption, "maximum_iterations is \(maximumIterations); it must be 1 or more.")
    }
    guard maximumPasses >= 1 else {
      throw TrainingError(.badOption, "maximum_passes is \(maximumPasses); it must be 1 or more.")
    }
    _ = try classWeights.validated()
    return self
  }
}
