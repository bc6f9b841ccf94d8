public import CandorNumerics

/// Folds with every group in one fold alone.
public enum GroupFolds {
  /// Shares whole groups out as `GroupSplit` does, to folds of equal share.
  ///
  /// - Parameters:
  ///   - groups: The group of each row; a row without one is a group of its own.
  ///   - folds: The number of folds, 2 at least.
  ///   - labels: One label a row, whose shares are kept as far as groups allow; nil looks at none.
  ///   - seeds: The source of the folds' randomness.
  /// - Returns: A split a fold, which tests on that fold.
  /// - Throws: `DataError` where there are fewer than two folds, lengths differ, or there are fewer
  ///   groups than folds.
  public static func make(
    groups: Column, folds: Int, labels: [Double]? = nil, seeds: SeedTree
  ) throws(DataError) -> [Split] {
    try Strata.checkFolds(folds)
    let parts = try GroupAssignment.parts(
      groups: groups, labels: labels,
      shares: [Double](repeating: 1 / Double(folds), count: folds),
      seeds: seeds.child("group folds"))
    return Split.folds(parts: parts, count: folds)
  }
}
