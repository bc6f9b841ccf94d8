import CandorNumerics

/// How well one feature alone tells the rows of one group from all others.
///
/// The feature is cut into levels: its own where it has names, bins of equal mass where it has
/// numbers, and one for missing cells. On one half of the rows each level gets the group's share in
/// it, drawn towards the whole where it has few rows; the other half is ranked by that share. So a
/// relation that rises, falls, bends or hides in the missing cells counts alike, and chance fitted on
/// one half does not show on the other: a feature that says nothing has an expected area of one half.
public struct ProxyPower: Sendable, Equatable, Codable {
  /// The group that is told from all others.
  public let group: String
  /// The area under the ROC curve on the half that was not fitted, with DeLong's interval.
  public let auc: Estimate
  /// How many of the judged rows are of the group.
  public let members: Int
  /// How many of the judged rows are of other groups.
  public let others: Int

  /// Whether a verdict may be given: enough rows on both sides.
  public func isSufficient(_ options: GroupOptions = GroupOptions()) -> Bool {
    min(members, others) >= options.minimumRows
  }
}

/// The levels of one feature, one a row.
public struct ProxyLevels: Sendable, Equatable {
  /// The level of each row, from zero.
  public let levels: [Int]
  /// How many levels there are.
  public let count: Int

  /// The most bins of a feature of numbers.
  static let mostBins = 20

  /// Cuts numbers into bins of equal mass by the fitted rows; NaN is a level of its own.
  ///
  /// - Parameters:
  ///   - numbers: One number a row.
  ///   - isFitted: Whether the cuts may come from the row.
  public init(numbers: [Double], isFitted: [Bool]) {
    let sorted = zip(numbers, isFitted).compactMap { $1 && !$0.isNaN ? $0 : nil }.sorted()
    var cuts: [Double] = []
    if let greatest = sorted.last {
      for bin in 1..<Self.mostBins {
        let cut = sorted[min(bin * sorted.count / Self.mostBins, sorted.count - 1)]
        // A cut is the highest number of its bin; the highest of all needs none.
        if cut < greatest, cut > cuts.last ?? -.infinity { cuts.append(cut) }
      }
    }
    levels = numbers.map { number in
      if number.isNaN { return cuts.count + 1 }
      var low = 0
      var high = cuts.count
      while low < high {
        let middle = (low + high) / 2
        if cuts[middle] < number { low = middle + 1 } else { high = middle }
      }
      return low
    }
    count = cuts.count + 2
  }

  /// Takes the levels of a feature of names; a negative code is a missing cell.
  ///
  /// - Parameters:
  ///   - codes: One code a row.
  ///   - count: How many codes there are; codes from there on count as missing.
  public init(codes: [Int32], count: Int) {
    levels = codes.map { $0 >= 0 && $0 < count ? Int($0) : count }
    self.count = count + 1
  }
}

extension ProxyPower {
  /// Rows that a level borrows from the whole.
  private static let borrowed = 10.0

