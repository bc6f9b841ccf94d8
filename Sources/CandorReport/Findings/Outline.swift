/// The outline of a report: every section, in order.
public enum Outline: Int, Sendable, CaseIterable, Codable {
  /// What the report is about.
  case cover = 0
  /// One page for the person who decides.
  case summary
  /// What the model is for.
  case purpose
  /// Who answers for it.
  case governance
  /// Where the data come from.
  case data
  /// How good they are, and what was done to them.
  case preparation
  /// The features.
  case features
  /// How the model was made.
  case design
  /// The families side by side.
  case comparison
  /// How well it tells bads from goods.
  case performance
  /// Whether its probabilities are right.
  case calibration
  /// The decisions that follow.
  case cutOff
  /// What drives it overall.
  case globalBehaviour
  /// Why single decisions came out as they did.
  case individualDecisions
  /// Whether the reasons can be given to applicants.
  case reasons
  /// How groups fare.
  case fairness
  /// What happens under noise and stress.
  case robustness
  /// Whether it holds over time.
  case stability
  /// How sure it is, and where it holds.
  case uncertainty
  /// Whether the run can be repeated.
  case reproducibility
  /// Where people come in.
  case oversight
  /// How it will be watched.
  case monitoring
  /// What can go wrong.
  case risks
  /// What was not tested.
  case limitations
  /// All findings.
  case findings
  /// Hashes and versions.
  case integrity

  var titleKey: String { "section.\(self)" }
}
