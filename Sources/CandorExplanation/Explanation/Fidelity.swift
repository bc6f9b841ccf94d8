/// Measured evidence that an explanation tells the truth about the model, with the warnings that
/// follow from it.
public struct Fidelity: Sendable, Equatable, Codable {
  /// What was measured; its kind depends on the method.
  public let evidence: FidelityEvidence
  /// What a reader must be told, in a fixed order; empty where the evidence is within limits.
  public let warnings: [FidelityWarning]

  /// Judges evidence against limits.
  ///
  /// - Parameters:
  ///   - evidence: What was measured.
  ///   - thresholds: The limits.
  public init(_ evidence: FidelityEvidence, thresholds: FidelityThresholds = .standard) {
    self.evidence = evidence
    warnings = thresholds.warnings(about: evidence)
  }
}

/// Evidence by kind of method.
public enum FidelityEvidence: Sendable, Equatable, Codable {
  /// An exact additive method: `explained − base − Σ attributions`, and the same relative to the
  /// largest of 1 and the magnitudes that were added.
  case additivity(residual: Double, relative: Double)
  /// A sampled additive method.
  case sampled(SampledEvidence)
  /// Integrated gradients: the completeness residual, its tolerance, and the nodes used.
  case completeness(residual: Double, tolerance: Double, nodes: Int)
  /// A linear surrogate.
  case surrogate(SurrogateEvidence)
  /// Permutation importance: repeats and rows behind the intervals.
  case repeats(count: Int, rows: Int)
  /// A local slope; it is not a difference from anything, so that no sum can be checked.
  case slope
  /// A mean of gradients over random draws.
  case draws(DrawEvidence)
}

/// Evidence about a sampled Shapley value.
public struct SampledEvidence: Sendable, Equatable, Codable {
  /// The antithetic pairs of orders drawn.
  public let pairs: Int
  /// The model evaluations made.
  public let evaluations: Int
  /// The largest standard error among the players.
  public let largestStandardError: Double
  /// The largest standard error as a share of the sum of absolute attributions.
  public let relativeStandardError: Double
  /// The largest difference, over players, between the means of the two halves of the draws.
  public let splitHalfDifference: Double
  /// `explained − base − Σ attributions`: rounding only, since the estimator is additive.
  public let residual: Double
  /// Whether all that was asked of the draws was reached (true where nothing was).
  public let reachedTarget: Bool
  /// Why drawing stopped; nil in results of older versions.
  public var stop: SamplingStop?
  /// The sum of the players' variances with the control variate over the sum without; nil where no
  /// control was used.
  public var varianceRatio: Double?
  /// Whether the order of the first contributions is certain; nil where it was not asked for.
  public var orderIsCertain: Bool?
}

/// Why a sampled method stopped drawing.
public enum SamplingStop: String, Sendable, Codable {
  /// The wanted number was drawn, and nothing else was asked for.
  case drawn
  /// All that was asked for was reached.
  case target
  /// The most pairs allowed were drawn.
  case pairs
  /// The most model evaluations allowed would have been passed.
  case evaluations
  /// The caller's time was up.
  case time
}

/// Evidence about a linear surrogate.
public struct SurrogateEvidence: Sendable, Equatable, Codable {
  /// The weighted R² on rows that the fit did not see.
  public let rSquared: Double
  /// The weighted R² on the rows of the fit.
  public let fittedRSquared: Double
  /// The rows of one design.
  public let rows: Int
  /// The columns of the design with the intercept.
  public let columns: Int
  /// The numerical rank of the weighted design.
  public let rank: Int
  /// The largest over the smallest singular value that counts to the rank.
  public let conditionNumber: Double
  /// The mean share of common players among the top ones of two designs drawn with different
  /// seeds; nil where one design was drawn.
  public let topOverlap: Double?
  /// How many players `topOverlap` compares.
  public let top: Int
  /// How local a local surrogate is; nil for a global one.
  public let locality: SurrogateLocality?

  /// Joins the measurements.
  package init(
    rSquared: Double, fittedRSquared: Double, rows: Int, columns: Int, rank: Int,
    conditionNumber: Double, topOverlap: Double?, top: Int, locality: SurrogateLocality? = nil
  ) {
    self.rSquared = rSquared
    self.fittedRSquared = fittedRSquared
    self.rows = rows
    self.columns = columns
    self.rank = rank
    self.conditionNumber = conditionNumber
    self.topOverlap = topOverlap
    self.top = top
    self.locality = locality
  }
}

/// Evidence outside its limit, as a code and a sentence.
public struct FidelityWarning: Sendable, Equatable, Codable {
  /// The kind of warning.
  public enum Code: String, Sendable, Codable {
    case notAdditive, largeStandardError, targetNotReached, splitHalvesDiffer, incomplete
    case surrogateUnfaithful, surrogateNotEvidence, surrogateIllConditioned, surrogateUnstable
    case fewRepeats
    case thinSupport, unstableInteraction, effectsDisagree
    case arbitraryCredit, schemesDisagree
  }

  /// The kind of warning.
  public let code: Code
  /// The sentence, with the measured number and the limit.
  public let sentence: String
}
