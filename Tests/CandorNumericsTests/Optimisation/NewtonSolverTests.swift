import CandorNumerics
import CandorTestSupport
import Testing

/// `½ xᵀAx − bᵀx`.
private struct Quadratic: SmoothObjective {
  let matrix: Matrix
  let linear: [Double]
  let strongConvexity: Double
  var dimension: Int { linear.count }

  func image(_ x: [Double]) -> [Double] {
    (0..<dimension).map { r in zip(matrix.row(r), x).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  func value(at x: [Double]) -> Double {
    zip(x, image(x)).reduce(0) { $0 + $1.0 * $1.1 } / 2
      - zip(x, linear).reduce(0) { $0 + $1.0 * $1.1 }
  }

  func expansion(at x: [Double]) throws(LinearAlgebraError) -> QuadraticExpansion {
    QuadraticExpansion(
      value: value(at: x), gradient: zip(image(x), linear).map { $0 - $1 }, curvature: matrix)
  }
}

/// `√(1 + x²)`: from |x| > 1 the full Newton step leads away from the minimum.
private struct Hyperbola: SmoothObjective {
  var dimension: Int { 1 }
  var strongConvexity: Double { 0 }
  func value(at x: [Double]) -> Double { (1 + x[0] * x[0]).squareRoot() }
  func expansion(at x: [Double]) throws(LinearAlgebraError) -> QuadraticExpansion {
    let root = value(at: x)
    return QuadraticExpansion(
      value: root, gradient: [x[0] / root],
      curvature: Matrix(rows: 1, columns: 1, repeating: 1 / (root * root * root)))
  }
}

@Suite struct NewtonSolverTests {
  private var quadratic: Quadratic {
    Quadratic(
      matrix: Matrix(rows: 2, columns: 2) { r, c in r == c ? [3.0, 2.0][r] : 1 },
      linear: [1, -4], strongConvexity: 1)
  }

  @Test("One step minimises a quadratic")
  func quadraticInOneStep() throws {
    let outcome = try NewtonSolver().minimise(quadratic, from: [10, -7])
    #expect(outcome.ending == .converged)
    // A second step may still take off the rounding of the first.
    #expect(outcome.iterations <= 2)
    #expect(agree(outcome.values[1], outcome.expansion.value, within: 1e-14))
    // 3x + y = 1, x + 2y = −4.
    #expect(largestDisagreement(outcome.point, [1.2, -2.6]) < Tolerance.exact)
  }

  @Test("The line search saves Newton where the full step diverges")
  func lineSearchIsNeeded() throws {
    let outcome = try NewtonSolver(tolerance: 1e-14).minimise(Hyperbola(), from: [50])
    #expect(outcome.ending == .converged)
    #expect(abs(outcome.point[0]) < 1e-6)
    for (earlier, later) in zip(outcome.values, outcome.values.dropFirst()) {
      #expect(later <= earlier)
    }
  }

  @Test("The squared gradient norm over 2μ bounds the distance to the minimum")
  func boundHolds() throws {
    let least = try NewtonSolver().minimise(quadratic, from: [0, 0]).expansion.value
    var generator = SeedTree(seed: 5).generator()
    for _ in 0..<100 {
      let point = [generator.nextNormal() * 5, generator.nextNormal() * 5]
      let expansion = try quadratic.expansion(at: point)
      let squared = expansion.gradient.reduce(0) { $0 + $1 * $1 }
      #expect(expansion.value - least <= squared / 2 + 1e-12)
    }
  }

  @Test("The steps run out, and the outcome says so")
  func iterationLimit() throws {
    let outcome = try NewtonSolver(maximumIterations: 2, tolerance: 1e-14)
      .minimise(Hyperbola(), from: [50])
    #expect(outcome.ending == .iterationLimit)
    #expect(outcome.iterations == 2)
  }

  @Test("An observer ends the run after the step that it saw")
  func observerStops() throws {
    var seen: [Int] = []
    let outcome = try NewtonSolver(tolerance: 1e-14).minimise(Hyperbola(), from: [50]) { step in
      seen.append(step.iteration)
      return step.iteration == 3
    }
    #expect(outcome.ending == .stopped)
    #expect(seen == [1, 2, 3])
    let last = try Hyperbola().expansion(at: outcome.point)
    #expect(outcome.expansion == last)
    #expect(agree(outcome.gradientNorm, abs(last.gradient[0]), within: Tolerance.exact))
  }

  @Test("A singular curvature is raised until it can be factorised")
  func singularCurvature() throws {
    let flat = Quadratic(
      matrix: Matrix(rows: 2, columns: 2, repeating: 1), linear: [2, 2], strongConvexity: 0)
    let outcome = try NewtonSolver(tolerance: 1e-12).minimise(flat, from: [0, 0])
    #expect(agree(outcome.point[0] + outcome.point[1], 2, within: 1e-6))
  }

  @Test("A start of another length is refused")
  func wrongStart() {
    #expect(throws: LinearAlgebraError.self) { try NewtonSolver().minimise(Hyperbola(), from: []) }
  }
}
