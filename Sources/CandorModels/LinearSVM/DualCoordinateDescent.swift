import CandorNumerics
import CandorScoring

/// Dual coordinate descent for the linear SVM, `min ½‖w‖² + Σ Cᵢ · loss(yᵢ·xᵢ·w)` with hinge or
/// squared hinge, on compressed rows, with shrinking, a random order in every pass, and the duality
/// gap as certificate.
///
/// Hsieh, Chang, Lin, Keerthi and Sundararajan, "A dual coordinate descent method for large-scale
/// linear SVM", ICML 2008, doi:10.1145/1390156.1390208. A pass costs two walks over the elements
/// that are stored.
struct DualCoordinateDescent {
  let design: SparseMatrix
  let signs: [Double]
  let costs: [Double]
  let isSquared: Bool

  struct Outcome {
    let alphas: [Double]
    let dualityGap: Double
    let passes: Int
    let converged: Bool
    let gaps: [Double]
  }

  /// Runs until the relative duality gap is at most `tolerance` or the passes are used up.
  func solve(
    tolerance: Double, maximumPasses: Int, seeds: SeedTree, from start: [Double]? = nil,
    check: () throws(TrainingError) -> Void = {}
  ) throws(TrainingError) -> Outcome {
    let count = signs.count
    let caps = isSquared ? [Double](repeating: .infinity, count: count) : costs
    let diagonals =
      isSquared ? costs.map { 1 / (2 * $0) } : [Double](repeating: 0, count: count)
    let squares = (0..<count).map { r in
      design.values[design.offsets[r]..<design.offsets[r + 1]].reduce(diagonals[r]) { $0 + $1 * $1 }
    }
    var alphas = start ?? [Double](repeating: 0, count: count)
    for r in 0..<count where squares[r] == 0 { alphas[r] = costs[r] }
    var weights = SVMCertificate.weights(of: alphas, signs: signs, design: design)
    var order = Array(0..<count)
    var generator = seeds.generator()
    var state = DualCoordinateKernel.Shrinking(active: count)
    var violation = 0.1
    var gaps: [Double] = []
    var passes = 0
    while passes < maximumPasses {
      try check()
      passes += 1
      for position in 0..<state.active {
        order.swapAt(position, position + generator.nextInteger(below: state.active - position))
      }
      var orderSpan = order.mutableSpan
      var alphaSpan = alphas.mutableSpan
      var weightSpan = weights.mutableSpan
      DualCoordinateKernel.pass(
        offsets: design.offsets.span, places: design.places.span, values: design.values.span,
        signs: signs.span, caps: caps.span, diagonals: diagonals.span, squares: squares.span,
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
      gaps.append(certificate.gap)
      if certificate.gap <= tolerance * max(abs(certificate.primal), 1e-300) { break }
      weights = certificate.weights
      violation /= 4
      state = DualCoordinateKernel.Shrinking(active: count)
    }
    let end = certificate(alphas: alphas)
    return Outcome(
      alphas: alphas, dualityGap: end.gap, passes: passes,
      converged: end.gap <= tolerance * max(abs(end.primal), 1e-300), gaps: gaps)
  }

  /// Both objectives at α, `w` recomputed from α so that no drift remains.
  func certificate(alphas: [Double]) -> SVMCertificate {
    let weights = SVMCertificate.weights(of: alphas, signs: signs, design: design)
    var margins = [Double](repeating: 0, count: signs.count)
    var span = margins.mutableSpan
    SparseProductsKernel.addMargins(
      offsets: design.offsets.span, places: design.places.span, values: design.values.span,
      weights: weights.span, first: 0, into: &span)
    return SVMCertificate(
      weights: weights, margins: margins, alphas: alphas, signs: signs, costs: costs,
      isSquared: isSquared)
  }
}

/// Primal and dual objective of a linear SVM at dual variables, and what goes with them.
struct SVMCertificate {
  let weights: [Double]
  let slacks: [Double]
  let primal: Double
  let dual: Double
  var gap: Double { primal - dual }

  /// From `w = Σ αᵢyᵢxᵢ` and the margins at w; α between zero and C (hinge), or zero at least.
  init(
    weights: [Double], margins: [Double], alphas: [Double], signs: [Double], costs: [Double],
    isSquared: Bool
  ) {
    let half = weights.reduce(0) { $0 + $1 * $1 } / 2
    let slacks = margins.indices.map { max(0, 1 - signs[$0] * margins[$0]) }
    self.weights = weights
    self.slacks = slacks
    let losses = OrderedReduction.sum(
      slacks.indices.map { costs[$0] * slacks[$0] * (isSquared ? slacks[$0] : 1) })
    let gains = OrderedReduction.sum(
      alphas.indices.map {
        isSquared ? alphas[$0] - alphas[$0] * alphas[$0] / (4 * costs[$0]) : alphas[$0]
      })
    primal = half + losses
    dual = gains - half
  }

  /// `Σ αᵢyᵢxᵢ`.
  static func weights(of alphas: [Double], signs: [Double], design: SparseMatrix) -> [Double] {
    var weights = [Double](repeating: 0, count: design.columns)
    let pulls = alphas.indices.map { alphas[$0] * signs[$0] }
    var span = weights.mutableSpan
    SparseProductsKernel.addTransposed(
      offsets: design.offsets.span, places: design.places.span, values: design.values.span,
      vector: pulls.span, first: 0, into: &span)
    return weights
  }
}
