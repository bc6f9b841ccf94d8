import Candor

/// How far contributions of many applicants are from the true ones.
struct ContributionError {
  /// The sum of absolute errors as a share of the sum of absolute true contributions: what part of
  /// what there is to give was given to the wrong feature, or with the wrong size.
  let relative: Double
  /// The mean rank correlation (Spearman) of signed contributions, applicant by applicant.
  let rank: Double
  /// The mean share of the four largest true contributions that are among the four largest found.
  let topFour: Double
  /// The share of 95% intervals that hold the true contribution, of features whose interval has a
  /// width; nil where a method gives none.
  let coverage: Double?

  init(_ found: [Explanation], truth: [[Double]]) {
    let values = found.map { $0.attributions.map(\.value) }
    var wrong = 0.0
    var whole = 0.0
    var ranks: [Double] = []
    var tops = 0.0
    var held = 0
    var intervals = 0
    for (explanation, true_) in zip(found, truth) {
      let own = explanation.attributions.map(\.value)
      for (a, b) in zip(own, true_) {
        wrong += abs(a - b)
        whole += abs(b)
      }
      let rank = Correlation.spearman(own, true_)
      if rank.isFinite { ranks.append(rank) }
      tops += Self.overlap(own, true_, top: 4)
      for (attribution, value) in zip(explanation.attributions, true_) {
        guard let lower = attribution.lower, let upper = attribution.upper,
          upper - lower > 1e-12
        else { continue }
        intervals += 1
        if (lower...upper).contains(value) { held += 1 }
      }
    }
    relative = wrong / whole
    rank = ranks.reduce(0, +) / Double(max(ranks.count, 1))
    topFour = tops / Double(max(values.count, 1))
    coverage = intervals == 0 ? nil : Double(held) / Double(intervals)
  }

  /// The share of the largest absolute values of one list that are among the largest of another.
  static func overlap(_ a: [Double], _ b: [Double], top: Int) -> Double {
    func largest(_ values: [Double]) -> Set<Int> {
      Set(
        values.indices.sorted { (abs(values[$1]), $0) < (abs(values[$0]), $1) }.prefix(top))
    }
    return Double(largest(a).intersection(largest(b)).count) / Double(top)
  }
}
