/// A feature column of simulated loans and its part in the true log-odds.
public struct LoanFeature: Sendable, Equatable, Encodable {
  /// What a column is for.
  public enum Role: String, Sendable, Codable {
    /// It has an effect of its own, alone or in an interaction.
    case signal
    /// It is associated with signals and has no effect of its own.
    case correlated
    /// It measures the unobserved factor faintly and has no effect of its own.
    case weak
    /// It has nothing to do with anything.
    case noise
    /// It tells of the protected column and has no effect of its own.
    case proxy
  }

  /// The direction in which the true PD moves with the value, all else equal, interactions counted.
  public enum Direction: String, Sendable, Codable {
    case rising, falling
  }

  /// The column's name.
  public let name: String
  /// `numeric` or `categorical`.
  public let type: ColumnType
  /// How many decimals a number is printed with.
  public let decimals: Int
  /// The levels of a categorical column; effects number them from zero in this order.
  public let levels: [String]
  /// What the column is for.
  public let role: Role
  /// The features or factors that a column without an effect of its own goes with.
  public let relatedTo: [String]
  /// The effect of the value on the log-odds, without interactions.
  public let effect: EffectShape
  /// What stands in the effect's place where the cell is missing; nil where a missing cell hides a
  /// value that has its effect nevertheless.
  public let effectWhenMissing: Double?
  /// The direction of the true PD where it is the same everywhere.
  public let direction: Direction?

  init(
    _ name: String, decimals: Int = 0, levels: [String] = [], role: Role = .signal,
    relatedTo: [String] = [], effect: EffectShape = .none, effectWhenMissing: Double? = nil,
    direction: Direction? = nil
  ) {
    self.name = name
    type = levels.isEmpty ? .numeric : .categorical
    self.decimals = decimals
    self.levels = levels
    self.role = role
    self.relatedTo = relatedTo
    self.effect = effect
    self.effectWhenMissing = effectWhenMissing
    self.direction = direction
  }
}

/// A product of two functions of two features that is added to the log-odds.
public struct LoanInteraction: Sendable, Equatable, Encodable {
  /// The two features.
  public let features: [String]
  /// One factor for each feature, in the same order.
  public let factors: [EffectShape]
  /// What it means.
  public let meaning: String

  init(
    _ first: String, _ firstFactor: EffectShape, _ second: String, _ secondFactor: EffectShape,
    meaning: String
  ) {
    features = [first, second]
    factors = [firstFactor, secondFactor]
    self.meaning = meaning
  }

  /// The value at a value of the first and of the second feature.
  public func value(at x: Double, _ y: Double) -> Double {
    factors[0].value(at: x) * factors[1].value(at: y)
  }
}
