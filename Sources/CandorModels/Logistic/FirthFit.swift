import CandorNumerics
import CandorScoring

/// Logistic regression by Firth's penalised likelihood, `l(β) + ½ log |I(β)|`.
///
/// Firth, "Bias reduction of maximum likelihood estimates", Biometrika 80, 1993,
/// doi:10.1093/biomet/80.1.27; Heinze and Schemper, "A solution to the problem of separation in
/// logistic regression", Statist. Med. 21, 2002, doi:10.1002/sim.1047. The score of a row is
/// `t − p + h(½ − p)` with its leverage h; steps are those of Fisher scoring, halved until the
/// penalised likelihood rises.
struct FirthFit {
  let design: LinearDesign
  let coordinates: DesignCoordinates
  let loss: LogisticLoss
  let maximumIterations: Int
  let tolerance: Double
  let threads: Int
  let check: @Sendable () throws(TrainingError) -> Void

  struct Place {
    let point: [Double]
    let logLikelihood: Double
    /// Minus the penalised log-likelihood.
    let value: Double
    /// Minus the penalised score.
    let gradient: [Double]
    let covariance: Matrix
    let information: Matrix
  }

  struct Outcome {
    let place: Place
    let decrement: Double
    let iterations: Int
    let values: [Double]
    let converged: Bool
  }

  func solve(from start: [Double]) throws(TrainingError) -> Outcome {
    var place = try place(start)
    var values = [place.value]
    var iterations = 0
    while true {
      let step = place.covariance.times(place.gradient)
      let decrement = zip(step, place.gradient).reduce(0) { $0 + $1.0 * $1.1 } / 2
      func outcome(_ converged: Bool) -> Outcome {
        Outcome(
          place: place, decrement: decrement, iterations: iterations, values: values,
          converged: converged)
      }
      if decrement <= tolerance * max(abs(place.value), 1) { return outcome(true) }
      if iterations >= maximumIterations { return outcome(false) }
      iterations += 1
      var length = min(1, 5 / max(step.map(abs).max() ?? 0, 1e-300))
      var next: Place?
      while length > 1e-10 {
        let trial = zip(place.point, step).map { $0 - length * $1 }
        if let found = try? self.place(trial),
          found.value <= place.value + 1e-14 * max(abs(place.value), 1)
        {
          next = found
          break
        }
        try check()
        length /= 2
      }
      guard let next else { return outcome(false) }
      place = next
      values.append(next.value)
    }
  }

  private func place(_ point: [Double]) throws(TrainingError) -> Place {
    try check()
    let designPoint = coordinates.designPoint(point)
    let pass = design.pass(loss, at: designPoint, threads: threads)
    let information = coordinates.curvature(design.gram(pass.curvatures, threads: threads))
    let factor: Cholesky
    let covariance: Matrix
    do {
      factor = try Cholesky(information)
      covariance = try factor.inverse()
    } catch {
      throw TrainingError(.numerical, "\(error)")
    }
    let leverages = leverages(covariance: coordinates.designCovariance(covariance))
    let margins = design.margins(at: designPoint, threads: threads)
    let curvatures = pass.curvatures.flatMap { $0 }
    let pulls = margins.indices.map { r in
      curvatures[r] * leverages[r] * (sigmoid(margins[r]) - 0.5)
    }
    let correction = coordinates.gradient(design.transposedProduct(pulls, threads: threads))
    return Place(
      point: point, logLikelihood: -pass.value, value: pass.value - factor.logDeterminant / 2,
      gradient: zip(coordinates.gradient(pass.gradient), correction).map { $0 + $1 },
      covariance: covariance, information: information)
  }

  /// `xᵀ·C·x` of each row; O(rows · columns²).
  private func leverages(covariance: Matrix) -> [Double] {
    let blocks = Parallel.blocks(of: design.count, size: 512)
    return Parallel.map(count: blocks.count, threads: threads) { b in
      let rows = design.dense(rows: blocks[b])
      guard let products = try? BLAS.product(rows, covariance) else {
        return [Double](repeating: 0, count: rows.rows)
      }
      return (0..<rows.rows).map { r in
        zip(rows.row(r), products.row(r)).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }.flatMap { $0 }
  }
}

extension Matrix {
  /// The product with a vector of as many elements as columns.
  func times(_ vector: [Double]) -> [Double] {
    (0..<rows).map { r in zip(row(r), vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}
