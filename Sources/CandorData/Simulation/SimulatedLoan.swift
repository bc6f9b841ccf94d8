import Foundation

/// One simulated row with the parts of its true log-odds.
///
/// `trueLogOdds` is the sum of `intercept`, all `terms`, all `interactions`, `drift` and
/// `unobserved`.
public struct SimulatedLoan: Sendable, Equatable {
  /// One feature's part in the log-odds.
  public struct Term: Sendable, Equatable {
    /// The feature.
    public let feature: String
    /// What it adds to the log-odds.
    public let value: Double
  }

  /// The part of two features together.
  public struct Interaction: Sendable, Equatable {
    /// The two features.
    public let features: [String]
    /// What they add to the log-odds.
    public let value: Double
  }

  /// The number of the row, from zero.
  public let row: Int
  /// The log-odds where all other parts are 0.
  public let intercept: Double
  /// The part of each feature that is written, in their order; 0 for those without an effect.
  public let terms: [Term]
  /// The parts of the interactions whose two features are both written.
  public let interactions: [Interaction]
  /// The part of the month; 0 without drift.
  public let drift: Double
  /// The part that no written column tells of: the unobserved factor, and the effects of core
  /// features that are not written.
  public let unobserved: Double
  /// The true log-odds of a default.
  public let trueLogOdds: Double
  /// The log-odds of a recorded default: the true ones, and the bias of the records.
  public let recordedLogOdds: Double
  /// Whether a default is recorded.
  public let isBad: Bool

  /// The true probability of a default.
  public var truePD: Double { Self.probability(trueLogOdds) }

  static func probability(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }
}
