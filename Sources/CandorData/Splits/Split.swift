/// Positions of a table's rows to learn from, and to test on.
public struct Split: Sendable, Equatable, Codable {
  /// The rows to learn from.
  public let train: [Int]
  /// The rows to test on.
  public let test: [Int]

  /// Joins the two parts; both in rising order from every maker here.
  public init(train: [Int], test: [Int]) {
    self.train = train
    self.test = test
  }

  /// Whether every row of `count` stands in exactly one of the two parts.
  public func isPartition(of count: Int) -> Bool {
    guard train.count + test.count == count else { return false }
    var seen = [Bool](repeating: false, count: count)
    for row in train + test {
      guard seen.indices.contains(row), !seen[row] else { return false }
      seen[row] = true
    }
    return true
  }

  /// The splits that test on each part in turn, from the part of every row.
  static func folds(parts: [Int], count: Int) -> [Split] {
    (0..<count).map { part in
      Split(
        train: parts.indices.filter { parts[$0] != part },
        test: parts.indices.filter { parts[$0] == part })
    }
  }
}
