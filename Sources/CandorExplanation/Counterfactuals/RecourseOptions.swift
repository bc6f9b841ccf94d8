/// How recourse is sought.
public struct RecourseOptions: Sendable, Equatable, Codable {
  /// What happens to a counterfactual that lies farther from the approved rows than the limit.
  public enum Plausibility: String, Sendable, Codable, CaseIterable {
    /// It is given, and said to be implausible.
    case flag
    /// It is not given.
    case discard
  }

  /// How many counterfactuals are wanted at most; none is fine.
  public var count: Int
  /// At most so many nodes of the search tree of a linear model, for each counterfactual.
  public var nodes: Int
  /// At most so many thousand nodes of trees are visited in the proof for an ensemble of trees.
  public var treeVisits: Int
  /// At most so many rows are scored in the search for any other model.
  public var evaluations: Int
  /// How often that search starts anew with half of the features.
  public var restarts: Int
  /// The quantile of the distances among approved rows beyond which a counterfactual is implausible.
  public var plausibleQuantile: Double
  /// What happens beyond it.
  public var implausible: Plausibility
  /// Seconds after which the search gives what it has; nil leaves the counts above as the only limits,
  /// so that the answer does not depend on the machine.
  public var deadline: Double?

  /// The defaults: three counterfactuals in some hundredths of a second.
  public init(
    count: Int = 3, nodes: Int = 100_000, treeVisits: Int = 500, evaluations: Int = 40_000,
    restarts: Int = 2, plausibleQuantile: Double = 0.95, implausible: Plausibility = .flag,
    deadline: Double? = nil
  ) {
    self.count = count
    self.nodes = nodes
    self.treeVisits = treeVisits
    self.evaluations = evaluations
    self.restarts = restarts
    self.plausibleQuantile = plausibleQuantile
    self.implausible = implausible
    self.deadline = deadline
  }

  /// The options, where every one is in its range.
  ///
  /// - Returns: The same options.
  /// - Throws: `ExplanationError.badOption` that names the option, its value and its range.
  public func validated() throws(ExplanationError) -> RecourseOptions {
    for (name, value, range) in [
      ("count", count, 0...100), ("nodes", nodes, 1...1_000_000_000),
      ("treeVisits", treeVisits, 0...1_000_000_000),
      ("evaluations", evaluations, 1...1_000_000_000), ("restarts", restarts, 0...1000),
    ] where !range.contains(value) {
      throw ExplanationError(
        .badOption,
        "The option \(name) of recourse is \(value); it must be between \(range.lowerBound) and "
          + "\(range.upperBound).")
    }
    guard plausibleQuantile > 0, plausibleQuantile <= 1 else {
      throw ExplanationError(
        .badOption,
        "The option plausibleQuantile of recourse is \(plausibleQuantile); it must be above 0 and at "
          + "most 1.")
    }
    if let deadline, !(deadline > 0) {
      throw ExplanationError(
        .badOption, "The deadline of recourse is \(deadline) s; it must be above zero.")
    }
    return self
  }
}
