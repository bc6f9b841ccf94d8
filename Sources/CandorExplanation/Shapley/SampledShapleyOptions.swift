/// How many orders sampled Shapley values draw.
public struct SampledShapleyOptions: Sendable, Equatable, Codable {
  /// The most antithetic pairs of orders, from 16 up.
  public var pairs: Int
  /// Stop once every player's standard error is at most this, on the explained scale; nil draws
  /// all pairs.
  public var targetStandardError: Double?
  /// The pairs between two looks at the standard error, and the fewest drawn, from 16 up.
  public var round: Int

  /// Options; 256 pairs unless told otherwise.
  public init(pairs: Int = 256, targetStandardError: Double? = nil, round: Int = 64) {
    self.pairs = pairs
    self.targetStandardError = targetStandardError
    self.round = round
  }

  /// The options as they are, once every field is found in its range.
  ///
  /// - Returns: These options.
  /// - Throws: `ExplanationError.badOption` with field, value and range.
  public func validated() throws(ExplanationError) -> SampledShapleyOptions {
    guard (16...10_000_000).contains(pairs) else {
      throw ExplanationError(.badOption, "pairs is \(pairs); it must be from 16 to 10,000,000.")
    }
    guard (16...10_000_000).contains(round) else {
      throw ExplanationError(.badOption, "round is \(round); it must be from 16 to 10,000,000.")
    }
    if let target = targetStandardError, !(target > 0 && target.isFinite) {
      throw ExplanationError(
        .badOption, "targetStandardError is \(target); it must be above zero and finite.")
    }
    return self
  }
}
