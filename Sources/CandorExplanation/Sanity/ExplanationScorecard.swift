public import CandorEvaluation

/// The quality of a model's explanations on one page: what was measured, on how many applicants, within
/// which limit.
public struct ExplanationScorecard: Sendable, Equatable, Codable {
  /// What is measured.
  public enum Check: String, Sendable, Codable, CaseIterable {
    /// The share of explanations whose own evidence is within its limits.
    case evidence
    /// The advantage of the deletion order over its reverse; above zero for faithful explanations.
    case deletion
    /// The advantage of the insertion order over its reverse.
    case insertion
    /// Spearman's rank correlation of two methods.
    case rankAgreement
    /// The share of common top players of two methods.
    case topAgreement
    /// The share of equal signs of two methods.
    case signAgreement
    /// Spearman's rank correlation with another model's explanations.
    case familyAgreement
    /// The overlap of top players over resampled backgrounds.
    case background
    /// The overlap of top players over seeds.
    case seed
    /// The rank correlation with a model of randomised parameters; near zero for explanations of the
    /// model.
    case modelRandomisation
    /// The rank correlation with a model of permuted outcomes.
    case labelRandomisation
  }

  /// One check.
  public struct Row: Sendable, Equatable, Codable {
    /// What is measured.
    public let check: Check
    /// Of what, for example a method, or two with a bar between them.
    public let subject: String
    /// The value; nil where it was not measured.
    public let value: Double?
    /// The lower end of its 95% interval over applicants.
    public let lower: Double?
    /// The upper end.
    public let upper: Double?
    /// The number of applicants.
    public let count: Int
    /// The limit, and where it comes from.
    public let limit: Limit?
    /// What the limit says, read at the value or at the end of the interval that `note` names; nil
    /// where there is no limit, hence no verdict.
    public let verdict: Verdict?
    /// How to read the row, or why it was not measured; empty where nothing needs saying.
    public let note: String
  }

  /// The unit of the explanations.
  public let scale: String
  /// The background's name.
  public let backgroundName: String
  /// The background's hash.
  public let backgroundHash: String
  /// The applicants explained.
  public let applicants: Int
  /// The checks, in a fixed order.
  public let rows: [Row]

  /// The rows outside their limit.
  public var warnings: [Row] { rows.filter { $0.verdict == .warn || $0.verdict == .fail } }
  /// The rows that were not measured.
  public var notTested: [Row] { rows.filter { $0.verdict == .notTested } }
}

/// The limits of the scorecard: our own defaults, since no rulebook has any.
public struct ExplanationAuditLimits: Sendable, Equatable, Codable {
  /// The share of explanations whose own evidence is within limits.
  public var evidence = Limit(warnBelow: 0.95)
  /// Deletion and insertion advantage, read at the lower end of the interval.
  public var advantage = Limit(warnBelow: 0)
  /// Rank correlation between methods, read at the value.
  public var rankAgreement = Limit(warnBelow: 0.6)
  /// Top overlap between methods.
  public var topAgreement = Limit(warnBelow: 0.5)
  /// Sign agreement between methods.
  public var signAgreement = Limit(warnBelow: 0.8)
  /// Rank correlation between families.
  public var familyAgreement = Limit(warnBelow: 0.5)
  /// Top overlap over resampled backgrounds.
  public var background = Limit(warnBelow: 0.6)
  /// Top overlap over seeds.
  public var seed = Limit(warnBelow: 0.8)
  /// Rank correlation with randomised models, read at the upper end of the interval.
  public var randomised = Limit(warnAbove: 0.5)

  /// The defaults.
  public init() {}
}
