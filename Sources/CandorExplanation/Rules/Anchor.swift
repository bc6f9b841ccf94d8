import CandorData
public import CandorNumerics

/// A rule that is enough for a decision: where it holds, the model decides as it did for the
/// applicant with the measured precision, whatever the other features are.
///
/// Conditions are on source features in their own units: a level, an interval between quantiles of the
/// training sample, or that the value is missing. "Whatever" means: a training row is drawn, and where
/// it breaks a condition that feature takes the value of another training row that keeps it. Ribeiro,
/// Singh and Guestrin 2018, doi:10.1609/aaai.v32i1.11491. A rule says what holds a decision, not why it
/// was made: evidence beside a reason, never a reason.
public struct Anchor: Sendable, Equatable, Codable {
  /// One condition.
  public struct Condition: Sendable, Equatable, Codable {
    /// The source feature.
    public let source: String
    /// The number must be above it; nil for no limit.
    public let above: Double?
    /// The number must be at most it; nil for no limit.
    public let atMost: Double?
    /// The level that it must have; nil for numbers.
    public let level: String?
    /// Whether the value must be missing.
    public let isMissing: Bool

    /// The condition in a reader's words.
    public var text: String {
      if isMissing { return "\(source) is missing" }
      if let level { return "\(source) = \(level)" }
      switch (above, atMost) {
      case (let above?, let atMost?):
        return "\(source) > \(shortText(above)) and ≤ \(shortText(atMost))"
      case (let above?, nil): return "\(source) > \(shortText(above))"
      case (nil, let atMost?): return "\(source) ≤ \(shortText(atMost))"
      case (nil, nil): return "\(source) is present"
      }
    }
  }

  /// The conditions, in the feature map's order; none where the decision falls so nearly everywhere.
  public let conditions: [Condition]
  /// Whether the decision is a refusal: the value at or above the cut-off.
  public let isRefusal: Bool
  /// The cut-off on `scale`.
  public let cutOff: Double
  /// The scale of the cut-off.
  public let scale: ExplainedScale
  /// The training sample's name.
  public let backgroundName: String
  /// The training sample's hash.
  public let backgroundHash: String
  /// The share of equal decisions on rows drawn afresh under the rule, with its interval.
  public let precision: ShareEstimate
  /// The share of the training sample in which the rule holds, with its interval.
  public let coverage: ShareEstimate
  /// The precision asked for.
  public let wantedPrecision: Double
  /// The confidence asked for.
  public let confidence: Double
  /// Whether the search's lower bound of the precision at that confidence reached what was asked for.
  public let isReached: Bool
  /// The model evaluations made.
  public let evaluations: Int
  /// What a reader must be told.
  public let warnings: [String]

  /// The rule in a reader's words.
  public var text: String {
    conditions.isEmpty ? "always" : conditions.map(\.text).joined(separator: ", ")
  }

  /// Searches the rule of the greatest coverage whose precision is high enough, for one applicant.
  ///
  /// A beam search over conditions; at each length KL-LUCB (Kaufmann and Kalyanakrishnan 2013) finds the
  /// most precise candidates, and a candidate counts where its lower bound by the
  /// Kullback–Leibler divergence reaches the precision asked for. The rule found is measured once
  /// more on rows drawn afresh, since the best of many is flattered by its own draws.
  ///
  /// - Parameters:
  ///   - applicant: The applicant's encoded row.
  ///   - applicantSource: Its source values, one row; nil reads them from the encoded row.
  ///   - model: The score function; the cut-off is on its scale.
  ///   - cutOff: Values at or above it are refused.
  ///   - background: The training sample.
  ///   - backgroundSource: Its source values; nil reads them from the encoded rows.
  ///   - options: Precision, confidence and effort.
  ///   - seeds: The randomness; the draws depend on the applicant's values.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: The rule; where none reached the precision, the one that came nearest, and a warning.
  /// - Throws: `ExplanationError` where shapes differ, an option is out of range or the model refuses.
  public static func find(
    for applicant: [Double], applicantSource: SourceValues? = nil, model: ExplainedModel,
    cutOff: Double, background: Background, backgroundSource: SourceValues? = nil,
    options: AnchorOptions = .init(), seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> Anchor {
    let options = try options.validated()
    guard cutOff.isFinite else {
      throw ExplanationError(.badOption, "cutOff is \(cutOff); it must be finite.")
    }
    let row = EncodedRows(row: applicant)
    let ground = try AnchorGround(
      applicant: applicant,
      applicantSource: SourceValues.given(applicantSource, or: row, model.featureMap),
      model: model, cutOff: cutOff, background: background,
      backgroundSource: SourceValues.given(
        backgroundSource, or: background.rows, model.featureMap), options: options,
      threads: threads)
    var search = AnchorSearch(
      ground: ground, options: options, seeds: seeds.child("anchor").child(row: applicant))
    let found = try search.run()
    let agreed = try ground.agreements(
      with: [found.rule], rows: options.freshRows,
      seeds: [seeds.child("anchor measured").child(row: applicant)])[0]
    let precision = ShareEstimate(
      successes: Double(agreed), count: Double(options.freshRows))
    var warnings: [String] = []
    if !found.isReached {
      warnings.append(
        "No rule of \(options.mostConditions) conditions at most has a precision of "
          + "\(plainText(options.precision)) with confidence \(plainText(options.confidence)); this "
          + "one came nearest.")
    } else if precision.upper < options.precision {
      warnings.append(
        "Measured afresh, the precision is below \(plainText(options.precision)): the search was "
          + "unlucky; run it with another seed.")
    }
    return Anchor(
      conditions: ground.conditions(of: found.rule), isRefusal: ground.isRefusal, cutOff: cutOff,
      scale: model.scale, backgroundName: background.name, backgroundHash: background.hash,
      precision: precision, coverage: ground.coverageEstimate(of: found.rule),
      wantedPrecision: options.precision, confidence: options.confidence,
      isReached: found.isReached, evaluations: search.evaluations + options.freshRows,
      warnings: warnings)
  }
}
