import CandorNumerics

/// The rows of each class, classes in rising order of their label.
struct Strata {
  let labels: [Double]
  let rows: [[Int]]

  init(_ labels: [Double]) throws(DataError) {
    var places: [Double: Int] = [:]
    let distinct = Set(labels).sorted()
    for (place, label) in distinct.enumerated() { places[label] = place }
    var rows = [[Int]](repeating: [], count: distinct.count)
    for (row, label) in labels.enumerated() {
      guard !label.isNaN, let place = places[label] else {
        throw DataError(
          .unknownTargetValue,
          "row \(row + 1) has no label; give every row one before the rows are split")
      }
      rows[place].append(row)
    }
    self.labels = distinct
    self.rows = rows
  }

  /// The rows in a random order that the generator fixes.
  static func shuffled(_ rows: [Int], _ generator: inout CounterGenerator) -> [Int] {
    var rows = rows
    Sampling.shuffle(&rows, using: &generator)
    return rows
  }

  static func checkFolds(_ folds: Int) throws(DataError) {
    guard folds >= 2 else {
      throw DataError(.badOption, "there must be 2 folds at least, not \(folds)")
    }
  }

  static func checkShare(_ share: Double) throws(DataError) {
    guard share > 0, share < 1 else {
      throw DataError(
        .badOption, "the test part must be a share between 0 and 1, not \(share)")
    }
  }
}
