/// How a number's grid is laid.
public enum GridSpacing: String, Sendable, Codable {
  /// At quantiles of the sample, so that equal shares of the applicants lie between neighbours. Every
  /// point is a value that an applicant has.
  case quantiles
  /// At equal distances between the sample's smallest and largest value.
  case equalWidths
}

/// How effects are computed.
public struct EffectOptions: Sendable, Equatable, Codable {
  /// The most grid points of a number, from 2 to 1,000; levels are always all there.
  public var points = 50
  /// How the grid of a number is laid.
  public var spacing = GridSpacing.quantiles
  /// The resamples of the rows behind the bands; 0 for no bands, else from 20 to 10,000.
  public var resamples = 200
  /// How many single curves are kept for a figure, from 0 to 10,000: spread evenly over the applicants
  /// in the order of their curves' means.
  public var curves = 50
  /// The order of a name's levels in accumulated effects.
  public var levelOrder = LevelOrder.similarity

  /// The defaults.
  public init() {}

  /// The options, if all are in range.
  ///
  /// - Throws: `ExplanationError` naming the first that is not.
  public func validated() throws(ExplanationError) -> EffectOptions {
    guard (2...1000).contains(points) else {
      throw ExplanationError(.badOption, "points is \(points); it must be from 2 to 1,000.")
    }
    guard resamples == 0 || (20...10_000).contains(resamples) else {
      throw ExplanationError(
        .badOption, "resamples is \(resamples); it must be 0, or from 20 to 10,000.")
    }
    guard (0...10_000).contains(curves) else {
      throw ExplanationError(.badOption, "curves is \(curves); it must be from 0 to 10,000.")
    }
    return self
  }
}

/// In which order the levels of a name are put, for effects that accumulate from level to level.
public enum LevelOrder: String, Sendable, Codable {
  /// Levels whose applicants are alike in the other features stand beside each other (Apley and Zhu
  /// 2020, doi:10.1111/rssb.12377, supplement E).
  case similarity
  /// The order of the encoder: declared for ordinal features, by name otherwise.
  case declared
}

/// A number with the uncertainty that comes from the choice of applicants.
public struct EffectEstimate: Sendable, Equatable, Codable {
  /// The value over the whole sample.
  public let value: Double
  /// The standard deviation over resamples of the applicants; nil without resamples.
  public let standardError: Double?
  /// The 2.5% quantile over resamples; nil without resamples.
  public let lower: Double?
  /// The 97.5% quantile over resamples; nil without resamples.
  public let upper: Double?
}
