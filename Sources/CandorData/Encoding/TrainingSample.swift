/// The rows that something is learnt from, with their targets and weights.
struct TrainingSample {
  /// Positions in the table, those of weight zero left out.
  let rows: [Int]
  /// Whether these are all rows of the table, in its order.
  let isWhole: Bool
  /// The target of each of these rows; empty where there are none.
  let targets: [Double]
  /// The weight of each of these rows; nil means one each.
  let weights: [Double]?

  /// Picks the training rows out of a table of `count` rows.
  init(
    count: Int, rows: [Int]?, targets: [Double]?, weights: [Double]?
  ) throws(DataError) {
    let asked = rows ?? Array(0..<count)
    if rows != nil { try Self.check(positions: asked, count: count) }
    for (name, list) in [("targets", targets), ("weights", weights)] {
      if let list, list.count != count {
        throw DataError(
          .badOption,
          "there are \(list.count) \(name) for \(count) rows; give one for every row of the table")
      }
    }
    if let weights, let row = asked.first(where: { !(weights[$0] >= 0 && weights[$0].isFinite) }) {
      throw DataError(
        .badOption, "row \(row + 1) has a weight that is not a finite number of zero or more",
        value: String(weights[row]))
    }
    let used = weights.map { weights in asked.filter { weights[$0] > 0 } } ?? asked
    guard !used.isEmpty else {
      throw DataError(.tooFewRows, "there is no row of positive weight to learn from")
    }
    if let targets, let row = used.first(where: { targets[$0] != 0 && targets[$0] != 1 }) {
      throw DataError(
        .unknownTargetValue, "row \(row + 1) has a target that is neither 0 (good) nor 1 (bad)",
        value: String(targets[row]))
    }
    self.rows = used
    isWhole = rows == nil && used.count == count
    self.targets = targets.map { targets in used.map { targets[$0] } } ?? []
    self.weights = weights.map { weights in used.map { weights[$0] } }
  }

  /// Refuses positions outside a table.
  static func check(positions: [Int], count: Int) throws(DataError) {
    if let row = positions.first(where: { $0 < 0 || $0 >= count }) {
      throw DataError(
        .badOption, "row position \(row) is outside the table, which has \(count) rows")
    }
  }

  /// The cells of a column at these rows: the column itself where they are all.
  func cells<Cell>(of column: [Cell]) -> [Cell] {
    isWhole ? column : StepPlan.gather(column, rows)
  }

  /// The weight of the i-th of these rows.
  func weight(_ i: Int) -> Double { weights?[i] ?? 1 }
}
