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

/// Whole groups to parts of given shares.
enum GroupAssignment {
  /// The part of every row.
  ///
  /// Each group in turn goes where the sum over parts and classes of (rows)² / (share · class size)
  /// grows least; that sum is smallest where every part has its share of every class.
  static func parts(
    groups: Column, labels: [Double]?, shares: [Double], seeds: SeedTree
  ) throws(DataError) -> [Int] {
    if let labels, labels.count != groups.count {
      throw DataError(
        .badOption, "there are \(labels.count) labels for \(groups.count) rows",
        column: groups.name)
    }
    let strata = try Strata(labels ?? [Double](repeating: 0, count: groups.count))
    var classes = [Int](repeating: 0, count: groups.count)
    for (place, rows) in strata.rows.enumerated() { for row in rows { classes[row] = place } }
    let members = rowsByGroup(groups)
    guard members.count >= shares.count else {
      throw DataError(
        .tooFewRows,
        "there are \(members.count) groups, too few for \(shares.count) parts", column: groups.name)
    }
    var generator = seeds.generator()
    let shuffled = Strata.shuffled(Array(members.indices), &generator)
    // Sorting is stable on (size, place in the shuffle).
    let order = shuffled.enumerated().sorted {
      let (a, b) = (members[$0.element].count, members[$1.element].count)
      return a == b ? $0.offset < $1.offset : a > b
    }.map(\.element)
    let sizes = strata.rows.map { Double($0.count) }
    var held = [[Double]](
      repeating: [Double](repeating: 0, count: sizes.count), count: shares.count)
    var groupCounts = [Int](repeating: 0, count: shares.count)
    var parts = [Int](repeating: 0, count: groups.count)
    for (turn, group) in order.enumerated() {
      var added = [Double](repeating: 0, count: sizes.count)
      for row in members[group] { added[classes[row]] += 1 }
      // The last groups are kept for parts that have none yet.
      let empty = groupCounts.filter { $0 == 0 }.count
      let mustFill = order.count - turn <= empty
      var best = 0
      var bestCost = Double.infinity
      for part in shares.indices where !mustFill || groupCounts[part] == 0 {
        var cost = 0.0
        for place in sizes.indices {
          let growth = added[place] * (2 * held[part][place] + added[place])
          cost += growth / (shares[part] * sizes[place])
        }
        if cost < bestCost {
          bestCost = cost
          best = part
        }
      }
      groupCounts[best] += 1
      for place in sizes.indices { held[best][place] += added[place] }
      for row in members[group] { parts[row] = best }
    }
    return parts
  }

  /// The rows of every group, groups in order of their first row.
  private static func rowsByGroup(_ groups: Column) -> [[Int]] {
    var members: [[Int]] = []
    var known: [UInt64: Int] = [:]
    for row in 0..<groups.count {
      guard !groups.isMissing(row) else {
        members.append([row])
        continue
      }
      let key: UInt64
      switch groups.storage {
      case .numbers(let numbers): key = (numbers[row] + 0).bitPattern
      case .codes(let codes, _): key = UInt64(codes[row])
      }
      if let place = known[key] {
        members[place].append(row)
      } else {
        known[key] = members.count
        members.append([row])
      }
    }
    return members
  }
}
