import CandorModels
public import CandorNumerics
public import CandorScoring

extension ModelLibrary {
  /// A fitted model with the training rows that its parts did not see, which are drawn anew from the
  /// seeds of the fit.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - learner: The learner that it was fitted by.
  ///   - rows: The number of training rows.
  ///   - chosen: Which of them are spoken of, as positions among the training rows.
  ///   - seeds: The seeds of the fit's context.
  /// - Returns: The model with those rows; nil for a family that has none, and for a forest whose
  ///   trees saw every row.
  public static func outOfBag(
    _ model: any PersistableScorer, of learner: any Learner, rows: Int, among chosen: [Int],
    seeds: SeedTree
  ) -> (any OutOfBagScorer)? {
    guard let forest = model as? RandomForest, let learner = learner as? ForestLearner,
      learner.options.bootstrap || learner.options.sampleShare < 1
    else { return nil }
    return OutOfBagForest(
      forest, grownWith: learner.options, rows: rows, seeds: seeds, chosen: chosen)
  }
}
