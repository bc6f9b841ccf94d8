public import CandorNumerics

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
