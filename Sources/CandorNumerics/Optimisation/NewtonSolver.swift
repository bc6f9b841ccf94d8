/// Newton's method with a dense Cholesky factor and a backtracking line search.
///
/// Goals in order: a certificate with every answer, robustness, speed. Where the objective is
/// μ-strongly convex, `f(x) − min f ≤ ‖∇f(x)‖² / (2μ)` bounds the error in value and is what the
/// stopping rule looks at; otherwise the rule looks at half the squared Newton decrement, an
/// estimate of the same error (Boyd and Vandenberghe, "Convex Optimization", 2004, sections 9.1.2
/// and 9.5.1). Cost of an iteration: one expansion, O(d³) for the factor, and one value a trial of
/// the line search.
public struct NewtonSolver: Sendable {
  /// At most so many steps.
  public let maximumIterations: Int
  /// Stop where the bound (or estimate) of the error in value is at most this times
  /// max(|value|, 1).
  public let tolerance: Double

  /// A solver; see the properties.
  public init(maximumIterations: Int = 100, tolerance: Double = 1e-10) {
    self.maximumIterations = maximumIterations
    self.tolerance = tolerance
  }

  /// Why the solver stopped.
  public enum Ending: String, Sendable {
    /// The stopping rule was met.
    case converged
    /// No step lowers the value any more in `Double`, while the stopping rule is not met.
    case stalled
    /// The steps ran out.
    case iterationLimit
    /// The observer asked for it.
    case stopped
  }

  /// What an observer sees after each step.
  public struct Step: Sendable {
    /// The number of the step, from one.
    public let iteration: Int
    /// The point before the step.
    public let previous: [Double]
    /// The point after the step.
    public let point: [Double]
    /// The value after the step.
    public let value: Double

    /// Joins the parts, for solvers that take such steps elsewhere.
    package init(iteration: Int, previous: [Double], point: [Double], value: Double) {
      self.iteration = iteration
      self.previous = previous
      self.point = point
      self.value = value
    }
  }

  /// Where the solver ended, with its certificates.
  public struct Outcome: Sendable {
    /// The last point.
    public let point: [Double]
    /// Value, gradient and curvature there.
    public let expansion: QuadraticExpansion
    /// The Euclidean norm of the gradient there.
    public let gradientNorm: Double
    /// Half the squared Newton decrement there, `½ gᵀH⁻¹g`.
    public let decrement: Double
    /// How many steps were taken.
    public let iterations: Int
    /// The value after each step, the start first.
    public let values: [Double]
    /// Why the solver stopped.
    public let ending: Ending
  }

  /// Minimises an objective.
  ///
  /// - Parameters:
  ///   - objective: A convex function.
  ///   - start: The first point, `objective.dimension` elements.
  ///   - observe: Called after each step; true ends the run there.
  /// - Returns: The last point with its certificates, whether or not the rule was met.
  /// - Throws: `LinearAlgebraError` where the start has another length, a value is not finite, or
  ///   the curvature cannot be factorised even when its diagonal is raised.
  public func minimise(
    _ objective: some SmoothObjective, from start: [Double],
    observe: (Step) -> Bool = { _ in false }
  ) throws(LinearAlgebraError) -> Outcome {
    guard start.count == objective.dimension else {
      throw .shapeMismatch("a start of \(start.count) for \(objective.dimension) variables")
    }
    var point = start
    var expansion = try objective.expansion(at: point)
    var values = [expansion.value]
    var iterations = 0
    var taken: Step?
    while true {
      guard expansion.value.isFinite else { throw .notFinite("The objective") }
      let gradient = expansion.gradient
      let direction = try Self.newtonDirection(
        gradient: expansion.gradient, curvature: expansion.curvature)
      let gradientNorm = Self.dot(gradient, gradient).squareRoot()
      let decrement = max(Self.dot(gradient, direction) / 2, 0)
      let bound =
        objective.strongConvexity > 0
        ? gradientNorm * gradientNorm / (2 * objective.strongConvexity) : decrement
      func outcome(_ ending: Ending) -> Outcome {
        Outcome(
          point: point, expansion: expansion, gradientNorm: gradientNorm, decrement: decrement,
          iterations: iterations, values: values, ending: ending)
      }
      if let taken, observe(taken) { return outcome(.stopped) }
      let isConverged = bound <= tolerance * max(abs(expansion.value), 1)
      if !isConverged && iterations >= maximumIterations { return outcome(.iterationLimit) }
      guard
        let (next, value) = Self.lineSearch(
          objective, from: point, value: expansion.value, along: direction, decrement: decrement)
      else { return outcome(isConverged ? .converged : .stalled) }
      let previous = point
      if isConverged {
        // The step is already paid for, and near the optimum it squares the error.
        let last = try objective.expansion(at: next)
        let norm = Self.dot(last.gradient, last.gradient).squareRoot()
        guard norm < gradientNorm else { return outcome(.converged) }
        point = next
        expansion = last
        iterations += 1
        values.append(value)
        let final = try Self.newtonDirection(
          gradient: last.gradient, curvature: last.curvature)
        return Outcome(
          point: next, expansion: last, gradientNorm: norm,
          decrement: max(Self.dot(last.gradient, final) / 2, 0), iterations: iterations,
          values: values, ending: .converged)
      }
      point = next
      iterations += 1
      values.append(value)
      expansion = try objective.expansion(at: point)
      taken = Step(iteration: iterations, previous: previous, point: point, value: value)
    }
  }

  /// `H⁻¹ g`; where H is not positive definite in `Double`, its diagonal is raised until it is.
  ///
  /// - Parameters:
  ///   - gradient: The vector g.
  ///   - curvature: The symmetric matrix H.
  /// - Returns: The solution.
  /// - Throws: `LinearAlgebraError` where an element is not finite, or raising does not help.
  package static func newtonDirection(
    gradient: [Double], curvature: Matrix
  ) throws(LinearAlgebraError) -> [Double] {
    let size = gradient.count
    let largest = (0..<size).map { abs(curvature[$0, $0]) }.max() ?? 0
    var raise = 0.0
    for attempt in 0..<16 {
      do {
        var raised = curvature
        if raise > 0 { for j in 0..<size { raised[j, j] += raise } }
        return try Cholesky(raised).solve(gradient)
      } catch {
        guard case .notPositiveDefinite = error, attempt < 15 else { throw error }
        raise = max(raise * 10, max(largest, 1e-300) * 1e-14)
      }
    }
    throw .notPositiveDefinite(order: size)
  }

  /// Backtracking by halves to Armijo's condition; nil where no trial in `Double` meets it.
  private static func lineSearch(
    _ objective: some SmoothObjective, from point: [Double], value: Double,
    along direction: [Double], decrement: Double
  ) -> (point: [Double], value: Double)? {
    // The sum behind a value is rounded: near the optimum a rise of that size is no rise.
    let rounding = 1e-14 * max(abs(value), 1e-300)
    var length = 1.0
    while length > 1e-12 {
      let candidate = zip(point, direction).map { $0 - length * $1 }
      let trial = objective.value(at: candidate)
      if trial <= value - 1e-4 * length * 2 * decrement + rounding {
        return (candidate, trial)
      }
      length /= 2
    }
    return nil
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
