import CandorNumerics

/// How the values of single applicants move when one feature is set to each value of a grid.
///
/// Goldstein, Kapelner, Bleich and Pitkin 2015, doi:10.1080/10618600.2014.907095.
public struct IndividualCurves: Sendable, Equatable, Codable {
  /// The rows of the sample, rising.
  public let rows: [Int]
  /// The grid point that stands for each row's own value; -1 where none does.
  public let own: [Int]
  /// One curve a row, one value a grid point, on the scale of the effect.
  public let values: [[Double]]

  /// The curves less their own value at one grid point (the first unless told otherwise), so that
  /// curves which differ in level alone fall onto each other.
  ///
  /// - Parameter point: The grid point at which all curves are zero; it must be one of the grid.
  /// - Returns: One curve a row; the curves as they are where there is no such point.
  public func centred(at point: Int = 0) -> [[Double]] {
    values.map { curve in
      guard curve.indices.contains(point) else { return curve }
      return curve.map { $0 - curve[point] }
    }
  }

  /// Keeps some curves, spread evenly over the applicants in the order of their curves' means.
  init(_ curves: EffectCurves, grid index: Int, most: Int) {
    let places = curves.points(of: index)
    let count = curves.values.rows
    if most >= count {
      rows = Array(0..<count)
    } else {
      let levels = (0..<count).map { row in
        places.reduce(0) { $0 + curves.values[row, $1] }
      }
      let order = Ranks.order(levels)
      rows = (0..<most).map { order[(2 * $0 + 1) * count / (2 * most)] }.sorted()
    }
    own = rows.map { curves.grids[index].owners[$0] }
    values = rows.map { row in places.map { curves.values[row, $0] } }
  }
}

extension EffectCurves {
  /// One less the share of the curves' movement that their mean makes: movement is the variance of a
  /// curve over the points, weighted by the points' shares, averaged over the rows.
  func heterogeneity(of index: Int, means: [Double]) -> Double {
    let places = points(of: index)
    let shares = grids[index].points.map(\.share)
    func variance(_ value: (Int) -> Double) -> Double {
      var mean = 0.0
      for point in shares.indices { mean += shares[point] * value(point) }
      var sum = 0.0
      for point in shares.indices {
        let deviation = value(point) - mean
        sum += shares[point] * deviation * deviation
      }
      return sum
    }
    let shared = variance { means[$0] }
    let movements = (0..<values.rows).map { row in
      variance { values[row, places.lowerBound + $0] }
    }
    let all = background.mean(of: movements)
    // Movements within the rounding of the values are none.
    let size = means.reduce(0) { max($0, abs($1)) }
    guard all > 1e-24 * size * size, all > 0 else { return 0 }
    return min(max(1 - shared / all, 0), 1)
  }
}
