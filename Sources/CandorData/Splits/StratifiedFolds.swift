public import CandorNumerics

/// Random folds that keep the classes' shares.
public enum StratifiedFolds {
  /// Deals the shuffled rows of each class to the folds in turn, going on from class to class, so
  /// that fold sizes differ by at most one row, and so do the folds' rows of each class. O(n).
  ///
  /// - Parameters:
  ///   - labels: One label a row; every distinct number is a class.
  ///   - folds: The number of folds, 2 at least.
  ///   - seeds: The source of the folds' randomness.
  /// - Returns: A split a fold, which tests on that fold.
  /// - Throws: `DataError` where there are fewer than two folds, a label is NaN, or a class has
  ///   fewer rows than there are folds.
  public static func make(
    labels: [Double], folds: Int, seeds: SeedTree
  ) throws(DataError) -> [Split] {
    try Strata.checkFolds(folds)
    let strata = try Strata(labels)
    guard !labels.isEmpty else { throw DataError(.tooFewRows, "there are no rows to fold") }
    var parts = [Int](repeating: 0, count: labels.count)
    var next = 0
    for (place, rows) in strata.rows.enumerated() {
      guard rows.count >= folds else {
        throw DataError(
          .tooFewRows,
          "the rows with label \(plainText(strata.labels[place])) (1 is bad) are \(rows.count), fewer than the"
            + " \(folds) folds; take fewer folds or gather more rows")
      }
      var generator = seeds.child("stratified folds").child(place).generator()
      for row in Strata.shuffled(rows, &generator) {
        parts[row] = next
        next = (next + 1) % folds
      }
    }
    return Split.folds(parts: parts, count: folds)
  }
}