  /// Measures one feature against each group in turn; O(rows + groups · levels log levels).
  ///
  /// Of two groups the first alone is told, since the second is its mirror. A group without rows on
  /// both sides of either half is left out.
  ///
  /// - Parameters:
  ///   - feature: The levels of the feature.
  ///   - groups: The group of each row; rows without one are left out.
  ///   - order: The groups in the order of the result.
  ///   - isFitted: Which rows the shares come from; the others are judged.
  ///   - level: The nominal coverage of the intervals.
  /// - Returns: One entry a group.
  /// - Throws: `EvaluationError.lengthMismatch` where lengths differ.
  public static func measure(
    _ feature: ProxyLevels, groups: [String?], order: [String], isFitted: [Bool],
    level: Double = 0.95
  ) throws(EvaluationError) -> [ProxyPower] {
    guard feature.levels.count == groups.count, groups.count == isFitted.count else {
      throw EvaluationError(
        .lengthMismatch,
        "There are \(feature.levels.count) values of the feature, \(groups.count) groups and "
          + "\(isFitted.count) halves; give one of each a row.")
    }
    var place: [String: Int] = [:]
    for name in order where place[name] == nil { place[name] = place.count }
    let count = place.count
    // counts[half][group · levels + level]
    var fitted = [Double](repeating: 0, count: count * feature.count)
    var judged = fitted
    for row in groups.indices {
      guard let name = groups[row], let group = place[name] else { continue }
      let cell = group * feature.count + feature.levels[row]
      if isFitted[row] { fitted[cell] += 1 } else { judged[cell] += 1 }
    }
    func totals(_ cells: [Double]) -> [Double] {
      (0..<feature.count).map { l in
        (0..<count).reduce(0) { $0 + cells[$1 * feature.count + l] }
      }
    }
    let (fittedAll, judgedAll) = (totals(fitted), totals(judged))
    let rows = fittedAll.reduce(0, +)
    let present = place.sorted { $0.value < $1.value }.filter { entry in
      (0..<feature.count).contains {
        fitted[entry.value * feature.count + $0] + judged[entry.value * feature.count + $0] > 0
      }
    }
    var result: [ProxyPower] = []
    for (name, group) in present.prefix(present.count == 2 ? 1 : present.count) {
      let own = group * feature.count..<(group + 1) * feature.count
      let members = Array(judged[own])
      let others = zip(judgedAll, members).map { $0 - $1 }
      let share = fitted[own].reduce(0, +) / rows
      let rates = zip(fittedAll, fitted[own]).map { all, part in
        (part + borrowed * share) / (all + borrowed)
      }
      let counts = (Int(members.reduce(0, +)), Int(others.reduce(0, +)))
      guard rows > 0, share > 0, share < 1, counts.0 > 0, counts.1 > 0 else { continue }
      result.append(
        ProxyPower(
          group: name, auc: area(rates, bads: members, goods: others, level: level),
          members: counts.0, others: counts.1))
    }
    return result
  }

  /// DeLong's estimate for rows that share few scores, from the counts at each score.
  private static func area(
    _ scores: [Double], bads: [Double], goods: [Double], level: Double
  ) -> Estimate {
    let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    let (badCount, goodCount) = (bads.reduce(0, +), goods.reduce(0, +))
    var below: (bads: Double, goods: Double) = (0, 0)
    // The share of goods below each bad, and of bads above each good, ties half.
    var parts: [(bads: Double, ofBad: Double, goods: Double, ofGood: Double)] = []
    var start = 0
    while start < order.count {
      var end = start
      var tied: (bads: Double, goods: Double) = (0, 0)
      while end < order.count, scores[order[end]] == scores[order[start]] {
        tied.bads += bads[order[end]]
        tied.goods += goods[order[end]]
        end += 1
      }
      parts.append(
        (
          tied.bads, (below.goods + 0.5 * tied.goods) / goodCount, tied.goods,
          (badCount - below.bads - 0.5 * tied.bads) / badCount
        ))
      below.bads += tied.bads
      below.goods += tied.goods
      start = end
    }
    let area = parts.reduce(0) { $0 + $1.bads * $1.ofBad } / badCount
    guard badCount > 1, goodCount > 1 else {
      return Estimate(
        value: area, level: level, method: "no interval: a class has one row only")
    }
    let ofBads = parts.reduce(0) { $0 + $1.bads * ($1.ofBad - area) * ($1.ofBad - area) }
    let ofGoods = parts.reduce(0) { $0 + $1.goods * ($1.ofGood - area) * ($1.ofGood - area) }
    let error =
      (ofBads / (badCount * (badCount - 1)) + ofGoods / (goodCount * (goodCount - 1)))
      .squareRoot()
    guard error > 0,
      let interval = ConfidenceInterval.logit(value: area, standardError: error, level: level)
    else {
      return Estimate(
        value: area, level: level,
        method: area == 0 || area == 1
          ? "no interval: the two rankings place all rows alike"
          : "no interval: all scores are equal")
    }
    return Estimate(
      value: area, standardError: error, lower: interval.lower, upper: interval.upper,
      level: level, method: "DeLong, logit interval")
  }
}
