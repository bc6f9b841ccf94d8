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
          "class \(plainText(strata.labels[place])) has \(rows.count) rows, fewer than the"
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

/// Stratified folds drawn several times.
public enum RepeatedFolds {
  /// Draws `StratifiedFolds` anew for every repeat, each from a seed of its own.
  ///
  /// - Parameters:
  ///   - labels: One label a row; every distinct number is a class.
  ///   - folds: The number of folds of a repeat, 2 at least.
  ///   - repeats: The number of repeats, 1 at least.
  ///   - seeds: The source of randomness.
  /// - Returns: The folds of each repeat.
  /// - Throws: `DataError` as `StratifiedFolds.make` does, and where there is no repeat.
  public static func make(
    labels: [Double], folds: Int, repeats: Int, seeds: SeedTree
  ) throws(DataError) -> [[Split]] {
    guard repeats >= 1 else {
      throw DataError(.badOption, "there must be 1 repeat at least, not \(repeats)")
    }
    var result: [[Split]] = []
    for index in 0..<repeats {
      result.append(
        try StratifiedFolds.make(
          labels: labels, folds: folds, seeds: seeds.child("repeat").child(index)))
    }
    return result
  }
}

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

/// Folds that were fixed elsewhere.
public enum GivenFolds {
  /// Makes splits from the fold of every row.
  ///
  /// - Parameter assignment: The fold of each row; any integers, one a fold.
  /// - Returns: A split a fold, folds in rising order of their integer.
  /// - Throws: `DataError` where there are fewer than two different folds.
  public static func make(assignment: [Int]) throws(DataError) -> [Split] {
    let distinct = Set(assignment).sorted()
    guard distinct.count >= 2 else {
      throw DataError(
        .badOption, "the given folds name \(distinct.count) fold; there must be 2 at least")
    }
    let places = Dictionary(
      distinct.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return Split.folds(parts: assignment.map { places[$0] ?? 0 }, count: distinct.count)
  }
}
