import CandorNumerics

/// Dual coordinate descent for the linear SVM with hinge loss,
/// `min ½‖w‖² + Σ Cᵢ · max(0, 1 − yᵢ·xᵢ·w)`, with shrinking and the duality gap as certificate.
///
/// Hsieh, Chang, Lin, Keerthi and Sundararajan, "A dual coordinate descent method for large-scale
/// linear SVM", ICML 2008, doi:10.1145/1390156.1390208.
struct DualCoordinateDescent {
  let design: Matrix
  let signs: [Double]
  let costs: [Double]

  struct Outcome {
    let alphas: [Double]
    let dualityGap: Double
    let passes: Int
    let converged: Bool
    let gaps: [Double]
  }

  /// The primal and dual objectives at `α`, `w` recomputed from `α` so that no drift remains.
  func certificate(alphas: [Double]) -> (
    weights: [Double], slacks: [Double], primal: Double, dual: Double
  ) {
    let values = design.values
    var weights = [Double](repeating: 0, count: design.columns)
    let pulls = alphas.indices.map { alphas[$0] * signs[$0] }
    var span = weights.mutableSpan
    RowProductsKernel.addWeightedRows(values.span, weights: pulls.span, to: &span)
    var margins = [Double](repeating: 0, count: signs.count)
    var marginSpan = margins.mutableSpan
    RowProductsKernel.margins(
      values.span, coefficients: weights.span, intercept: 0, into: &marginSpan)
    let half = weights.reduce(0) { $0 + $1 * $1 } / 2
    let slacks = margins.indices.map { max(0, 1 - signs[$0] * margins[$0]) }
    let losses = OrderedReduction.sum(slacks.indices.map { costs[$0] * slacks[$0] })
    return (weights, slacks, half + losses, OrderedReduction.sum(alphas) - half)
  }

  /// Runs until the relative duality gap is at most `tolerance` or the passes are used up.
  func solve(tolerance: Double, maximumPasses: Int, seeds: SeedTree) -> Outcome {
    let values = design.values
    let width = design.columns
    let count = signs.count
    var alphas = [Double](repeating: 0, count: count)
    var weights = [Double](repeating: 0, count: width)
    var order = Array(0..<count)
    let squares = (0..<count).map { r in design.row(r).reduce(0) { $0 + $1 * $1 } }
    for r in 0..<count where squares[r] == 0 { alphas[r] = costs[r] }
    var generator = seeds.generator()
    var state = DualCoordinateKernel.Shrinking(active: count)
    var violation = 0.1
    var gaps: [Double] = []
    var passes = 0
    while passes < maximumPasses {
      passes += 1
      for position in 0..<state.active {
        order.swapAt(position, position + generator.nextInteger(below: state.active - position))
      }
      var orderSpan = order.mutableSpan
      var alphaSpan = alphas.mutableSpan
      var weightSpan = weights.mutableSpan
      DualCoordinateKernel.pass(
        values.span, width: width, signs: signs.span, costs: costs.span, squares: squares.span,
        order: &orderSpan, alphas: &alphaSpan, weights: &weightSpan, state: &state)
      guard state.largest - state.smallest <= violation || passes == maximumPasses else {
        state.tighten()
        continue
      }
      if state.active < count && passes < maximumPasses {
        state = DualCoordinateKernel.Shrinking(active: count)
        continue
      }
      let certificate = certificate(alphas: alphas)
      let gap = certificate.primal - certificate.dual
      gaps.append(gap)
      if gap <= tolerance * max(abs(certificate.primal), 1e-300) || passes == maximumPasses {
        break
      }
      weights = certificate.weights
      violation /= 4
      state = DualCoordinateKernel.Shrinking(active: count)
    }
    let end = certificate(alphas: alphas)
    let gap = end.primal - end.dual
    return Outcome(
      alphas: alphas, dualityGap: gap, passes: passes,
      converged: gap <= tolerance * max(abs(end.primal), 1e-300), gaps: gaps)
  }
}
