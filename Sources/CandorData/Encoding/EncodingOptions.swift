/// What stands for a missing number.
public enum NumericImputation: Sendable, Equatable, Codable {
  /// The training cells' median.
  case median
  /// The training cells' mean.
  case mean
  /// This number, in the feature's own unit (for ordinal codes: a code).
  case constant(Double)
  /// Nothing: a missing number, ordinal code, level code or yes/no stays missing (NaN), and has no
  /// indicator column, for a family that takes missing cells as they are.
  case keepMissing
}

/// What stands for a missing level.
public enum CategoricalImputation: String, Sendable, Equatable, Codable {
  /// The most frequent training level.
  case mostFrequent
  /// A level of its own, `(missing)`, where training has missing cells.
  case ownLevel
}

/// Two shares at whose training quantiles numbers are clipped.
public struct Winsorising: Sendable, Equatable, Codable {
  /// The lower share, for example 0.01.
  public var lower: Double
  /// The upper share, for example 0.99.
  public var upper: Double

  /// Takes the two shares.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}

/// How a number is encoded.
public enum NumericEncoding: Sendable, Equatable, Codable {
  /// As itself.
  case values
  /// As the weight of evidence of its quantile bin; missing cells are a bin.
  case weightOfEvidence(maximumBins: Int)
}

/// How a name without order is encoded.
public enum CategoricalEncoding: Sendable, Equatable, Codable {
  /// One 0/1 column a level; without one for the most frequent level where the reference is
  /// dropped.
  case oneHot(dropReference: Bool)
  /// The level's position in the sorted list of training levels.
  case ordinalCodes
  /// The level's weight of evidence.
  case weightOfEvidence
  /// The level's code among the training levels in their sorted order, for a family that splits
  /// levels as they are. An unknown level is a missing cell (NaN), and so is a missing one under
  /// `NumericImputation.keepMissing`. Where there are more than `EncodingOptions.maximumCodes` levels,
  /// the heaviest keep codes of their own and the others share `(rare)`.
  case levelCodes
}

/// How a name with a declared order is encoded.
public enum OrdinalEncoding: Sendable, Equatable, Codable {
  /// The level's position in the declared order, from zero.
  case codes
  /// As a categorical feature, one 0/1 column a level.
  case oneHot(dropReference: Bool)
}

/// How yes and no are encoded.
public enum BooleanEncoding: String, Sendable, Equatable, Codable {
  /// One 0/1 column, which is 1 for the level that means yes: the later of the two in the column's
  /// dictionary, as readers of files order them.
  case indicator
  /// As a categorical feature.
  case asCategorical
}

/// How numbers, ordinal codes and weights of evidence are scaled; 0/1 columns never are.
public enum Scaling: String, Sendable, Equatable, Codable {
  /// Not at all.
  case none
  /// To mean 0 and population standard deviation 1.
  case standard
  /// To median 0 and interquartile range 1; where that range is zero, the standard deviation
  /// stands for it.
  case robust
  /// To the range from 0 to 1.
  case minMax
}

/// How an `Encoder` is to be fitted.
public struct EncodingOptions: Sendable, Equatable, Codable {
  /// Other choices for one feature; nil takes the general one.
  public struct Override: Sendable, Equatable, Codable {
    /// In place of `numericImputation`.
    public var numericImputation: NumericImputation?
    /// In place of `categoricalImputation`.
    public var categoricalImputation: CategoricalImputation?
    /// In place of `winsorise`.
    public var winsorise: Winsorising?
    /// In place of `rareLevelShare`.
    public var rareLevelShare: Double?
    /// In place of `numeric`.
    public var numeric: NumericEncoding?
    /// In place of `categorical`.
    public var categorical: CategoricalEncoding?
    /// In place of `ordinal`.
    public var ordinal: OrdinalEncoding?
    /// In place of `scaling`.
    public var scaling: Scaling?

    /// Changes nothing.
    public init() {}
  }

