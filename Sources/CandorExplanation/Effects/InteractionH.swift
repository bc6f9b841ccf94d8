import CandorData
public import CandorNumerics

/// How much of what features do together is more than the sum of what each does alone.
///
/// Friedman and Popescu 2008, doi:10.1214/07-AOAS148. For a pair
/// `H² = Σ (PD_jk − PD_j − PD_k)² / Σ PD_jk²`, for one feature against all others
/// `H² = Σ (F − PD_j − PD_rest)² / Σ F²`, each part centred over the sample. The square root of the
/// numerator's mean is given besides, in the unit of the effects: where the denominator is small, H
/// is large for an interaction that moves nothing.
public struct InteractionH: Sendable, Equatable, Codable {
  /// One pair, or one feature against all others.
  public struct Entry: Sendable, Equatable, Codable {
    /// The feature, or the first of the pair.
    public let first: String
    /// The second of the pair; nil for one against all others.
    public let second: String?
    /// H, from 0; nil where the joint effect is nothing at all.
    public let h: EffectEstimate?
    /// The square root of the mean square of what is more than the sum, in the unit of the effects.
    public let size: EffectEstimate
    /// The square root of the mean square of the joint effect (of the value itself, for one against
    /// all others): what H is relative to.
    public let jointSize: Double
    /// Whether the joint effect is so small that H is not to be read.
    public let isUnstable: Bool
  }

  /// The unit of the sizes.
  public let scale: ExplainedScale
  /// The sample's name.
  public let sampleName: String
  /// The hash of the rows used.
  public let sampleHash: String
  /// The rows used: they are both the places and the applicants averaged over.
  public let rowCount: Int
  /// The resamples behind the intervals; 0 where there are none.
  public let resampleCount: Int
  /// Pairs by falling size of the interaction; equal ones keep the features' order.
  public let pairs: [Entry]
  /// Each feature against all others, by falling size.
  public let features: [Entry]
  /// What a reader must be told; empty where there is nothing.
  public let warnings: [FidelityWarning]

  /// The pair of two features, in either order.
  public func pair(_ a: String, _ b: String) -> Entry? {
    pairs.first { ($0.first == a && $0.second == b) || ($0.first == b && $0.second == a) }
  }

  /// A joint effect below this share of the value's own standard deviation makes H unstable.
  public static let leastJointShare = 0.05

  /// How many rows and features are used.
  public struct Options: Sendable, Equatable, Codable {
    /// The rows drawn from the sample, from 10 to 5,000; the cost grows with their square.
    public var rows = 200
    /// The resamples of the rows; 0 for no intervals, else from 20 to 10,000.
    public var resamples = 100
    /// Whether pairs are measured, or features against all others alone.
    public var pairs = true

    /// The defaults.
    public init() {}
  }

  /// Measures features against all others, and all their pairs.
  ///
  /// O(rows² · (features + pairs)) values, by walks of rows² / 64 for trees. Say few features, or
  /// fewer rows, where it takes too long.
  ///
  /// - Parameters:
  ///   - model: The score function, on the scale of the result.
  ///   - features: The source features; nil means all that the encoder kept.
  ///   - sample: The applicants, from whom rows are drawn.
  ///   - options: Rows and resamples.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: The interactions, ranked.
  /// - Throws: `ExplanationError` where a feature is unknown, an option is out of range, the sample
  ///   does not fit the model, or the scorer refuses.
  public static func measure(
    _ model: ExplainedModel, features: [String]? = nil, sample: EffectSample,
    options: Options = .init(), seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> InteractionH {
    guard (10...5000).contains(options.rows),
      options.resamples == 0 || (20...10_000).contains(options.resamples)
    else {
      throw ExplanationError(
        .badOption,
        "rows is \(options.rows) and resamples is \(options.resamples); rows must be from 10 to "
          + "5,000, and resamples 0 or from 20 to 10,000.")
    }
    guard model.featureMap == sample.encoder.featureMap else {
      throw ExplanationError(
        .badShape,
        "The sample \"\(sample.background.name)\" was encoded by another encoder than the model's.")
    }
    let seeds = seeds.child("interaction")
    var generator = seeds.child("rows").generator()
    let drawn = try sample.selecting(
      rows: Sampling.withoutReplacement(options.rows, from: sample.count, using: &generator))
    let names =
      features ?? sample.encoder.features.filter { !sample.columns(of: $0).isEmpty }
    for name in names { _ = try drawn.column(of: name) }
    guard Set(names).count == names.count else {
      throw ExplanationError(.badOption, "A feature is named twice; name each once.")
    }
    let measurement = InteractionMeasurement(
      model: model, rows: drawn.background.rows, names: names,
      columns: names.map { Array(drawn.columns(of: $0)) },
      source: MethodSelection.curveSource(for: model), weights: drawn.background.weights,
      resamples: options.resamples == 0
        ? nil
        : RowResamples(
          options.resamples, of: drawn.background, seeds: seeds.child("resamples"),
          threads: threads))
    return InteractionH(
      try measurement.entries(pairs: options.pairs, threads: threads), scale: model.scale,
      background: drawn.background, resamples: options.resamples)
  }

  private init(
    _ found: (features: [Entry], pairs: [Entry]), scale: ExplainedScale, background: Background,
    resamples: Int
  ) {
    self.scale = scale
    sampleName = background.name
    sampleHash = background.hash
    rowCount = background.count
    resampleCount = resamples
    pairs = Self.ranked(found.pairs)
    features = Self.ranked(found.features)
    let unstable = pairs.count { $0.isUnstable }
    warnings =
      unstable == 0
      ? []
      : [
        FidelityWarning(
          code: .unstableInteraction,
          sentence:
            "The joint effect of \(unstable) of \(pairs.count) pairs is below "
            + "\(Int(Self.leastJointShare * 100))% of the spread of the value; read the size of "
            + "their interaction, not H.")
      ]
  }

  private static func ranked(_ entries: [Entry]) -> [Entry] {
    entries.enumerated().sorted { left, right in
      let (a, b) = (left.element.size.value, right.element.size.value)
      return a == b ? left.offset < right.offset : a > b
    }.map(\.element)
  }
}
