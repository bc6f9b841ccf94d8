public import CandorData
import CandorNumerics
public import CandorScoring
import Foundation

/// The rows that each tree draws, as a function of seed and tree alone.
struct ForestSampling: Sendable, Equatable {
  /// The seeds of the forest.
  let seeds: SeedTree
  /// The number of training rows.
  let rows: Int
  /// Whether rows are drawn with replacement.
  let bootstrap: Bool
  /// The share of the rows that is drawn.
  let share: Double

  /// How often this tree draws each row; O(rows).
  func draws(of tree: Int) -> [UInt16] {
    var generator = seeds.child(tree).child("rows").generator()
    var counts = [UInt16](repeating: 0, count: rows)
    let wanted = min(max(Int((share * Double(rows)).rounded()), 1), rows)
    if bootstrap {
      for _ in 0..<wanted {
        let row = generator.nextInteger(below: rows)
        // A row drawn more often than 16 bits can say does not happen by chance.
        if counts[row] < UInt16.max { counts[row] += 1 }
      }
    } else if wanted == rows {
      counts = [UInt16](repeating: 1, count: rows)
    } else {
      // Selection sampling: Knuth, The Art of Computer Programming, volume 2, algorithm 3.4.2 S.
      var missing = wanted
      for row in 0..<rows where missing > 0 {
        if generator.nextInteger(below: rows - row) < missing {
          counts[row] = 1
          missing -= 1
        }
      }
    }
    return counts
  }
}

/// The sums of what the trees said about rows that they did not see.
struct OutOfBagTally: Sendable {
  /// For each row the sum of the leaf shares of the trees that did not see it.
  private(set) var sums: [Double]
  /// For each row how many trees did not see it.
  private(set) var counts: [Int32]

  /// A tally of no trees.
  init(rows: Int) {
    sums = Array(repeating: 0, count: rows)
    counts = Array(repeating: 0, count: rows)
  }

  /// Adds one tree's leaf shares at the rows that it did not see.
  mutating func add(rows: [Int32], shares: [Double]) {
    for (row, share) in zip(rows, shares) {
      sums[Int(row)] += share
      counts[Int(row)] += 1
    }
  }

  /// The mean share of each row; nil where every tree saw it.
  var margins: [Double?] {
    zip(sums, counts).map { sum, count in count > 0 ? sum / Double(count) : nil }
  }

  /// The weighted mean log-loss over the rows that have a margin, shares kept inside
  /// [1/(n+2), 1 − 1/(n+2)] with n the number of rows; nil where no row has one.
  func logLoss(isBad: [Bool], weights: [Double]?) -> Double? {
    let floor = 1 / Double(sums.count + 2)
    var total = 0.0
    var weightSum = 0.0
    for row in sums.indices where counts[row] > 0 {
      let weight = weights?[row] ?? 1
      let share = min(max(sums[row] / Double(counts[row]), floor), 1 - floor)
      total -= weight * log(isBad[row] ? share : 1 - share)
      weightSum += weight
    }
    return weightSum > 0 ? total / weightSum : nil
  }

  /// The weighted area under the ROC curve over the rows that have a margin, ties counted half; nil
  /// where they are of one class. O(rows · log rows).
  func areaUnderCurve(isBad: [Bool], weights: [Double]?) -> Double? {
    var scored: [(margin: Double, row: Int)] = []
    for row in sums.indices where counts[row] > 0 {
      scored.append((sums[row] / Double(counts[row]), row))
    }
    scored.sort { $0.margin != $1.margin ? $0.margin < $1.margin : $0.row < $1.row }
    var goodBelow = 0.0
    var badTotal = 0.0
    var area = 0.0
    var position = 0
    while position < scored.count {
      var good = 0.0
      var bad = 0.0
      let margin = scored[position].margin
      while position < scored.count, scored[position].margin == margin {
        let row = scored[position].row
        if isBad[row] { bad += weights?[row] ?? 1 } else { good += weights?[row] ?? 1 }
        position += 1
      }
      area += bad * (goodBelow + good / 2)
      goodBelow += good
      badTotal += bad
    }
    return goodBelow > 0 && badTotal > 0 ? area / (goodBelow * badTotal) : nil
  }
}

/// A forest that still knows which training rows each tree did not see.
///
/// The rows are not stored: each tree's draw is a function of the seed and is drawn anew.
public struct OutOfBagForest: OutOfBagScorer {
  /// The forest.
  public let forest: RandomForest
  private let sampling: ForestSampling

  /// Joins a forest to the draw of its rows.
  init(forest: RandomForest, sampling: ForestSampling) {
    self.forest = forest
    self.sampling = sampling
  }

  /// The number of encoded columns that a row must have.
  public var inputWidth: Int { forest.inputWidth }

  /// A share in [0, 1].
  public var marginScale: MarginScale { forest.marginScale }

  /// The trees in neutral form.
  public var ensemble: TreeEnsemble { forest.ensemble }

  /// For each tree the training rows that it did not see, rising; O(rows · trees).
  public var outOfBagRows: [[Int]] {
    (0..<forest.treeCount).map { tree in
      sampling.draws(of: tree).enumerated().compactMap { $1 == 0 ? $0 : nil }
    }
  }

  /// Writes one margin a row, as the forest does.
  ///
  /// - Parameters:
  ///   - rows: Encoded rows of width `inputWidth`.
  ///   - output: Where the margins go, in the rows' order.
  /// - Throws: `ScoringError` as the forest does.
  public func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try forest.margins(of: rows, into: &output)
  }
}
