public import CandorEvaluation

/// A family and its evaluation on the test sample.
public struct FamilyEvaluation: Sendable {
  /// The family's name.
  public var family: String
  /// Its evaluation on the test sample.
  public var test: Evaluation
  /// Its evaluation on the training sample, where it was made.
  public var training: Evaluation?

  /// Joins a family to its evaluations.
  ///
  /// - Parameters:
  ///   - family: The family's name.
  ///   - test: Its evaluation on the test sample.
  ///   - training: Its evaluation on the training sample.
  public init(family: String, test: Evaluation, training: Evaluation? = nil) {
    self.family = family
    self.test = test
    self.training = training
  }
}
