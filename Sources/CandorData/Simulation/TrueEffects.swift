/// Everything that the true log-odds of simulated loans consist of, to be written beside the data
/// as JSON, so that an explanation can be held against the truth.
///
/// true log-odds = intercept + Σ effects of features + Σ interactions + drift + unobserved part;
/// the effects and interactions of core features that are not written are in the unobserved part.
public struct TrueEffects: Sendable, Encodable {
  /// What moves with the months.
  public struct Drift: Sendable, Encodable {
    /// The column of months.
    public let column: String
    /// The months, from the first.
    public let months: [String]
    /// The log-odds have this times (month - `centre`) added, months counted from zero.
    public let logOddsPerMonth: Double
    /// ln(amount) has this times (month - `centre`) added.
    public let logAmountPerMonth: Double
    /// The middle of the months.
    public let centre: Double
  }

  /// The protected column, and what is done to its members.
  public struct Group: Sendable, Encodable {
    /// The protected column.
    public let column: String
    /// Its levels.
    public let levels: [String]
    /// The share of the second level.
    public let shareOfSecond: Double
    /// What is added to the log-odds of a *recorded* default of the second level; the true risk
    /// knows nothing of it.
    public let recordedShift: Double
    /// The columns that tell of the group.
    public let proxies: [String]
  }

  /// How cells come to be missing.
  public struct Missing: Sendable, Encodable {
    /// The chance of every feature cell, independent of everything else.
    public let share: Double
    /// The features for which a missing cell has an effect of its own in place of the value's.
    public let informative: [String]
  }

  /// The options of the run.
  public let options: SimulationOptions
  /// The outcome's column; 1 is a default.
  public let target: String
  /// The log-odds where all other parts are 0.
  public let intercept: Double
  /// The written features, in their order.
  public let features: [LoanFeature]
  /// The interactions of two written features.
  public let interactions: [LoanInteraction]
  /// The standard deviation of the normal factor that is in the true log-odds and in no column.
  public let unobservedDeviation: Double
  /// Core features that are not written and whose effects are therefore unobserved.
  public let unobservedFeatures: [LoanFeature]
  /// Interactions of which a feature is not written.
  public let unobservedInteractions: [LoanInteraction]
  /// How cells come to be missing.
  public let missing: Missing
  /// What moves with the months; nil without drift.
  public let drift: Drift?
  /// The protected column; nil where there is none.
  public let group: Group?
}

extension LoanSimulator {
  /// What the true log-odds of these loans consist of.
  public var effects: TrueEffects {
    let names = Set(features.map(\.name))
    let hidden = LoanCatalogue.core.filter { !names.contains($0.name) }
    func isSeen(_ interaction: LoanInteraction) -> Bool {
      names.isSuperset(of: interaction.features)
    }
    let group = TrueEffects.Group(
      column: "group", levels: LoanCatalogue.groups,
      shareOfSecond: LoanCatalogue.shareOfGroupB,
      recordedShift: options.bias ? LoanCatalogue.recordedShift : 0,
      proxies: options.proxies ? LoanCatalogue.proxies.map(\.name) : [])
    let drift = TrueEffects.Drift(
      column: "period", months: SimulatedColumn.months,
      logOddsPerMonth: LoanCatalogue.driftOfLogOdds,
      logAmountPerMonth: LoanCatalogue.driftOfLogAmount,
      centre: LoanCatalogue.middleMonth)
    return TrueEffects(
      options: options, target: Self.target, intercept: LoanCatalogue.intercept,
      features: features, interactions: LoanCatalogue.interactions.filter(isSeen),
      unobservedDeviation: LoanCatalogue.unobservedDeviation, unobservedFeatures: hidden,
      unobservedInteractions: LoanCatalogue.interactions.filter { !isSeen($0) },
      missing: .init(
        share: Double(LoanCatalogue.missingBelow) / 65_536,
        informative: features.filter { $0.effectWhenMissing != nil }.map(\.name)),
      drift: options.drift ? drift : nil, group: options.hasGroup ? group : nil)
  }
}
