import CandorNumerics
import CandorScoring

/// One linear SVM to be fitted: the design, which rows are bad, what they count, and the options.
///
/// Which solver: a Newton step costs the Gram matrix (`LinearDesign.cost` a row) and a factor of
/// `p³/24`, all in operations of which BLAS does eight at once; about 8 steps are taken with squared
/// hinge, 30 with hinge. A pass of coordinate descent costs about four such operations an element
/// that is stored, and about 100 passes are taken. `auto` takes the smaller estimate, and never
/// Newton's method with more than 4,000 columns, whose matrix would fill memory.
struct LinearSVMProblem {
  let design: LinearDesign
  let signs: [Double]
  /// What each row counts, without C.
  let weights: [Double]
  let options: LinearSVMOptions

  /// A fit, and where the next one along C may start.
  struct Solution {
    let point: [Double]
    let alphas: [Double]?
    let log: TrainingLog
  }

  /// Columns up to which a Gram matrix is formed.
  static let mostNewtonColumns = 4000

  private var usesNewton: Bool {
    if options.solver == .newton || options.penalty == .l1 { return true }
    if options.solver == .dualCoordinate || design.width > Self.mostNewtonColumns { return false }
    let rows = Double(design.count)
    let width = Double(design.width)
    let elements = design.elementsPerRow
    let steps = options.loss == .hinge ? 30.0 : 8
    let newton = steps * (rows * design.gramCost + width * width * width / 24)
    return newton <= 100 * rows * elements * 4
  }

  /// Fits at one C, from the solution at another where one is given.
  func solve(
    c: Double, from previous: Solution?, context: TrainingContext
  ) throws(TrainingError) -> Solution {
    let costs = weights.map { c * $0 }
    guard usesNewton else { return try descend(costs: costs, from: previous, context: context) }
    guard design.width <= Self.mostNewtonColumns else {
      throw TrainingError(
        .badOption,
        "The rows have \(design.encodedWidth) columns; Newton's method takes at most "
          + "\(Self.mostNewtonColumns). Use penalty l2 with solver dual-coordinate.")
    }
    switch options.loss {
    case .squaredHinge: return try newton(costs: costs, from: previous, context: context)
    case .hinge:
      return try interiorPoint(costs: costs, passes: 0, gaps: [], best: nil, context: context)
    }
  }

  private func newton(
    costs: [Double], from previous: Solution?, context: TrainingContext
  ) throws(TrainingError) -> Solution {
    let isLasso = options.penalty == .l1
    let size = design.width
    let solver = LinearNewton(
      design: design, loss: SquaredHingeLoss(signs: signs, costs: costs),
      coordinates: DesignCoordinates(design),
      ridges: [Double](repeating: isLasso ? 0 : 1, count: size),
      lassos: [Double](repeating: isLasso ? 1 : 0, count: size),
      maximumIterations: options.maximumIterations, tolerance: options.tolerance,
      threads: context.threads,
      bound: { max($0.value - SquaredHingeLoss.dualBound($0.pass, isLasso: isLasso), 0) },
      check: { () throws(TrainingError) in try context.checkCancellation() },
      progress: context.progress)
    var start = (point: previous?.point ?? [Double](repeating: 0, count: size), iterations: 0)
    if previous == nil { start = try solver.sampledStart(from: start.point) }
    let outcome = try solver.minimise(from: start.point)
    let place = outcome.place
    let dual = SquaredHingeLoss.dualBound(place.pass, isLasso: isLasso)
    let gap = max(place.value - dual, 0)
    var log = TrainingLog(
      iterations: outcome.iterations, converged: gap <= options.tolerance * max(place.value, 1),
      measures: [
        "objective": place.value, "dual objective": dual, "duality gap": gap,
        "gradient norm": outcome.gradientNorm,
        "rows with a loss": Double(
          place.pass.curvatures.reduce(0) { $0 + $1.count { $0 > 0 } }),
      ],
      curves: [TrainingLog.Curve(name: "objective", values: outcome.values)])
    if isLasso {
      log.measures["coefficients not zero"] = Double(place.point.count { $0 != 0 })
    }
    if start.iterations > 0 { log.measures["steps on a sample"] = Double(start.iterations) }
    if !log.converged {
      log.notices.append(
        "The squared hinge loss was not minimised to the tolerance in \(outcome.iterations) "
          + "Newton steps; the objective is at most \(gap) above its minimum.")
    }
    return Solution(point: place.point, alphas: nil, log: log)
  }

