import CandorScoring
import Foundation

/// A node's totals: rows as drawn, and their weight by outcome.
struct NodeTotals: Sendable, Equatable {
  /// The drawn rows.
  var count: Int
  /// The weight of good rows.
  var good: Double
  /// The weight of bad rows.
  var bad: Double
}

/// The best split found so far at a node.
struct SplitCandidate: Sendable {
  /// The impurity that remains, in units of weight; lower is better.
  var burden = Double.infinity
  /// The encoded column.
  var column = -1
  /// Rows with a bin at most this go left.
  var bin: UInt8 = 0
  /// The totals of the rows that go left.
  var left = NodeTotals(count: 0, good: 0, bad: 0)
}

/// The impurity that two children leave, in units of weight.
protocol SplitImpurity: Sendable {
  /// The sum over both children of weight times impurity, up to a factor that is the same for all
  /// splits of a node.
  func burden(goodLeft: Double, badLeft: Double, goodRight: Double, badRight: Double) -> Double
}

/// Gini: `Σ good · bad / (good + bad)` over the children.
struct GiniImpurity: SplitImpurity {
  @inline(__always)
  func burden(
    goodLeft: Double, badLeft: Double, goodRight: Double, badRight: Double
  ) -> Double {
    let left = goodLeft + badLeft
    let right = goodRight + badRight
    return (goodLeft * badLeft * right + goodRight * badRight * left) / (left * right)
  }
}

/// Entropy: `Σ n ln n − good ln good − bad ln bad` over the children.
struct EntropyImpurity: SplitImpurity {
  @inline(__always)
  func burden(
    goodLeft: Double, badLeft: Double, goodRight: Double, badRight: Double
  ) -> Double {
    term(goodLeft + badLeft) - term(goodLeft) - term(badLeft)
      + (term(goodRight + badRight) - term(goodRight) - term(badRight))
  }

  private func term(_ x: Double) -> Double { x > 0 ? x * log(x) : 0 }
}

/// Entropy of whole numbers, from a table of `n ln n`.
struct CountedEntropyImpurity: SplitImpurity {
  private let table: [Double]

  /// A table for counts up to `largest`; O(largest).
  init(largest: Int) {
    table = (0...max(largest, 0)).map { $0 == 0 ? 0 : Double($0) * log(Double($0)) }
  }

  @inline(__always)
  func burden(
    goodLeft: Double, badLeft: Double, goodRight: Double, badRight: Double
  ) -> Double {
    term(goodLeft + badLeft) - term(goodLeft) - term(badLeft)
      + (term(goodRight + badRight) - term(goodRight) - term(badRight))
  }

  @inline(__always)
  private func term(_ x: Double) -> Double { table[Int(x)] }
}

/// The search for the best cut of one column at one node.
enum SplitSearch {
  /// Scans the touched cells of a histogram in rising order, keeps the best cut in `best`, and
  /// leaves histogram and touched bits all zero.
  ///
  /// A cut between two filled bins goes through the middle of the empty ones between them. Of cuts
  /// that leave the same impurity the first found stands. `weights` is empty where rows count one
  /// each.
  ///
  /// - Returns: False where all rows are in one bin, so that the column is constant at the node.
  static func scan<Impurity: SplitImpurity>(
    column: Int, totals: NodeTotals, minimumLeaf: Int, impurity: Impurity,
    histogram: inout MutableSpan<UInt64>, touched: inout MutableSpan<UInt64>,
    weights: inout MutableSpan<Double>, best: inout SplitCandidate
  ) -> Bool {
    let weighted = !weights.isEmpty
    var previous = -1
    var left = NodeTotals(count: 0, good: 0, bad: 0)
    var filled = 0
    for word in 0..<4 {
      var mask = touched[word]
      touched[word] = 0
      while mask != 0 {
        let bin = word * 64 + mask.trailingZeroBitCount
        mask &= mask - 1
        filled += 1
        if previous >= 0, left.count >= minimumLeaf, totals.count - left.count >= minimumLeaf {
          let burden = impurity.burden(
            goodLeft: left.good, badLeft: left.bad, goodRight: totals.good - left.good,
            badRight: totals.bad - left.bad)
          if burden < best.burden {
            best = SplitCandidate(
              burden: burden, column: column, bin: UInt8((previous + bin - 1) / 2), left: left)
          }
        }
        let cell = histogram[bin]
        histogram[bin] = 0
        let count = Int(cell & 0xFFFF_FFFF)
        left.count += count
        if weighted {
          left.good += weights[2 * bin]
          left.bad += weights[2 * bin + 1]
          weights[2 * bin] = 0
          weights[2 * bin + 1] = 0
        } else {
          let bad = Int(cell >> 32)
          left.good += Double(count - bad)
          left.bad += Double(bad)
        }
        previous = bin
      }
    }
    return filled > 1
  }
}
