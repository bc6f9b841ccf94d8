import CandorNumerics

/// Features that alone nearly tell good from bad, as a value does that was written after the
/// outcome.
///
/// `measure` is the AUC of the feature on training rows (above one half where high means bad),
/// `count` the rows that it was computed from. A number is tested in both directions, over its
/// present cells, and so is the fact that it is missing. A level is scored by its bad rate in the
/// other four of five folds, the folds dealt within each class in row order, so that a level of one
/// row does not score itself; rates are drawn to the base rate by one row's worth.
enum SuspectedLeakage: DataCheck {
  private static let folds = 5

  static func findings(in subject: DataCheckSubject) -> [DataCheckResult] {
    guard let labels = subject.labels else { return [] }
    let rows = subject.trainingRows.filter { labels[$0] == 0 || labels[$0] == 1 }
    let limit = subject.limits.leakageAUC
    return subject.features.compactMap { column in
      var scores: [Double]
      var used = rows
      switch column.storage {
      case .numbers(let numbers):
        used = rows.filter { !numbers[$0].isNaN }
        scores = used.map { numbers[$0] }
      case .codes(let codes, _):
        scores = outOfFoldRates(rows.map { codes[$0] }, targets: rows.map { labels[$0] })
      }
      var found = auc(scores, used.map { labels[$0] }, subject.limits)
      if column.numbers != nil {
        // The gap itself may tell: a cell that is filled in only after default.
        let gaps = auc(
          rows.map { column.isMissing($0) ? 1 : 0 }, rows.map { labels[$0] }, subject.limits)
        if let gaps, abs(gaps - 0.5) > abs((found ?? 0.5) - 0.5) {
          found = gaps
          used = rows
        }
      }
      guard let found, found > limit || (column.numbers != nil && found < 1 - limit) else {
        return nil
      }
      return DataCheckResult(
        .suspectedLeakage, .serious, columns: [column.name], count: used.count, measure: found)
    }
  }

  /// The share of (bad, good) pairs in which the bad row scores higher, ties counting half; nil
  /// where a class has too few rows. Mann and Whitney, 1947, doi:10.1214/aoms/1177730491.
  static func auc(
    _ scores: [Double], _ labels: [Double], _ limits: DataCheckLimits
  ) -> Double? {
    let bad = labels.reduce(0) { $0 + Int($1) }
    let good = labels.count - bad
    guard min(bad, good) >= max(limits.leakageMinimumRows, 1) else { return nil }
    let ranks = Ranks.average(scores)
    var sum = 0.0
    for i in labels.indices where labels[i] == 1 { sum += ranks[i] }
    return (sum - Double(bad) * Double(bad + 1) / 2) / (Double(bad) * Double(good))
  }

  private static func outOfFoldRates(_ codes: [Int32], targets: [Double]) -> [Double] {
    let levels = Int(codes.max() ?? -1) + 2
    var dealt = [0, 0]
    let fold = targets.map { target -> Int in
      dealt[Int(target)] += 1
      return (dealt[Int(target)] - 1) % folds
    }
    // Counts and bads by fold and level (missing first), then by fold alone.
    var counts = [Double](repeating: 0, count: folds * levels)
    var bads = counts
    for i in codes.indices {
      let place = fold[i] * levels + Int(codes[i]) + 1
      counts[place] += 1
      bads[place] += targets[i]
    }
    var levelCounts = [Double](repeating: 0, count: levels)
    var levelBads = levelCounts
    for place in counts.indices {
      levelCounts[place % levels] += counts[place]
      levelBads[place % levels] += bads[place]
    }
    let base = OrderedReduction.sum(targets) / Double(max(targets.count, 1))
    return codes.indices.map { i in
      let level = Int(codes[i]) + 1
      let place = fold[i] * levels + level
      return (levelBads[level] - bads[place] + base) / (levelCounts[level] - counts[place] + 1)
    }
  }
}
