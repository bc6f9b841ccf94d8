package import CandorNumerics

/// How strongly two source features of any type say the same, from 0 to 1, on the rows in which both
/// are there.
package enum Association {
  /// A source feature as its encoded columns have it.
  package enum Feature: Sendable {
    /// Numbers, NaN where missing.
    case numbers([Double])
    /// A level a row, -1 where missing.
    case levels([Int])

    /// Reads a source feature: level codes and blocks of 0/1 columns with a single one at most are
    /// levels (a row of zeros being the level left out), one 0/1 column beside a number says where the
    /// number was missing, and everything else is a number, that of the first column. nil without
    /// columns.
    package init?(_ matrix: Matrix, columns: [Int], levelCounts: [Int: Int]) {
      guard let first = columns.first else { return nil }
      let cells = matrix.column(first)
      if levelCounts[first] != nil {
        self = .levels(cells.map { Int(exactly: $0) ?? -1 })
        return
      }
      if columns.count > 1, Self.isOneHot(matrix, columns) {
        self = .levels(
          (0..<matrix.rows).map { r in columns.firstIndex { matrix[r, $0] == 1 } ?? columns.count })
        return
      }
      var numbers = cells
      if columns.count == 2, let flag = columns.last, Self.isFlag(matrix, flag) {
        for r in 0..<matrix.rows where matrix[r, flag] == 1 { numbers[r] = .nan }
      }
      self = .numbers(numbers)
    }

    private static func isFlag(_ matrix: Matrix, _ column: Int) -> Bool {
      (0..<matrix.rows).allSatisfy { matrix[$0, column] == 0 || matrix[$0, column] == 1 }
    }

    private static func isOneHot(_ matrix: Matrix, _ columns: [Int]) -> Bool {
      (0..<matrix.rows).allSatisfy { r in
        var sum = 0.0
        for c in columns {
          let value = matrix[r, c]
          guard value == 0 || value == 1 else { return false }
          sum += value
        }
        return sum <= 1
      }
    }
  }

  /// The association of two features; 0 where fewer than three rows have both or one is constant
  /// there. O(rows).
  package static func of(_ first: Feature, _ second: Feature) -> Double {
    switch (first, second) {
    case (.numbers(let x), .numbers(let y)):
      let both = x.indices.filter { !x[$0].isNaN && !y[$0].isNaN }
      guard both.count > 2 else { return 0 }
      let value = Correlation.spearman(both.map { x[$0] }, both.map { y[$0] })
      return value.isNaN ? 0 : abs(value)
    case (.numbers(let x), .levels(let levels)), (.levels(let levels), .numbers(let x)):
      let both = x.indices.filter { !x[$0].isNaN && levels[$0] >= 0 }
      return correlationRatio(both.map { x[$0] }, levels: both.map { levels[$0] })
    case (.levels(let a), .levels(let b)):
      let both = a.indices.filter { a[$0] >= 0 && b[$0] >= 0 }
      return cramersV(both.map { a[$0] }, both.map { b[$0] })
    }
  }

  /// The root of the share of a number's rank variance that lies between levels, corrected for the
  /// number of levels: `ε² = 1 − (1 − η²)(n − 1)/(n − k)` (Kelley 1935,
  /// doi:10.1073/pnas.21.9.554), 0 where that is negative.
  package static func correlationRatio(_ numbers: [Double], levels: [Int]) -> Double {
    let ranks = Ranks.average(numbers)
    let total = Moments(ranks)
    guard ranks.count > 2, total.sumOfSquaredDeviations > 0 else { return 0 }
    var sums: [Int: (sum: Double, count: Double)] = [:]
    for (rank, level) in zip(ranks, levels) {
      let old = sums[level] ?? (0, 0)
      sums[level] = (old.sum + rank, old.count + 1)
    }
    let n = Double(ranks.count)
    let k = Double(sums.count)
    guard k > 1, n > k else { return 0 }
    let between = OrderedReduction.sum(
      sums.sorted { $0.key < $1.key }.map { _, part in
        let distance = part.sum / part.count - total.mean
        return part.count * distance * distance
      })
    let share = between / total.sumOfSquaredDeviations
    return min(max(1 - (1 - share) * (n - 1) / (n - k), 0), 1).squareRoot()
  }

  /// Cramér's V with Bergsma's correction of its bias (2013, doi:10.1016/j.jkss.2012.10.002).
  package static func cramersV(_ a: [Int], _ b: [Int]) -> Double {
    let n = Double(a.count)
    var cells: [[Int]: Double] = [:]
    var rows: [Int: Double] = [:]
    var columns: [Int: Double] = [:]
    for (x, y) in zip(a, b) {
      cells[[x, y], default: 0] += 1
      rows[x, default: 0] += 1
      columns[y, default: 0] += 1
    }
    let r = Double(rows.count)
    let c = Double(columns.count)
    guard n > 2, r > 1, c > 1 else { return 0 }
    // χ²/n = Σ n(x,y)² / (n(x)·n(y)) − 1.
    let parts = cells.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, count in
      count * count / ((rows[key[0]] ?? 1) * (columns[key[1]] ?? 1))
    }
    let phi = max(OrderedReduction.sum(parts) - 1 - (r - 1) * (c - 1) / (n - 1), 0)
    let rowLevels = r - (r - 1) * (r - 1) / (n - 1)
    let columnLevels = c - (c - 1) * (c - 1) / (n - 1)
    let most = min(rowLevels, columnLevels) - 1
    return most > 0 ? min((phi / most).squareRoot(), 1) : 0
  }
}
