package import CandorNumerics

/// The primal objective of a linear SVM with squared hinge,
/// `½‖w‖² + Σ Cᵢ · max(0, 1 − yᵢ·xᵢ·w)²`, any intercept being a column of x.
///
/// Its generalised Hessian is `I + 2 Σ Cᵢ xᵢxᵢᵀ` over the rows with a loss (Keerthi and DeCoste,
/// "A modified finite Newton method for fast solution of large scale linear SVMs", JMLR 6, 2005);
/// one Gram product over those rows a step.
package struct SquaredHingeObjective: SmoothObjective {
  let design: Matrix
  let signs: [Double]
  let costs: [Double]

  package init(design: Matrix, signs: [Double], costs: [Double]) {
    self.design = design
    self.signs = signs
    self.costs = costs
  }

  package var dimension: Int { design.columns }
  package var strongConvexity: Double { 1 }

  /// `1 − yᵢ·xᵢ·w` where positive, else zero.
  func slacks(at point: [Double]) -> [Double] {
    var slacks = [Double](repeating: 0, count: signs.count)
    let values = design.values
    var span = slacks.mutableSpan
    RowProductsKernel.margins(
      values.span, coefficients: point.span, intercept: 0, into: &span)
    for r in 0..<span.count { span[r] = max(0, 1 - signs[r] * span[r]) }
    return slacks
  }

  package func value(at point: [Double]) -> Double {
    value(slacks: slacks(at: point), point: point)
  }

  private func value(slacks: [Double], point: [Double]) -> Double {
    var losses = 0.0
    for r in slacks.indices { losses += costs[r] * slacks[r] * slacks[r] }
    return point.reduce(0) { $0 + $1 * $1 } / 2 + losses
  }

  package func expansion(
    at point: [Double]
  ) throws(LinearAlgebraError) -> QuadraticExpansion {
    let slacks = slacks(at: point)
    let active = slacks.indices.filter { slacks[$0] > 0 }
    let rows = design.selecting(rows: active)
    let pulls = active.map { -2 * costs[$0] * signs[$0] * slacks[$0] }
    var gradient = point
    var span = gradient.mutableSpan
    let values = rows.values
    RowProductsKernel.addWeightedRows(values.span, weights: pulls.span, to: &span)
    var curvature = try BLAS.weightedGram(rows, weights: active.map { 2 * costs[$0] })
    for j in 0..<dimension { curvature[j, j] += 1 }
    return QuadraticExpansion(
      value: value(slacks: slacks, point: point), gradient: gradient, curvature: curvature)
  }

  /// A lower bound of the minimum: the dual objective `Σα − ½‖Σ αᵢyᵢxᵢ‖² − ¼ Σ αᵢ²/Cᵢ` at
  /// αᵢ = 2Cᵢ · slack, which is feasible at any point, scaled by the best common factor.
  package func dualBound(at point: [Double]) -> Double {
    let slacks = slacks(at: point)
    let alphas = slacks.indices.map { 2 * costs[$0] * slacks[$0] }
    var combined = [Double](repeating: 0, count: dimension)
    var span = combined.mutableSpan
    let values = design.values
    let pulls = alphas.indices.map { alphas[$0] * signs[$0] }
    RowProductsKernel.addWeightedRows(values.span, weights: pulls.span, to: &span)
    let linear = OrderedReduction.sum(alphas)
    var quadratic = combined.reduce(0) { $0 + $1 * $1 }
    for r in alphas.indices { quadratic += alphas[r] * alphas[r] / (2 * costs[r]) }
    guard quadratic > 0 else { return 0 }
    let factor = linear / quadratic
    return factor * linear - factor * factor * quadratic / 2
  }
}
