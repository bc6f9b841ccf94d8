/// How many random draws stand behind a mean of gradients.
public struct GradientDrawOptions: Sendable, Equatable, Codable {
  /// The antithetic pairs to start with; two gradients each.
  public var pairs: Int
  /// The wanted largest standard error of an attribution; pairs double until it is reached. Nil
  /// stops after `pairs`.
  public var targetStandardError: Double?
  /// The most pairs ever drawn for one row.
  public var mostPairs: Int

  /// Options; 128 pairs and no target unless told otherwise.
  public init(pairs: Int = 128, targetStandardError: Double? = nil, mostPairs: Int = 8192) {
    self.pairs = pairs
    self.targetStandardError = targetStandardError
    self.mostPairs = mostPairs
  }

  /// The options, or an error that names the field, its value and its range.
  ///
  /// - Returns: The options as they are.
  /// - Throws: `ExplanationError.badOption` where one is out of range.
  public func validated() throws(ExplanationError) -> GradientDrawOptions {
    guard pairs >= 2 else {
      throw ExplanationError(.badOption, "pairs is \(pairs); it must be 2 or more.")
    }
    guard mostPairs >= pairs else {
      throw ExplanationError(
        .badOption, "mostPairs is \(mostPairs); it must be at least pairs, \(pairs).")
    }
    if let target = targetStandardError, !(target > 0 && target.isFinite) {
      throw ExplanationError(
        .badOption, "targetStandardError is \(target); it must be above 0.")
    }
    return self
  }
}

extension StratifiedMean {
  /// Whether the wanted standard error is reached.
  func reaches(_ options: GradientDrawOptions) -> Bool {
    (errors.max() ?? 0) <= (options.targetStandardError ?? .infinity)
  }
}
