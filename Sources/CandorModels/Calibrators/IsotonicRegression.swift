import CandorNumerics
public import CandorScoring

/// Fits a PD that never falls with the margin, by weighted pool-adjacent-violators.
///
/// Barlow, Bartholomew, Bremner and Brunk, "Statistical Inference under Order Restrictions", 1972;
/// for calibration Zadrozny and Elkan, KDD 2002, doi:10.1145/775047.775151.
public enum IsotonicRegression {
  /// A run of margins that share one fitted value.
  package struct Block: Equatable {
    /// The smallest margin.
    package var lowest: Double
    /// The largest margin.
    package var highest: Double
    /// The sum of weight times margin.
    package var marginSum: Double
    /// The sum of the weights of the bad rows.
    package var bad: Double
    /// The sum of the weights.
    package var weight: Double

    /// The fitted value: the weighted share of bad rows.
    package var value: Double { bad / weight }
    /// The weighted mean margin, inside the block by construction.
    package var center: Double { min(max(marginSum / weight, lowest), highest) }
  }

  /// Fits the calibrator; O(rows · log rows).
  ///
  /// One knot a block, at its mean margin and its share of bad rows kept inside
  /// [1/(n + 2), 1 − 1/(n + 2)] for n rows; the calibrator is linear between knots, so that it
  /// rises strictly between blocks and keeps the order of rows there.
  ///
  /// - Parameters:
  ///   - margins: Finite margins, best of rows that the model was not fitted on.
  ///   - labels: 1 where bad, 0 where good.
  ///   - weights: One weight a row; nil means one each.
  /// - Returns: An `isotonic` calibrator.
  /// - Throws: `TrainingError` where lengths differ, a number is out of range, or one outcome has
  ///   no weight.
  public static func fit(
    margins: [Double], labels: [Double], weights: [Double]? = nil
  ) throws(TrainingError) -> Calibrator {
    let blocks = try blocks(margins: margins, labels: labels, weights: weights)
    let rows = weights.map { $0.count { $0 > 0 } } ?? margins.count
    let floor = 1 / (Double(rows) + 2)
    return .isotonic(
      margins: blocks.map(\.center),
      probabilities: blocks.map { min(max($0.value, floor), 1 - floor) })
  }

  /// The blocks of the isotonic fit, margins and values rising strictly.
  package static func blocks(
    margins: [Double], labels: [Double], weights: [Double]?
  ) throws(TrainingError) -> [Block] {
    let rows = try CalibrationRows(margins: margins, labels: labels, weights: weights)
    let order = rows.margins.indices.sorted {
      (rows.margins[$0], $0) < (rows.margins[$1], $1)
    }
    var ties: [Block] = []
    for r in order {
      let margin = rows.margins[r]
      let weight = rows.weights[r]
      if let last = ties.indices.last, ties[last].highest == margin {
        ties[last].marginSum += weight * margin
        ties[last].bad += weight * rows.labels[r]
        ties[last].weight += weight
      } else {
        ties.append(
          Block(
            lowest: margin, highest: margin, marginSum: weight * margin,
            bad: weight * rows.labels[r], weight: weight))
      }
    }
    var blocks: [Block] = []
    for tie in ties {
      var block = tie
      while let last = blocks.last, last.bad * block.weight >= block.bad * last.weight {
        block.lowest = last.lowest
        block.marginSum += last.marginSum
        block.bad += last.bad
        block.weight += last.weight
        blocks.removeLast()
      }
      blocks.append(block)
    }
    return blocks
  }
}