  /// The most codes of one feature under `CategoricalEncoding.levelCodes`, so that a code and the
  /// missing cell fit in a byte.
  public static let maximumCodes = 255

  /// Whether a feature with missing training cells gets a 0/1 column that says where they were;
  /// levels of their own and bins of the missing need none.
  public var missingIndicators = true
  /// What stands for a missing number, date or ordinal code.
  public var numericImputation = NumericImputation.median
  /// What stands for a missing level.
  public var categoricalImputation = CategoricalImputation.ownLevel
  /// Where numbers are clipped; nil clips nowhere.
  public var winsorise: Winsorising?
  /// Levels below this share of the training weight are grouped into `(rare)`.
  public var rareLevelShare = 0.0
  /// A categorical feature with more training levels (after grouping) is refused, since it is
  /// likely an identifier.
  public var maximumLevels = 1000
  /// How numbers and dates are encoded.
  public var numeric = NumericEncoding.values
  /// How names without order are encoded.
  public var categorical = CategoricalEncoding.oneHot(dropReference: false)
  /// How names with a declared order are encoded.
  public var ordinal = OrdinalEncoding.codes
  /// How yes and no are encoded.
  public var boolean = BooleanEncoding.indicator
  /// How encoded columns other than 0/1 are scaled.
  public var scaling = Scaling.standard
  /// Other choices, by feature.
  public var perFeature: [String: Override] = [:]

  /// The defaults.
  public init() {}

  /// These options, if they can be followed.
  ///
  /// - Returns: The options, unchanged.
  /// - Throws: `DataError` that names the first option out of its range.
  public func validated() throws(DataError) -> EncodingOptions {
    try Self.check(rareLevelShare: rareLevelShare, winsorise: winsorise)
    try Self.check(imputation: numericImputation, numeric: numeric)
    guard maximumLevels >= 2 else {
      throw DataError(.badOption, "maximumLevels must be 2 at least, not \(maximumLevels)")
    }
    for name in perFeature.keys.sorted() {
      guard let other = perFeature[name] else { continue }
      try Self.check(rareLevelShare: other.rareLevelShare ?? 0, winsorise: other.winsorise)
      try Self.check(
        imputation: other.numericImputation ?? .median, numeric: other.numeric ?? .values)
    }
    return self
  }

  /// The options as they are for one feature.
  func resolved(for feature: String) -> EncodingOptions {
    guard let other = perFeature[feature] else { return self }
    var options = self
    options.numericImputation = other.numericImputation ?? numericImputation
    options.categoricalImputation = other.categoricalImputation ?? categoricalImputation
    options.winsorise = other.winsorise ?? winsorise
    options.rareLevelShare = other.rareLevelShare ?? rareLevelShare
    options.numeric = other.numeric ?? numeric
    options.categorical = other.categorical ?? categorical
    options.ordinal = other.ordinal ?? ordinal
    options.scaling = other.scaling ?? scaling
    return options
  }

  private static func check(
    rareLevelShare: Double, winsorise: Winsorising?
  ) throws(DataError) {
    guard rareLevelShare >= 0, rareLevelShare < 1 else {
      throw DataError(
        .badOption, "rareLevelShare must be at least 0 and less than 1, not \(rareLevelShare)")
    }
    if let winsorise {
      guard winsorise.lower >= 0, winsorise.lower < winsorise.upper, winsorise.upper <= 1 else {
        throw DataError(
          .badOption,
          "winsorise must be two rising shares between 0 and 1, not \(winsorise.lower) and"
            + " \(winsorise.upper)")
      }
    }
  }

  private static func check(
    imputation: NumericImputation, numeric: NumericEncoding
  ) throws(DataError) {
    if case .constant(let value) = imputation, !value.isFinite {
      throw DataError(.badOption, "the constant of numericImputation must be finite, not \(value)")
    }
    if case .weightOfEvidence(let bins) = numeric, !(2...256).contains(bins) {
      throw DataError(
        .badOption, "maximumBins of weightOfEvidence must be 2 to 256, not \(bins)")
    }
  }
}
