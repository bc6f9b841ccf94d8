import CandorScoring
import Foundation

/// The sums of what the trees said about rows that they did not see.
struct OutOfBagTally: Sendable {
  /// For each row the sum of the leaf values of the trees that did not see it.
  private(set) var sums: [Double]
  /// For each row how many trees did not see it.
  private(set) var counts: [Int32]

  /// A tally of no trees.
  init(rows: Int) {
    sums = Array(repeating: 0, count: rows)
    counts = Array(repeating: 0, count: rows)
  }

  /// Adds one tree's leaf values at the rows that it did not see.
  mutating func add(rows: [Int32], leaves: [Int32], values: [Double]) {
    for i in rows.indices {
      sums[Int(rows[i])] += values[Int(leaves[i])]
      counts[Int(rows[i])] += 1
    }
  }

  /// The mean value of each row; nil where every tree saw it.
  var margins: [Double?] {
    zip(sums, counts).map { sum, count in count > 0 ? sum / Double(count) : nil }
  }

  /// The share of the rows that have a margin.
  var coverage: Double { Double(counts.count { $0 > 0 }) / Double(max(counts.count, 1)) }

  /// The loss that the curve over the trees shows: the log-loss, or in a regression the mean squared
  /// error; nil where no row has a margin.
  func loss(_ training: TrainingRows) -> Double? {
    training.task == .classification
      ? logLoss(training.targets, weights: training.weights)
      : squaredError(training.targets, weights: training.weights)
  }

  /// The weighted mean squared error over the rows that have a margin; nil where none has.
  func squaredError(_ targets: [Double], weights: [Double]?) -> Double? {
    var total = 0.0
    var weightSum = 0.0
    for row in sums.indices where counts[row] > 0 {
      let weight = weights?[row] ?? 1
      let miss = sums[row] / Double(counts[row]) - targets[row]
      total += weight * miss * miss
      weightSum += weight
    }
    return weightSum > 0 ? total / weightSum : nil
  }

  /// One less the squared error over the variance of the targets, both over the rows that have a
  /// margin; nil where these all have one target.
  func rSquared(_ targets: [Double], weights: [Double]?) -> Double? {
    guard let error = squaredError(targets, weights: weights) else { return nil }
    let rows = sums.indices.filter { counts[$0] > 0 }
    let weightSum = rows.reduce(0) { $0 + (weights?[$1] ?? 1) }
    let mean = rows.reduce(0) { $0 + (weights?[$1] ?? 1) * targets[$1] } / weightSum
    let variance = rows.reduce(0) {
      $0 + (weights?[$1] ?? 1) * (targets[$1] - mean) * (targets[$1] - mean)
    }
    return variance > 0 ? 1 - error * weightSum / variance : nil
  }

  /// The weighted mean log-loss over the rows that have a margin, shares kept inside
  /// [1/(n+2), 1 − 1/(n+2)] with n the number of rows; nil where no row has one.
  func logLoss(_ targets: [Double], weights: [Double]?) -> Double? {
    let floor = 1 / Double(sums.count + 2)
    var total = 0.0
    var weightSum = 0.0
    for row in sums.indices where counts[row] > 0 {
      let weight = weights?[row] ?? 1
      let share = min(max(sums[row] / Double(counts[row]), floor), 1 - floor)
      total -= weight * log(targets[row] == 1 ? share : 1 - share)
      weightSum += weight
    }
    return weightSum > 0 ? total / weightSum : nil
  }

  /// The weighted area under the ROC curve over the rows that have a margin, ties counted half; nil
  /// where they are of one class. O(rows · log rows).
  func areaUnderCurve(_ targets: [Double], weights: [Double]?) -> Double? {
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
        if targets[row] == 1 { bad += weights?[row] ?? 1 } else { good += weights?[row] ?? 1 }
        position += 1
      }
      area += bad * (goodBelow + good / 2)
      goodBelow += good
      badTotal += bad
    }
    return goodBelow > 0 && badTotal > 0 ? area / (goodBelow * badTotal) : nil
  }
}
