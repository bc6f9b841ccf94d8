package import CandorNumerics

/// The primal objective of a linear SVM with squared hinge,
/// `½‖w‖² + Σ Cᵢ · max(0, 1 − yᵢ·xᵢ·w)²`, any intercept being a column of x, as a smooth function.
///
/// Its generalised Hessian is `I + 2 Σ Cᵢ xᵢxᵢᵀ` over the rows with a loss (Keerthi and DeCoste,
/// "A modified finite Newton method for fast solution of large scale linear SVMs", JMLR 6, 2005).
package struct SquaredHingeObjective: SmoothObjective {
  let design: LinearDesign
  let loss: SquaredHingeLoss

  package init(design: Matrix, signs: [Double], costs: [Double]) {
    self.design = LinearDesign(design)
    loss = SquaredHingeLoss(signs: signs, costs: costs)
  }

  package var dimension: Int { design.width }
  package var strongConvexity: Double { 1 }

  private func half(_ point: [Double]) -> Double { point.reduce(0) { $0 + $1 * $1 } / 2 }

  package func value(at point: [Double]) -> Double {
    design.pass(loss, at: point, threads: 1).value + half(point)
  }

  package func expansion(
    at point: [Double]
  ) throws(LinearAlgebraError) -> QuadraticExpansion {
    let pass = design.pass(loss, at: point, threads: 1)
    var curvature = design.gram(pass.curvatures, threads: 1)
    for j in 0..<dimension { curvature[j, j] += 1 }
    return QuadraticExpansion(
      value: pass.value + half(point), gradient: zip(pass.gradient, point).map { $0 + $1 },
      curvature: curvature)
  }

  /// A lower bound of the minimum; see `SquaredHingeLoss`.
  package func dualBound(at point: [Double]) -> Double {
    SquaredHingeLoss.dualBound(design.pass(loss, at: point, threads: 1), isLasso: false)
  }
}
