public import CandorNumerics

/// A split with every group (a customer, a branch) on one side alone.
public enum GroupSplit {
  /// Shares whole groups out, the largest first and equal ones in random order, each to the part
  /// that it unbalances least.
  ///
  /// The parts' sizes (and shares of classes, with labels) come as near to what was asked as the
  /// groups allow; a group that is larger than the smaller part goes to the larger one. O(n log n).
  ///
  /// - Parameters:
  ///   - groups: The group of each row; a row without one is a group of its own.
  ///   - testShare: The test part's share of the rows, between 0 and 1.
  ///   - labels: One label a row, whose shares are kept as far as groups allow; nil looks at none.
  ///   - seeds: The source of this split's randomness.
  /// - Returns: The split; both parts in rising order.
  /// - Throws: `DataError` where the share is out of range, lengths differ, or there are too few
  ///   groups for two parts.
  public static func make(
    groups: Column, testShare: Double, labels: [Double]? = nil, seeds: SeedTree
  ) throws(DataError) -> Split {
    try Strata.checkShare(testShare)
    let parts = try GroupAssignment.parts(
      groups: groups, labels: labels, shares: [1 - testShare, testShare],
      seeds: seeds.child("group split"))
    return Split(
      train: parts.indices.filter { parts[$0] == 0 }, test: parts.indices.filter { parts[$0] == 1 })
  }
}
