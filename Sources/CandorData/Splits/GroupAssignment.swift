import CandorNumerics

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
