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
