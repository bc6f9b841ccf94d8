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

  /// The rows in a random order that the generator fixes (Fisher and Yates; Durstenfeld 1964).
  static func shuffled(_ rows: [Int], _ generator: inout CounterGenerator) -> [Int] {
    var rows = rows
    for last in stride(from: rows.count - 1, to: 0, by: -1) {
      rows.swapAt(last, generator.nextInteger(below: last + 1))
    }
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
