import CandorNumerics

/// Minimises a quadratic with absolute values, `gᵀΔ + ½ΔᵀHΔ + Σ λⱼ|βⱼ + Δⱼ|`, by coordinate descent
/// with soft thresholds, the product HΔ kept up to date.
///
/// Friedman, Hastie and Tibshirani, "Regularization paths for generalized linear models via
/// coordinate descent", J. Stat. Softw. 33, 2010, doi:10.18637/jss.v033.i01 (covariance updates).
enum ElasticNetStep {
  /// At most so many rounds of sweeps and searches.
  static let rounds = 100

  /// The least subgradient of `gβ + λ|β|` at β.
  static func subgradient(_ gradient: Double, at point: Double, lasso: Double) -> Double {
    if point > 0 { return gradient + lasso }
    if point < 0 { return gradient - lasso }
    return max(abs(gradient) - lasso, 0) * (gradient < 0 ? -1 : 1)
  }

  /// Δ at the minimum: a few sweeps by coordinates, then a search over signs, in turn.
  static func solve(
    curvature: Matrix, gradient: [Double], point: [Double], lassos: [Double]
  ) -> [Double] {
    let size = point.count
    let largest = (0..<size).map { curvature[$0, $0] }.max() ?? 0
    let least = 1e-14 * max(largest, 1e-300)
    var target = point
    for _ in 0..<rounds {
      var slopes = slopes(at: target, from: point, curvature: curvature, gradient: gradient)
      for _ in 0..<4 {
        for j in 0..<size {
          let diagonal = max(curvature[j, j], least)
          let free = diagonal * target[j] - slopes[j]
          let updated =
            free > lassos[j]
            ? (free - lassos[j]) / diagonal : free < -lassos[j] ? (free + lassos[j]) / diagonal : 0
          let change = updated - target[j]
          if change == 0 { continue }
          target[j] = updated
          let row = curvature.row(j)
          let start = row.startIndex
          for k in 0..<size { slopes[k] += row[start + k] * change }
        }
      }
      searchSigns(
        &target, from: point, curvature: curvature, gradient: gradient, lassos: lassos,
        raise: least * 100)
      slopes = Self.slopes(at: target, from: point, curvature: curvature, gradient: gradient)
      let isOptimal = (0..<size).allSatisfy { j in
        let excess = abs(subgradient(slopes[j], at: target[j], lasso: lassos[j]))
        return excess <= 1e-11 * max(abs(gradient[j]), lassos[j], 1e-300)
      }
      if isOptimal { break }
    }
    return zip(target, point).map { $0 - $1 }
  }

  /// The quadratic's gradient at a target.
  private static func slopes(
    at target: [Double], from point: [Double], curvature: Matrix, gradient: [Double]
  ) -> [Double] {
    let moved = zip(target, point).map { $0 - $1 }
    return zip(gradient, curvature.times(moved)).map { $0 + $1 }
  }

  /// With the signs fixed the quadratic is solved at once; the way there ends where a coordinate
  /// reaches zero, which then stays there, and the rest goes on.
  ///
  /// The value falls on the way, so that also columns that depend on each other, between which
  /// coordinates would trade for ever, come to rest (Lee, Battle, Raina and Ng, "Efficient sparse
  /// coding algorithms", NIPS 2006, feature-sign search).
  private static func searchSigns(
    _ target: inout [Double], from point: [Double], curvature: Matrix, gradient: [Double],
    lassos: [Double], raise: Double
  ) {
    for _ in 0...target.count {
      let free = target.indices.filter { target[$0] != 0 || lassos[$0] == 0 }
      guard !free.isEmpty else { return }
      let slopes = slopes(at: target, from: point, curvature: curvature, gradient: gradient)
      let right = free.map { j in
        -slopes[j] - (target[j] > 0 ? lassos[j] : target[j] < 0 ? -lassos[j] : 0)
      }
      var system = Matrix(rows: free.count, columns: free.count) { curvature[free[$0], free[$1]] }
      var step = (try? Cholesky(system)).flatMap { try? $0.solve(right) }
      if step == nil {
        for k in free.indices { system[k, k] += raise }
        step = (try? Cholesky(system)).flatMap { try? $0.solve(right) }
      }
      guard let step else { return }
      var length = 1.0
      var stops: Int?
      for (k, j) in free.enumerated() where lassos[j] > 0 {
        let end = target[j] + step[k]
        guard end == 0 || (end < 0) != (target[j] < 0) else { continue }
        let reach = -target[j] / step[k]
        if reach < length || stops == nil {
          length = min(max(reach, 0), length)
          stops = j
        }
      }
      for (k, j) in free.enumerated() { target[j] += length * step[k] }
      guard let stops else { return }
      target[stops] = 0
    }
  }
}