  /// Coordinate descent; where its passes run out, the interior-point method or Newton's finishes.
  private func descend(
    costs: [Double], from previous: Solution?, context: TrainingContext
  ) throws(TrainingError) -> Solution {
    let isSquared = options.loss == .squaredHinge
    let descent = DualCoordinateDescent(
      design: design.compressed(), signs: signs, costs: costs, isSquared: isSquared)
    var start = previous?.alphas
    if let given = start, !isSquared {
      start = given.indices.map { min(given[$0], costs[$0]) }
    }
    let first = try descent.solve(
      tolerance: options.tolerance, maximumPasses: options.maximumPasses,
      seeds: context.seeds.child("dual coordinate order"), from: start,
      check: { () throws(TrainingError) in try context.checkCancellation() })
    if !first.converged, design.width <= Self.mostNewtonColumns {
      if isSquared { return try newton(costs: costs, from: nil, context: context) }
      return try interiorPoint(
        costs: costs, passes: first.passes, gaps: first.gaps,
        best: (first.alphas, first.dualityGap), context: context)
    }
    return finished(
      descent.certificate(alphas: first.alphas), alphas: first.alphas, passes: first.passes,
      steps: 0, gaps: first.gaps)
  }

  private func interiorPoint(
    costs: [Double], passes: Int, gaps: [Double], best: (alphas: [Double], gap: Double)?,
    context: TrainingContext
  ) throws(TrainingError) -> Solution {
    func certificate(_ alphas: [Double]) -> SVMCertificate {
      let weights = design.transposedProduct(
        alphas.indices.map { alphas[$0] * signs[$0] }, threads: context.threads)
      return SVMCertificate(
        weights: weights, margins: design.margins(at: weights, threads: context.threads),
        alphas: alphas, signs: signs, costs: costs, isSquared: false)
    }
    let outcome = try HingeInteriorPoint(
      design: design, signs: signs, costs: costs, threads: context.threads
    ).solve(
      tolerance: options.tolerance, maximumSteps: options.maximumIterations,
      check: { () throws(TrainingError) in try context.checkCancellation() }
    ) {
      let found = certificate($0)
      return (found.primal, found.dual)
    }
    var alphas = outcome.alphas
    if let best, best.gap < outcome.gaps.min() ?? .infinity { alphas = best.alphas }
    return finished(
      certificate(alphas), alphas: alphas, passes: passes, steps: outcome.steps,
      gaps: gaps + outcome.gaps)
  }

  private func finished(
    _ end: SVMCertificate, alphas: [Double], passes: Int, steps: Int, gaps: [Double]
  ) -> Solution {
    let gap = max(end.gap, 0)
    var log = TrainingLog(
      iterations: passes + steps,
      converged: gap <= options.tolerance * max(abs(end.primal), 1e-300),
      measures: [
        "objective": end.primal, "dual objective": end.dual, "duality gap": gap,
        "passes": Double(passes), "interior-point steps": Double(steps),
        "rows with a loss": Double(end.slacks.count { $0 > 0 }),
      ],
      curves: [TrainingLog.Curve(name: "duality gap", values: gaps)])
    if !log.converged {
      let loss = options.loss == .hinge ? "hinge loss" : "squared hinge loss"
      log.notices.append(
        "The \(loss) was not minimised to the tolerance in \(passes) passes and \(steps) "
          + "interior-point steps; the objective is at most \(gap) above its minimum.")
    }
    return Solution(point: end.weights, alphas: alphas, log: log)
  }
}

extension LinearDesign {
  /// Elements that are stored a row, the constant one among them.
  var elementsPerRow: Double {
    let own = constant == nil ? 0.0 : 1
    if let sparse { return Double(sparse.elementCount) / Double(max(count, 1)) + own }
    return Double(columns.count + groups.reduce(0) { $0 + ($1.members.map(\.count).max() ?? 0) })
      + own
  }

  /// Operations a row of a weighted Gram matrix; see the type.
  var gramCost: Double {
    guard sparse != nil else { return Self.cost(numeric: columns.count, groups: groups.count) }
    return elementsPerRow * elementsPerRow / 2
  }
}
