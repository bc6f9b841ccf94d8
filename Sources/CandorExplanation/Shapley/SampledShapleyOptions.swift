/// How many orders sampled Shapley values draw, and when they have drawn enough.
///
/// Whatever is asked for (an absolute or a relative standard error, a certain order) must all hold
/// before drawing stops; drawing also stops at `mostPairs`, at `mostEvaluations` and when the caller's
/// time is up, and the result then warns that the target was not reached.
public struct SampledShapleyOptions: Sendable, Equatable, Codable {
  /// The fewest pairs of an order and its reverse over all background rows, from 64 up. Every
  /// background row gets the same number of pairs, at least two.
  public var pairs: Int
  /// Draw on until every player's standard error is at most this, on the explained scale; nil does
  /// not ask for it.
  public var targetStandardError: Double?
  /// The most pairs that a target may lead to.
  public var mostPairs: Int
  /// Draw on until every player's standard error is at most this share of the sum of absolute
  /// attributions; nil does not ask for it.
  public var targetRelativeError: Double?
  /// Draw on until the order of the largest contributions towards bad is certain; nil does not ask
  /// for it.
  public var certainOrder: CertainOrder?
  /// The most model evaluations for one row, looked at before each further look; nil sets no limit.
  /// The first look is always taken.
  public var mostEvaluations: Int?

  /// When the order of the reasons that will be printed is certain.
  ///
  /// The contributions towards bad are sorted; each of the first `top` must differ from the one after
  /// it by more than the paired standard error of their difference allows, at 95% for all of them
  /// together: Bonferroni over the neighbours and over the looks that the budget allows. Contributions
  /// below `leastShare` of all that speaks for bad are no reasons and need no order; equal ones without
  /// any error count as ordered.
  public struct CertainOrder: Sendable, Equatable, Codable {
    /// How many of the largest contributions must be in order, from 1 up.
    public var top: Int
    /// The share of the contributions towards bad below which order does not matter.
    public var leastShare: Double

    /// The order of the first contributions; four of 5% or more unless told otherwise.
    public init(top: Int = 4, leastShare: Double = 0.05) {
      self.top = top
      self.leastShare = leastShare
    }
  }

  /// Options; 256 pairs or two a background row unless told otherwise.
  public init(
    pairs: Int = 256, targetStandardError: Double? = nil, mostPairs: Int = 16_384,
    targetRelativeError: Double? = nil, certainOrder: CertainOrder? = nil,
    mostEvaluations: Int? = nil
  ) {
    self.pairs = pairs
    self.targetStandardError = targetStandardError
    self.mostPairs = mostPairs
    self.targetRelativeError = targetRelativeError
    self.certainOrder = certainOrder
    self.mostEvaluations = mostEvaluations
  }

  /// Whether anything is asked for that further draws may bring.
  var hasTarget: Bool {
    targetStandardError != nil || targetRelativeError != nil || certainOrder != nil
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
    for (name, target) in [
      ("targetStandardError", targetStandardError), ("targetRelativeError", targetRelativeError),
    ] {
      if let target, !(target > 0 && target.isFinite) {
        throw ExplanationError(
          .badOption, "\(name) is \(target); it must be above zero and finite.")
      }
    }
    if let order = certainOrder {
      guard (1...1000).contains(order.top) else {
        throw ExplanationError(
          .badOption, "certainOrder.top is \(order.top); it must be from 1 to 1,000.")
      }
      guard order.leastShare >= 0, order.leastShare < 1 else {
        throw ExplanationError(
          .badOption,
          "certainOrder.leastShare is \(order.leastShare); it must be from 0 up to, but not, 1.")
      }
    }
    if let most = mostEvaluations, most < 1 {
      throw ExplanationError(.badOption, "mostEvaluations is \(most); it must be 1 or more.")
    }
    return self
  }
}
