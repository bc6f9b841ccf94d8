/// One explained value: what was explained, against what, by which method, and how far the answer
/// can be trusted.
public struct Explanation: Sendable, Equatable, Codable {
  /// The method.
  public let method: ExplanationMethod
  /// The unit of every number in it.
  public let scale: ExplainedScale
  /// The background's name.
  public let backgroundName: String
  /// The background's hash.
  public let backgroundHash: String
  /// The value that the attributions start from (the background's mean, or the baseline's value).
  public let baseValue: Double
  /// The value that was explained.
  public let explainedValue: Double
  /// One attribution a player, in the players' order.
  public let attributions: [Attribution]
  /// The evidence.
  public let fidelity: Fidelity

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - scale: The unit.
  ///   - background: What was compared with.
  ///   - baseValue: Where the attributions start.
  ///   - explainedValue: What was explained.
  ///   - attributions: One a player, in order.
  ///   - fidelity: The evidence.
  public init(
    method: ExplanationMethod, scale: ExplainedScale, background: Background, baseValue: Double,
    explainedValue: Double, attributions: [Attribution], fidelity: Fidelity
  ) {
    self.method = method
    self.scale = scale
    backgroundName = background.name
    backgroundHash = background.hash
    self.baseValue = baseValue
    self.explainedValue = explainedValue
    self.attributions = attributions
    self.fidelity = fidelity
  }

  /// The attribution of this source or group, nil where there is none.
  public func attribution(of source: String) -> Attribution? {
    attributions.first { $0.source == source }
  }

  /// The attributions by falling absolute value; equal ones keep the players' order.
  public var ranked: [Attribution] {
    attributions.enumerated().sorted { left, right in
      let (a, b) = (abs(left.element.value), abs(right.element.value))
      return a == b ? left.offset < right.offset : a > b
    }.map(\.element)
  }

  /// Refuses a comparison of numbers that do not mean the same.
  ///
  /// - Parameter other: The explanation to be compared with.
  /// - Throws: `ExplanationError.mixedScales` where the scales differ, `.differentPlayers` where the
  ///   players do.
  public func requireComparable(with other: Explanation) throws(ExplanationError) {
    guard scale == other.scale else {
      throw ExplanationError(
        .mixedScales,
        "An explanation on the scale \(scale.rawValue) cannot be compared with one on "
          + "\(other.scale.rawValue); explain both on one scale.")
    }
    guard attributions.map(\.source) == other.attributions.map(\.source) else {
      throw ExplanationError(
        .differentPlayers,
        "The two explanations are about different features or groups; explain both with the same "
          + "players.")
    }
  }
}
