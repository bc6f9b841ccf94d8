import CandorData

/// Gower's distance on source features: the mean over features of |x − y| over the feature's range in
/// the sample for numbers, and of 0 or 1 for levels; features missing in either row are left out. Gower
/// 1971, doi:10.2307/2528823. Two rows without a feature in common have the distance 1.
package struct GowerDistance: Sendable {
  private let ranges: [Double]
  private let sample: SourceValues

  /// Looks at the ranges of a sample.
  package init(_ sample: SourceValues) {
    self.sample = sample
    ranges = sample.columns.map { column in
      let present = (column.numbers ?? []).filter { !$0.isNaN }
      guard let low = present.min(), let high = present.max() else { return 0 }
      return high - low
    }
  }

  /// The distances of one row of other values to every row of the sample; O(rows · features).
  package func distances(from values: SourceValues, row: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: sample.count)
    var counts = sums
    for (f, column) in sample.columns.enumerated() {
      if values.columns[f].isMissing(row) { continue }
      switch (column.storage, values.columns[f].storage) {
      case (.numbers(let others), .numbers(let own)):
        for r in others.indices where !others[r].isNaN {
          counts[r] += 1
          if ranges[f] > 0 { sums[r] += min(abs(others[r] - own[row]) / ranges[f], 1) }
        }
      case (.codes(let others, let levels), .codes(let own, let ownLevels)):
        let code = levels.code(of: ownLevels.levels[Int(own[row])])
        for r in others.indices where others[r] >= 0 {
          counts[r] += 1
          if others[r] != code { sums[r] += 1 }
        }
      case (.numbers, .codes), (.codes, .numbers): continue
      }
    }
    return sums.indices.map { counts[$0] > 0 ? sums[$0] / counts[$0] : 1 }
  }
}
