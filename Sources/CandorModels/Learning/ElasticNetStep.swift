import CandorNumerics

/// Minimises a quadratic with absolute values, `gᵀΔ + ½ΔᵀHΔ + Σ λⱼ|βⱼ + Δⱼ|`, by coordinate descent
/// with soft thresholds, the product HΔ kept up to date.
///
/// Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear models via
/// coordinate descent", J. Stat. Softw. 33, 2010, doi:10.18637/jss.v033.i01 (covariance updates).
/// Where the signs no longer change, the free coordinates are solved for at once by Cholesky.
enum ElasticNetStep {
  /// At most so many sweeps.
  static let sweeps = 2000

  /// The least subgradient of `gβ + λ|β|` at β.
  static func subgradient(_ gradient: Double, at point: Double, lasso: Double) -> Double {
    if point > 0 { return gradient + lasso }
    if point < 0 { return gradient - lasso }
    return max(abs(gradient) - lasso, 0) * (gradient < 0 ? -1 : 1)
  }

  /// Δ at the minimum.
  static func solve(
    curvature: Matrix, gradient: [Double], point: [Double], lassos: [Double]
  ) -> [Double] {
    let size = point.count
    let largest = (0..<size).map { curvature[$0, $0] }.max() ?? 0
    var target = point
    // The model's gradient at the target.
    var slopes = gradient
    var signs: [Int] = []
    for sweep in 0..<sweeps {
      var reach = 0.0
      for j in 0..<size {
        let diagonal = max(curvature[j, j], 1e-14 * max(largest, 1e-300))
        let free = diagonal * target[j] - slopes[j]
        let updated =
          free > lassos[j]
          ? (free - lassos[j]) / diagonal : free < -lassos[j] ? (free + lassos[j]) / diagonal : 0
        let change = updated - target[j]
        if change == 0 { continue }
        target[j] = updated
        reach = max(reach, diagonal * change * change)
        let start = j * size
        curvature.withColumn(start: start, count: size) { k, element in
          slopes[k] += element * change
        }
      }
      if reach == 0 { break }
      let found = target.enumerated().map { j, value in
        lassos[j] == 0 ? 2 : value > 0 ? 1 : value < 0 ? -1 : 0
      }
      if found == signs, sweep % 4 == 3,
        let exact = solveFree(
          found, curvature: curvature, gradient: gradient, point: point, lassos: lassos)
      {
        return exact
      }
      signs = found
    }
    return zip(target, point).map { $0 - $1 }
  }

  /// Δ where the zero coordinates stay zero and the others keep their signs, if that is the minimum.
  private static func solveFree(
    _ signs: [Int], curvature: Matrix, gradient: [Double], point: [Double], lassos: [Double]
  ) -> [Double]? {
    let free = signs.indices.filter { signs[$0] != 0 }
    var delta = point.map { -$0 }
    if !free.isEmpty {
      let right = free.map { j in
        var sum = -gradient[j] - (signs[j] == 2 ? 0 : Double(signs[j]) * lassos[j])
        for k in signs.indices where signs[k] == 0 { sum += curvature[j, k] * point[k] }
        return sum
      }
      let system = Matrix(rows: free.count, columns: free.count) { curvature[free[$0], free[$1]] }
      guard let factor = try? Cholesky(system), let solved = try? factor.solve(right) else {
        return nil
      }
      for (k, j) in free.enumerated() {
        delta[j] = solved[k]
        let value = point[j] + solved[k]
        guard signs[j] == 2 || value * Double(signs[j]) > 0 else { return nil }
      }
    }
    for j in signs.indices where signs[j] == 0 {
      var slope = gradient[j]
      for k in signs.indices { slope += curvature[j, k] * delta[k] }
      guard abs(slope) <= lassos[j] * (1 + 1e-12) else { return nil }
    }
    return delta
  }
}

extension Matrix {
  /// Calls a function with the elements of a stretch of storage and their places in it.
  fileprivate func withColumn(start: Int, count: Int, _ body: (Int, Double) -> Void) {
    for k in 0..<count { body(k, values[start + k]) }
  }
}
