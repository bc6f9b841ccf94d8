import CandorData
import CandorNumerics

/// The order of a name's levels in which neighbours are alike in the other features.
///
/// Apley and Zhu 2020, doi:10.1111/rssb.12377, supplement E: the distance of two levels is the sum
/// over the other features of the Kolmogorov distance of numbers, or half the absolute difference of
/// the shares of levels; the levels are put on a line by classical scaling (Torgerson 1952,
/// doi:10.1007/BF02288916).
enum LevelSimilarity {
  /// How finely the distribution of a number is compared.
  private static let quantiles = 100

  /// The points of a grid of levels in that order, the missing cell among them; as they are where
  /// there are two or fewer.
  ///
  /// O(rows · features · (log rows + quantiles)).
  static func order(
    of grid: FeatureGrid, sample: EffectSample
  ) throws(ExplanationError) -> [Int] {
    let weights = sample.background.weights ?? [Double](repeating: 1, count: sample.count)
    let present = grid.points.indices.filter { grid.points[$0].share > 0 }
    let absent = grid.points.indices.filter { grid.points[$0].share <= 0 }
    guard present.count > 2 else { return present + absent }
    var place = [Int](repeating: -1, count: grid.points.count)
    for (position, point) in present.enumerated() { place[point] = position }
    let groups = grid.owners.map { $0 < 0 ? -1 : place[$0] }
    var totals = [Double](repeating: 0, count: present.count)
    for (group, weight) in zip(groups, weights) where group >= 0 { totals[group] += weight }
    var distances = Matrix(rows: present.count, columns: present.count)
    for feature in sample.encoder.features where feature != grid.feature {
      let column = try sample.column(of: feature)
      let profile: Matrix
      let isNumber: Bool
      switch column.storage {
      case .numbers(let numbers):
        profile = cumulative(numbers, groups: groups, weights: weights, totals: totals)
        isNumber = true
      case .codes(let codes, let levels):
        profile = shares(
          codes, levels: levels.count, groups: groups, weights: weights, totals: totals)
        isNumber = false
      }
      for a in 0..<present.count {
        for b in 0..<a {
          let gaps = (0..<profile.columns).map { abs(profile[a, $0] - profile[b, $0]) }
          let distance = isNumber ? gaps.max() ?? 0 : gaps.reduce(0, +) / 2
          distances[a, b] += distance
          distances[b, a] += distance
        }
      }
    }
    let line = try positions(distances)
    return Ranks.order(line).map { present[$0] } + absent
  }

  /// Each group's distribution function at quantiles of the whole column; missing cells count below
  /// all.
  private static func cumulative(
    _ numbers: [Double], groups: [Int], weights: [Double], totals: [Double]
  ) -> Matrix {
    let known = numbers.filter { !$0.isNaN }.sorted()
    guard !known.isEmpty else { return Matrix(rows: totals.count, columns: 0) }
    var edges: [Double] = []
    for k in 0..<quantiles {
      let edge = Quantiles.sorted(known, at: Double(k) / Double(quantiles - 1))
      if edges.last != edge { edges.append(edge) }
    }
    var profile = Matrix(rows: totals.count, columns: edges.count)
    for (row, group) in groups.enumerated() where group >= 0 {
      let number = numbers[row]
      let edge = number.isNaN ? 0 : GridCells.firstIndex(in: edges, notBelow: number)
      if edge < edges.count { profile[group, edge] += weights[row] }
    }
    for group in totals.indices where totals[group] > 0 {
      var sum = 0.0
      for edge in edges.indices {
        sum += profile[group, edge]
        profile[group, edge] = sum / totals[group]
      }
    }
    return profile
  }

  /// Each group's shares of levels, the missing cell last.
  private static func shares(
    _ codes: [Int32], levels: Int, groups: [Int], weights: [Double], totals: [Double]
  ) -> Matrix {
    var profile = Matrix(rows: totals.count, columns: levels + 1)
    for (row, group) in groups.enumerated() where group >= 0 && totals[group] > 0 {
      let level = codes[row] < 0 ? levels : Int(codes[row])
      profile[group, level] += weights[row] / totals[group]
    }
    return profile
  }

  /// The first coordinate of classical scaling.
  private static func positions(_ distances: Matrix) throws(ExplanationError) -> [Double] {
    let count = distances.rows
    let squares = Matrix(rows: count, columns: count) { distances[$0, $1] * distances[$0, $1] }
    let means = (0..<count).map { OrderedReduction.sum(Array(squares.row($0))) / Double(count) }
    let mean = OrderedReduction.sum(means) / Double(count)
    let centred = Matrix(rows: count, columns: count) {
      -(squares[$0, $1] - means[$0] - means[$1] + mean) / 2
    }
    do throws(LinearAlgebraError) {
      return try SymmetricEigen(centred).vectors.column(count - 1)
    } catch {
      throw ExplanationError(numerical: error)
    }
  }
}
