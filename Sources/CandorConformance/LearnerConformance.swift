public import CandorScoring

/// The suite that every learner must pass.
public enum LearnerConformance {
  /// Every check.
  public static let checks: [LearnerCheck] = [
    EqualSeeds.check, ThreadInvariance.check, OneClassRefused.check, OptionsRefused.check,
    WeightsAsRepeats.check, ConstantColumn.check,
  ]

  /// Runs every check; each fits the learner a few times.
  ///
  /// - Parameters:
  ///   - learner: The learner, its options in range.
  ///   - trial: The rows, and what is known of the family.
  /// - Returns: What was found broken; empty where the learner conforms.
  public static func check(_ learner: some Learner, in trial: LearnerTrial) -> [Violation] {
    checks.flatMap { $0.violations(of: learner, in: trial) }
  }
}
