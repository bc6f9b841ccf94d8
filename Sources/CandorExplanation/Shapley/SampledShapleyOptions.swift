/// How many orders sampled Shapley values draw.
public struct SampledShapleyOptions: Sendable, Equatable, Codable {
  /// The fewest pairs of an order and its reverse over all background rows, from 64 up. Every
  /// background row gets the same number of pairs, at least two.
  public var pairs: Int
  /// Double the pairs until every player's standard error is at most this, on the explained scale;
  /// nil draws `pairs` once.
  public var targetStandardError: Double?
  /// The most pairs that a target may lead to.
  public var mostPairs: Int

  /// Options; 256 pairs or two a background row unless told otherwise.
  public init(
    pairs: Int = 256, targetStandardError: Double? = nil, mostPairs: Int = 16_384
  ) {
    self.pairs = pairs
    self.targetStandardError = targetStandardError
    self.mostPairs = mostPairs
  }

  /// The options as they are, once every field is found in its range.
  ///
  /// - Returns: These options.
  /// - Throws: `ExplanationError.badOption` with field, value and range.
  public func validated() throws(ExplanationError) -> SampledShapleyOptions {
    guard (64...10_000_000).contains(pairs) else {
      throw ExplanationError(.badOption, "pairs is \(pairs); it must be from 64 to 10,000,000.")
    }
    guard (pairs...100_000_000).contains(mostPairs) else {
      throw ExplanationError(
        .badOption,
        "mostPairs is \(mostPairs); it must be from pairs (\(pairs)) to 100,000,000.")
    }
    if let target = targetStandardError, !(target > 0 && target.isFinite) {
      throw ExplanationError(
        .badOption, "targetStandardError is \(target); it must be above zero and finite.")
    }
    return self
  }
}
