import CandorNumerics
import CandorScoring

/// Minimises `Σ loss(xᵢ·β) + ½ Σ ridgeⱼβⱼ² + Σ lassoⱼ|βⱼ|` over a design by Newton's method.
///
/// Each step is one pass over the rows (margins, loss and gradient together, in `Double`), a Gram
/// matrix, and a system of the columns' size; with absolute values the step minimises the quadratic
/// model by coordinate descent on that matrix (Lee, Sun and Saunders, "Proximal Newton-type methods
/// for minimizing composite functions", SIAM J. Optim. 24, 2014; Friedman, Hastie and Tibshirani,
/// "Regularization paths for generalized linear models via coordinate descent", J. Stat. Softw. 33,
/// 2010). The gradient is exact, so that an old matrix changes the way and not the end: where few
/// second derivatives changed the matrix is updated by these rows alone, and where the rows are
/// many and the last step left next to nothing it is used again.
struct LinearNewton<Loss: RowLoss> {
  let design: LinearDesign
  let loss: Loss
  let coordinates: DesignCoordinates
  var ridges: [Double]
  var lassos: [Double]
  let maximumIterations: Int
  let tolerance: Double
  let threads: Int
  /// A proven bound of the value's distance from the minimum; nil where the decrement stands for it.
  let bound: (@Sendable (_ place: Place) -> Double)?
  /// Called before every pass; throws to end the fit.
  let check: @Sendable () throws(TrainingError) -> Void
  /// Told after each step how far the fit may be; each step is taken to halve what is left.
  var progress: (@Sendable (Double) -> Void)?

  /// A point and all that a pass says of it.
  struct Place: Sendable {
    let point: [Double]
    /// Loss and penalties.
    let value: Double
    let pass: LinearPass
    /// The gradient of loss and ridge in the variables.
    let gradient: [Double]
  }

  struct Outcome: Sendable {
    var place: Place
    /// The norm of the gradient, or of the least subgradient.
    var gradientNorm: Double
    /// The decrease that the last quadratic model promised.
    var decrement: Double
    /// The second derivatives that were used last, the ridge among them.
    var curvature: Matrix
    var iterations: Int
    var values: [Double]
    var ending: NewtonSolver.Ending
    /// Steps taken on a part of the rows before the first.
    var sampleIterations = 0
  }

  private var hasLasso: Bool { lassos.contains { $0 > 0 } }

  /// Evaluates a point.
  func place(_ point: [Double]) throws(TrainingError) -> Place {
    try check()
    let pass = design.pass(loss, at: coordinates.designPoint(point), threads: threads)
    var gradient = coordinates.gradient(pass.gradient)
    var value = pass.value
    for j in point.indices {
      gradient[j] += ridges[j] * point[j]
      value += ridges[j] * point[j] * point[j] / 2 + lassos[j] * abs(point[j])
    }
    return Place(point: point, value: value, pass: pass, gradient: gradient)
  }

  /// The second derivatives at a place, the ridge among them.
  func curvature(_ gram: Matrix) -> Matrix {
    var curvature = coordinates.curvature(gram)
    for j in 0..<curvature.rows { curvature[j, j] += ridges[j] }
    return curvature
  }

  /// The least subgradient: zero at the minimum alone.
  func subgradient(_ place: Place) -> [Double] {
    place.point.indices.map { j in
      ElasticNetStep.subgradient(place.gradient[j], at: place.point[j], lasso: lassos[j])
    }
  }

  /// Runs from a point until the rule is met.
  func minimise(
    from start: [Double],
    observe: (NewtonSolver.Step) -> Bool = { _ in false }
  ) throws(TrainingError) -> Outcome {
    var place = try place(start)
    var gram = design.gram(place.pass.curvatures, threads: threads)
    var gramWeights = place.pass.curvatures
    var values = [place.value]
    var iterations = 0
    var taken: NewtonSolver.Step?
    var previousDecrement = Double.infinity
    while true {
      guard place.value.isFinite, place.gradient.allSatisfy(\.isFinite) else {
        throw TrainingError(.numerical, "The objective is not finite.")
      }
      var matrix = curvature(gram)
      var step = try self.step(at: place, curvature: matrix)
      let isNear = design.count >= Self.sampledFrom && step.decrement <= 1e-3 * previousDecrement
      if previousDecrement.isFinite, !isNear {
        if update(&gram, from: &gramWeights, to: place.pass.curvatures) {
          matrix = curvature(gram)
          step = try self.step(at: place, curvature: matrix)
        }
      }
      let norm = Self.norm(subgradient(place))
      func outcome(_ ending: NewtonSolver.Ending) -> Outcome {
        Outcome(
          place: place, gradientNorm: norm, decrement: step.decrement, curvature: matrix,
          iterations: iterations, values: values, ending: ending)
      }
      if let taken, observe(taken) { return outcome(.stopped) }
      let error = bound?(place) ?? step.decrement
      let isConverged = error <= tolerance * max(abs(place.value), 1)
      // Of many rows a last step would cost a pass and change nothing that is seen.
      if isConverged, design.count >= Self.sampledFrom,
        step.decrement <= 1e-16 * max(abs(place.value), 1)
      {
        return outcome(.converged)
      }
      if !isConverged && iterations >= maximumIterations { return outcome(.iterationLimit) }
      guard let next = try lineSearch(from: place, step: step) else {
        if !isConverged, update(&gram, from: &gramWeights, to: place.pass.curvatures) {
          previousDecrement = .infinity
          continue
        }
        return outcome(isConverged ? .converged : .stalled)
      }
      if isConverged {
        // The step is already paid for, and near the optimum it shrinks the error much.
        guard Self.norm(subgradient(next)) < norm else { return outcome(.converged) }
        place = next
        iterations += 1
        values.append(next.value)
        return Outcome(
          place: next, gradientNorm: Self.norm(subgradient(next)), decrement: step.decrement,
          curvature: matrix, iterations: iterations, values: values, ending: .converged)
      }
      iterations += 1
      values.append(next.value)
      taken = NewtonSolver.Step(
        iteration: iterations, previous: place.point, point: next.point, value: next.value)
      previousDecrement = step.decrement
      place = next
      var rest = 0.9
      for _ in 0..<min(iterations, 6) { rest /= 2 }
      progress?(1 - rest)
    }
  }

