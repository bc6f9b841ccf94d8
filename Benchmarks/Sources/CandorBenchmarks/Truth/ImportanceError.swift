import Candor

/// How well an importance orders features whose true sizes are known.
struct ImportanceError {
  /// The rank correlation with the true sizes, over all features.
  let rank: Double
  /// The share of the four truly largest among the four found.
  let topFour: Double
  /// Of all pairs of a column without effect and one with, the share in which the first stands above.
  let misplaced: Double
  /// The part of the whole importance that went to columns without effect; negative ones count as 0.
  let given: Double

  init(_ found: [Double], truth: [Double], isWithoutEffect: [Bool]) {
    rank = Correlation.spearman(found, truth)
    topFour = ContributionError.overlap(found.map { max($0, 0) }, truth, top: 4)
    let without = found.indices.filter { isWithoutEffect[$0] }
    let with = found.indices.filter { !isWithoutEffect[$0] }
    let wrong = without.reduce(0) { sum, one in
      sum + with.count { found[$0] < found[one] }
    }
    misplaced = Double(wrong) / Double(max(without.count * with.count, 1))
    let positive = found.map { max($0, 0) }
    given = without.reduce(0) { $0 + positive[$1] } / max(positive.reduce(0, +), 1e-300)
  }

  /// The standard deviation of each feature's true contribution over the held-out rows, against all
  /// training rows.
  static func trueSizes(_ world: TruthWorld) throws -> [Double] {
    let truth = TrueContributions(
      world.truth, background: try world.truth.cells(of: world.training))
    let values = truth.values(try world.truth.cells(of: world.test))
    return world.features.indices.map { position in
      Moments.standardDeviation(values.map { $0[position] })
    }
  }
}
