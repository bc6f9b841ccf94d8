public import CandorDocument
public import CandorExplanation

/// What section 12 says of the champion beside the importance of its features.
public struct BehaviourInput: Sendable {
  /// The attributions of many applicants, for a figure.
  public struct Swarm: Sendable {
    /// The method.
    public var method: ExplanationMethod
    /// The background's name.
    public var background: String
    /// The background's rows.
    public var backgroundRows: Int
    /// The applicants.
    public var applicants: Int
    /// One row a feature, largest mean size first.
    public var rows: [BeeswarmChart.Row]

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - background: The background's name.
    ///   - backgroundRows: The background's rows.
    ///   - applicants: The applicants.
    ///   - rows: One row a feature, largest mean size first.
    public init(
      method: ExplanationMethod, background: String, backgroundRows: Int, applicants: Int,
      rows: [BeeswarmChart.Row]
    ) {
      self.method = method
      self.background = background
      self.backgroundRows = backgroundRows
      self.applicants = applicants
      self.rows = rows
    }
  }

  /// Marginal and conditional importance side by side.
  public var contrast: ImportanceContrast?
  /// The attributions of many applicants.
  public var swarm: Swarm?
  /// Accumulated local effects of the strongest features.
  public var effects: [AccumulatedLocalEffects]
  /// Partial dependence of the same features, in the same order.
  public var dependence: [PartialDependence]
  /// The declared directions, checked on single curves.
  public var directions: [DirectionCheck]
  /// How strongly features act together.
  public var interactions: InteractionH?
  /// What the strongest features are worth to fits without them; nil where it was not considered.
  public var dropColumn: DropColumn?
  /// Simple models of the champion; nil where none was fitted.
  public var surrogates: SurrogateInput?

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - contrast: Marginal and conditional importance side by side.
  ///   - swarm: The attributions of many applicants.
  ///   - effects: Accumulated local effects of the strongest features.
  ///   - dependence: Partial dependence of the same features.
  ///   - directions: The declared directions, checked on single curves.
  ///   - interactions: How strongly features act together.
  public init(
    contrast: ImportanceContrast? = nil, swarm: Swarm? = nil,
    effects: [AccumulatedLocalEffects] = [], dependence: [PartialDependence] = [],
    directions: [DirectionCheck] = [], interactions: InteractionH? = nil
  ) {
    self.contrast = contrast
    self.swarm = swarm
    self.effects = effects
    self.dependence = dependence
    self.directions = directions
    self.interactions = interactions
  }
}
