package import CandorNumerics

/// The negative log-likelihood of logistic regression with a quadratic penalty,
/// `Σ wᵢ (log(1 + e^ηᵢ) − tᵢηᵢ) + ½ Σ λⱼβⱼ²` with `η = Xβ`, as a smooth function.
///
/// Newton's step on it is one step of iteratively reweighted least squares: the curvature is
/// `XᵀWX + Λ` with `W = w·p(1 − p)` (McCullagh and Nelder, "Generalized Linear Models", 1989,
/// section 4.4). Targets may be fractions, as Platt's are.
package struct LogisticObjective: SmoothObjective {
  let design: LinearDesign
  let loss: LogisticLoss
  let penalties: [Double]

  package init(design: Matrix, targets: [Double], weights: [Double], penalties: [Double]) {
    self.design = LinearDesign(design)
    loss = LogisticLoss(targets: targets, weights: weights)
    self.penalties = penalties
  }

  package var dimension: Int { design.width }
  package var strongConvexity: Double { 0 }

  private func penalty(at point: [Double]) -> Double {
    zip(point, penalties).reduce(0) { $0 + $1.1 * $1.0 * $1.0 } / 2
  }

  package func value(at point: [Double]) -> Double {
    design.pass(loss, at: point, threads: 1).value + penalty(at: point)
  }

  package func expansion(
    at point: [Double]
  ) throws(LinearAlgebraError) -> QuadraticExpansion {
    let pass = design.pass(loss, at: point, threads: 1)
    var curvature = design.gram(pass.curvatures, threads: 1)
    var gradient = pass.gradient
    for j in 0..<dimension {
      curvature[j, j] += penalties[j]
      gradient[j] += penalties[j] * point[j]
    }
    return QuadraticExpansion(
      value: pass.value + penalty(at: point), gradient: gradient, curvature: curvature)
  }
}
