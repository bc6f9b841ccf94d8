public import CandorScoring

/// What a learner is tried on.
public struct LearnerTrial: Sendable {
  /// Typical rows, a hundred or so.
  public let training: TrainingRows
  /// Learners of the family, each with one option out of range.
  public let outOfRange: [any Learner]
  /// Whether the fit is a function of the weighted rows alone, without chance.
  public let isDeterministic: Bool
  /// How far the margins of two such fits may be apart, relative, absolute below one.
  public let tolerance: Double

  /// Joins rows to what the caller knows of the family.
  public init(
    training: TrainingRows, outOfRange: [any Learner] = [], isDeterministic: Bool,
    tolerance: Double = 1e-6
  ) {
    self.training = training
    self.outOfRange = outOfRange
    self.isDeterministic = isDeterministic
    self.tolerance = tolerance
  }
}

/// One promise of the learner contract.
public struct LearnerCheck: Sendable {
  /// What holds where the check passes, in a few words.
  public let name: String
  private let findings: @Sendable (any Learner, LearnerTrial) -> [String]

  init(_ name: String, _ findings: @escaping @Sendable (any Learner, LearnerTrial) -> [String]) {
    self.name = name
    self.findings = findings
  }

  /// Tries a learner.
  ///
  /// - Parameters:
  ///   - learner: The learner, its options in range.
  ///   - trial: The rows, and what is known of the family.
  /// - Returns: What was found broken.
  public func violations(of learner: any Learner, in trial: LearnerTrial) -> [Violation] {
    findings(learner, trial).map { Violation(check: name, finding: $0) }
  }
}
