/// What wrong decisions cost, in any one unit.
public struct DecisionCosts: Sendable, Equatable, Codable {
  /// The cost of approving a bad.
  public let falseGood: Double
  /// The cost of refusing a good.
  public let falseBad: Double

  /// Puts two costs together; `validated()` checks them.
  public init(falseGood: Double, falseBad: Double) {
    self.falseGood = falseGood
    self.falseBad = falseBad
  }

  /// These costs, or an error where one is not finite and above zero.
  public func validated() throws(EvaluationError) -> DecisionCosts {
    for (name, cost) in [("falseGood", falseGood), ("falseBad", falseBad)]
    where !(cost > 0 && cost.isFinite) {
      throw EvaluationError(
        .badOption, "The cost \(name) is \(cost); it must be finite and above 0.")
    }
    return self
  }

  /// The best cut-off for perfect probabilities, falseBad / (falseBad + falseGood): approve while
  /// the expected loss from a bad is below the loss of a good (Elkan, IJCAI 2001).
  public var cutOffOfPerfectProbabilities: Double { falseBad / (falseBad + falseGood) }
}