  /// Brings the Gram matrix to new second derivatives by the rows that changed, or anew where these
  /// are many; false where nothing changed.
  private func update(
    _ gram: inout Matrix, from old: inout [[Double]], to new: [[Double]]
  ) -> Bool {
    var changed = 0
    var present = 0
    var differences = new
    for task in new.indices {
      for r in new[task].indices {
        let difference = new[task][r] - old[task][r]
        differences[task][r] = difference
        changed += difference != 0 ? 1 : 0
        present += new[task][r] != 0 ? 1 : 0
      }
    }
    guard changed > 0 else { return false }
    if changed < present / 2 {
      let change = design.gram(differences, threads: threads)
      for r in 0..<gram.rows { for c in 0..<gram.columns { gram[r, c] += change[r, c] } }
    } else {
      gram = design.gram(new, threads: threads)
    }
    old = new
    return true
  }

  private struct Move {
    /// What is added to the point at full length.
    let direction: [Double]
    /// Half the promised first-order decrease: with `½gᵀH⁻¹g` of Newton's method as its kin.
    let decrement: Double
  }

  private func step(at place: Place, curvature: Matrix) throws(TrainingError) -> Move {
    if hasLasso {
      let direction = ElasticNetStep.solve(
        curvature: curvature, gradient: place.gradient, point: place.point, lassos: lassos)
      var promise = 0.0
      for j in direction.indices {
        let moved = abs(place.point[j] + direction[j]) - abs(place.point[j])
        promise -= place.gradient[j] * direction[j] + lassos[j] * moved
      }
      return Move(direction: direction, decrement: max(promise / 2, 0))
    }
    do {
      let solved = try NewtonSolver.newtonDirection(
        gradient: place.gradient, curvature: curvature)
      let promise = zip(place.gradient, solved).reduce(0) { $0 + $1.0 * $1.1 }
      return Move(direction: solved.map { -$0 }, decrement: max(promise / 2, 0))
    } catch {
      throw TrainingError(.numerical, "\(error)")
    }
  }

  /// Backtracking by halves to Armijo's condition; nil where no trial in `Double` meets it.
  private func lineSearch(from place: Place, step: Move) throws(TrainingError) -> Place? {
    let rounding = 1e-14 * max(abs(place.value), 1e-300)
    var length = 1.0
    while length > 1e-12 {
      let trial = try self.place(zip(place.point, step.direction).map { $0 + length * $1 })
      if trial.value <= place.value - 1e-4 * length * 2 * step.decrement + rounding { return trial }
      length /= 2
    }
    return nil
  }

  private static func norm(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}

extension LinearNewton {
  /// Rows from which on a fit starts at the optimum of a part of them.
  static var sampledFrom: Int { 100_000 }

  /// The same problem on a twentieth of the rows, drawn at random, each counting twenty times;
  /// its optimum is near that of all rows at a twentieth of the work.
  ///
  /// - Parameters:
  ///   - start: Where that problem starts.
  ///   - ridge: Added to each variable's ridge, so that rare levels stay finite.
  /// - Returns: The point to start from, and the steps that it took.
  /// - Throws: `TrainingError` where the smaller fit fails or was ended.
  func sampledStart(
    from start: [Double], ridge: Double = 0
  ) throws(TrainingError) -> (point: [Double], iterations: Int) {
    let part = design.count / 20
    guard design.count >= Self.sampledFrom, part > 20 * coordinates.dimension else {
      return (start, 0)
    }
    // The draw is fixed: it changes the way to the optimum, not the optimum.
    var generator = SeedTree(seed: 0).child("rows to start from").generator()
    let stride = Double(design.count) / Double(part)
    let rows = (0..<part).map { k in
      min(Int((Double(k) + generator.nextUniform()) * stride), design.count - 1)
    }
    let sample = LinearNewton(
      design: design.selecting(rows: rows), loss: loss.selecting(rows: rows, factor: stride),
      coordinates: coordinates,
      ridges: ridges.enumerated().map {
        $0.offset == coordinates.constantVariable ? $0.element : $0.element + ridge
      }, lassos: lassos, maximumIterations: 12, tolerance: 1e-5, threads: threads, bound: nil,
      check: check)
    let outcome = try sample.minimise(from: start)
    return (outcome.place.point, outcome.iterations)
  }
}
