public import CandorNumerics

/// Random folds that look at no label.
public enum PlainFolds {
  /// Deals shuffled rows to the folds in turn; fold sizes differ by at most one. O(n).
  ///
  /// - Parameters:
  ///   - count: The number of rows, at least as many as folds.
  ///   - folds: The number of folds, 2 at least.
  ///   - seeds: The source of the folds' randomness.
  /// - Returns: A split a fold, which tests on that fold.
  /// - Throws: `DataError` where there are fewer than two folds, or fewer rows than folds.
  public static func make(
    count: Int, folds: Int, seeds: SeedTree
  ) throws(DataError) -> [Split] {
    try Strata.checkFolds(folds)
    guard count >= folds else {
      throw DataError(
        .tooFewRows, "there are \(count) rows, fewer than the \(folds) folds; take fewer folds")
    }
    var generator = seeds.child("plain folds").generator()
    var parts = [Int](repeating: 0, count: count)
    for (place, row) in Strata.shuffled(Array(0..<count), &generator).enumerated() {
      parts[row] = place % folds
    }
    return Split.folds(parts: parts, count: folds)
  }
}
