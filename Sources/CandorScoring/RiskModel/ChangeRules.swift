/// What an applicant could change to be approved, as the study declares it: it travels with the model.
///
/// A source feature without a rule may change in either direction, within what training had; the
/// model's user makes protected columns and identifiers fixed unless a rule says otherwise.
public struct ChangeRules: Sendable, Equatable, Codable {
  /// The direction in which a feature may move.
  public enum Change: String, Sendable, Codable, CaseIterable {
    /// It stays as it is.
    case fixed = "none"
    /// It may rise; of levels, move towards the last one.
    case up
    /// It may fall; of levels, move towards the first one.
    case down
    /// It may move either way.
    case any
  }

  /// How a move is priced where its rule names no price.
  ///
  /// Ustun, Spangher and Liu, "Actionable recourse in linear classification", 2019,
  /// doi:10.1145/3287560.3287566.
  public enum CostKind: String, Sendable, Codable, CaseIterable {
    /// The share of the training distribution that is passed.
    case percentile
    /// The change of the logarithm of the share that stands farther on in the direction of the move.
    case logPercentile = "log-percentile"
  }

  /// A feature that is another one divided by a third: it is computed anew when one of them moves.
  public struct Ratio: Sendable, Equatable, Codable {
    /// The feature above the line.
    public let numerator: String
    /// The feature below the line.
    public let denominator: String
    /// The factor before the quotient.
    public let scale: Double

    /// Joins the parts of `scale · numerator / denominator`.
    public init(numerator: String, denominator: String, scale: Double = 1) {
      self.numerator = numerator
      self.denominator = denominator
      self.scale = scale
    }
  }

  /// What holds for one source feature.
  public struct Rule: Sendable, Equatable, Codable {
    /// The source feature.
    public let feature: String
    /// Where it may move; nil leaves the default.
    public var change: Change?
    /// Numbers move by whole multiples of this; nil lets them take any value that training had.
    public var step: Double?
    /// No proposal is below this; nil means the least in training.
    public var atLeast: Double?
    /// No proposal is above this; nil means the most in training.
    public var atMost: Double?
    /// The levels that may be proposed, lowest first where they have an order; nil means all.
    public var levels: [String]?
    /// The price of one unit (of an ordered level: of one place; of another level: of any change);
    /// nil prices by the training distribution.
    public var cost: Double?
    /// By how much another number moves when this one moves by one: a change of this feature implies
    /// one of those.
    public var carries: [String: Double]
    /// How the feature follows from two others; it then never moves by itself.
    public var ratio: Ratio?
    /// Features that stay as they are while this one is fixed: what it is made of, where it cannot be
    /// computed anew.
    public var frozenWith: [String]

    /// A rule that says only what is given.
    public init(
      feature: String, change: Change? = nil, step: Double? = nil, atLeast: Double? = nil,
      atMost: Double? = nil, levels: [String]? = nil, cost: Double? = nil,
      carries: [String: Double] = [:], ratio: Ratio? = nil, frozenWith: [String] = []
    ) {
      self.feature = feature
      self.change = change
      self.step = step
      self.atLeast = atLeast
      self.atMost = atMost
      self.levels = levels
      self.cost = cost
      self.carries = carries
      self.ratio = ratio
      self.frozenWith = frozenWith
    }
  }

  /// The rules, one a feature at most.
  public var rules: [Rule]
  /// What every changed feature costs besides the distance that it moves.
  public var costPerChange: Double
  /// How moves are priced.
  public var costKind: CostKind

  /// Joins rules to the prices.
  public init(
    rules: [Rule] = [], costPerChange: Double = 0.1, costKind: CostKind = .percentile
  ) {
    self.rules = rules
    self.costPerChange = costPerChange
    self.costKind = costKind
  }

  /// The rule of a feature, nil where there is none.
  public func rule(for feature: String) -> Rule? { rules.first { $0.feature == feature } }

  /// The same rules without those of features that a model does not use; what they carry, divide or
  /// freeze is left out alike.
  ///
  /// - Parameter features: The model's source features.
  /// - Returns: Rules that name no other feature.
  public func restricted(to features: [String]) -> ChangeRules {
    let known = Set(features)
    var result = self
    result.rules = rules.filter { known.contains($0.feature) }.map { rule in
      var rule = rule
      rule.carries = rule.carries.filter { known.contains($0.key) }
      rule.frozenWith = rule.frozenWith.filter(known.contains)
      if let ratio = rule.ratio,
        !(known.contains(ratio.numerator) && known.contains(ratio.denominator))
      {
        // Half of what it is made of is out of the model's sight, so that it cannot be computed.
        rule.ratio = nil
        rule.change = .fixed
        rule.frozenWith += [ratio.numerator, ratio.denominator].filter(known.contains)
      }
      return rule
    }
    return result
  }
}
