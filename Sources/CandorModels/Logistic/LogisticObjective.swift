package import CandorNumerics

/// The negative log-likelihood of logistic regression with a quadratic penalty,
/// `Σ wᵢ (log(1 + e^ηᵢ) − tᵢηᵢ) + ½ Σ λⱼβⱼ²` with `η = Xβ`.
///
/// Newton's step on it is one step of iteratively reweighted least squares: the curvature is
/// `XᵀWX + Λ` with `W = w·p(1 − p)` (McCullagh and Nelder, "Generalized Linear Models", 1989,
/// section 4.4). Targets may be fractions, as Platt's are.
package struct LogisticObjective: SmoothObjective {
  let design: Matrix
  let targets: [Double]
  let weights: [Double]
  let penalties: [Double]

  package init(design: Matrix, targets: [Double], weights: [Double], penalties: [Double]) {
    self.design = design
    self.targets = targets
    self.weights = weights
    self.penalties = penalties
  }

  package var dimension: Int { design.columns }
  package var strongConvexity: Double { 0 }

  /// `η = Xβ`, one a row.
  func linearPredictor(at point: [Double]) -> [Double] {
    var predictor = [Double](repeating: 0, count: targets.count)
    let values = design.values
    var span = predictor.mutableSpan
    RowProductsKernel.margins(values.span, coefficients: point.span, intercept: 0, into: &span)
    return predictor
  }

  /// The negative log-likelihood without the penalty.
  func negativeLogLikelihood(predictor: [Double]) -> Double {
    OrderedReduction.sum(
      predictor.indices.map { r in
        let eta = predictor[r]
        return weights[r] * (Self.softplus(eta) - targets[r] * eta)
      })
  }

  private func penalty(at point: [Double]) -> Double {
    zip(point, penalties).reduce(0) { $0 + $1.1 * $1.0 * $1.0 } / 2
  }

  package func value(at point: [Double]) -> Double {
    negativeLogLikelihood(predictor: linearPredictor(at: point)) + penalty(at: point)
  }

  package func expansion(
    at point: [Double]
  ) throws(LinearAlgebraError) -> QuadraticExpansion {
    let predictor = linearPredictor(at: point)
    var residuals = [Double](repeating: 0, count: predictor.count)
    var curvatures = residuals
    for r in predictor.indices {
      // p and 1 − p both from the smaller exponential, so that neither cancels.
      let e = SystemMath.exp(-abs(predictor[r]))
      let small = e / (1 + e)
      let large = 1 / (1 + e)
      let probability = predictor[r] >= 0 ? large : small
      let complement = predictor[r] >= 0 ? small : large
      residuals[r] =
        weights[r] * ((1 - targets[r]) * probability - targets[r] * complement)
      curvatures[r] = weights[r] * probability * complement
    }
    var gradient = zip(point, penalties).map { $0 * $1 }
    let values = design.values
    var span = gradient.mutableSpan
    RowProductsKernel.addWeightedRows(values.span, weights: residuals.span, to: &span)
    var curvature = try BLAS.weightedGram(design, weights: curvatures)
    for j in 0..<dimension { curvature[j, j] += penalties[j] }
    return QuadraticExpansion(
      value: negativeLogLikelihood(predictor: predictor) + penalty(at: point),
      gradient: gradient, curvature: curvature)
  }

  /// `log(1 + e^x)` without overflow.
  static func softplus(_ x: Double) -> Double {
    max(x, 0) + SystemMath.log1p(SystemMath.exp(-abs(x)))
  }
}
