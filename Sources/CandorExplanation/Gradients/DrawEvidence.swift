/// Evidence about a mean of gradients over random draws.
public struct DrawEvidence: Sendable, Equatable, Codable {
  /// The antithetic pairs of draws.
  public let pairs: Int
  /// The gradients taken.
  public let gradients: Int
  /// The largest standard error among the players.
  public let largestStandardError: Double
  /// The largest standard error as a share of the sum of absolute attributions.
  public let relativeStandardError: Double
  /// `explained − base − Σ attributions` of a method whose attributions add up; nil for slopes.
  public let residual: Double?
  /// The standard error of that sum.
  public let residualStandardError: Double?
  /// Whether the wanted standard error was reached (true where none was asked for).
  public let reachedTarget: Bool

  /// Joins the measurements.
  package init(
    pairs: Int, gradients: Int, errors: [Double], values: [Double], residual: Double? = nil,
    residualStandardError: Double? = nil, reachedTarget: Bool
  ) {
    self.pairs = pairs
    self.gradients = gradients
    largestStandardError = errors.max() ?? 0
    let total = values.reduce(0) { $0 + abs($1) }
    relativeStandardError = total > 0 ? largestStandardError / total : 0
    self.residual = residual
    self.residualStandardError = residualStandardError
    self.reachedTarget = reachedTarget
  }

  /// The largest residual, in its standard errors, that chance explains.
  static let residualErrors = 4.0

  /// The warnings that it deserves, in a fixed order.
  func warnings(thresholds: FidelityThresholds) -> [FidelityWarning] {
    var found: [FidelityWarning] = []
    if relativeStandardError > thresholds.relativeStandardError {
      found.append(
        FidelityWarning(
          code: .largeStandardError,
          sentence:
            "The largest standard error is \(text(relativeStandardError)) of the total attribution; "
            + "the limit is \(text(thresholds.relativeStandardError)). Draw more gradients."))
    }
    if !reachedTarget {
      found.append(
        FidelityWarning(
          code: .targetNotReached,
          sentence:
            "The wanted standard error was not reached with \(gradients) gradients; the largest is "
            + "\(text(largestStandardError))."))
    }
    if let residual, let error = residualStandardError,
      abs(residual) > Self.residualErrors * error + thresholds.additivity * max(1, abs(residual))
    {
      found.append(
        FidelityWarning(
          code: .incomplete,
          sentence:
            "The attributions miss the difference by \(text(residual)), more than "
            + "\(text(Self.residualErrors)) of its standard errors."))
    }
    return found
  }

  private func text(_ number: Double) -> String { SystemMath.text(number) }
}
