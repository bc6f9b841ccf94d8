public import CandorScoring

/// How a random forest is grown.
public struct ForestOptions: Sendable, Equatable {
  /// What a split makes small, summed over the two children and weighted by their rows.
  public enum Criterion: String, Sendable, CaseIterable {
    /// The Gini impurity `2 p (1 − p)`, twice the variance of a target of 0 and 1; in a regression
    /// the variance.
    case gini
    /// The entropy `−p ln p − (1 − p) ln(1 − p)`; not in a regression.
    case entropy
  }

  /// How the split of a column is chosen.
  public enum Splitter: String, Sendable, CaseIterable {
    /// The best of all.
    case best
    /// One drawn at random: extremely randomised trees. Geurts, Ernst and Wehenkel, 2006,
    /// doi:10.1007/s10994-006-6226-1.
    case random
  }

  /// How many columns are looked at for each split; columns that are constant among the node's rows
  /// do not count.
  public enum FeaturesPerSplit: Sendable, Equatable {
    /// The square root of the number of encoded columns, rounded down.
    case squareRoot
    /// So many columns.
    case count(Int)
    /// This share of the columns, rounded down, at least one.
    case share(Double)

    /// The number of columns of so many, one at least.
    func number(of columns: Int) -> Int {
      let wanted =
        switch self {
        case .squareRoot: Int(Double(columns).squareRoot())
        case .count(let count): count
        case .share(let share): Int(share * Double(columns))
        }
      return min(max(wanted, 1), max(columns, 1))
    }

    /// The value in the study file's words.
    var name: String {
      switch self {
      case .squareRoot: "sqrt"
      case .count(let count): "\(count)"
      case .share(let share): "share \(share)"
      }
    }
  }

  /// The number of trees.
  public var trees: Int
  /// What a split makes small.
  public var criterion: Criterion
  /// How many columns are looked at for each split.
  public var featuresPerSplit: FeaturesPerSplit
  /// The fewest rows in a leaf; a row drawn twice counts once.
  public var minimumLeaf: Int
  /// The most splits between root and leaf; nil for no limit.
  public var maximumDepth: Int?
  /// The most bins that a column of numbers is cut into, 2 to 255; missing cells have a bin of their
  /// own.
  public var bins: Int
  /// Whether each tree draws its rows with replacement; without, rows are drawn once at most.
  public var bootstrap: Bool
  /// The share of the rows that each tree draws.
  public var sampleShare: Double
  /// How much a row counts by its outcome.
  public var classWeights: ClassWeights
  /// How the split of a column is chosen.
  public var splitter: Splitter
  /// Whether the margin must keep the directions of the training's columns, over the whole range of
  /// their numbers.
  public var monotone: Bool
  /// Whether the rows that a tree did not see are scored by it, for the out-of-bag measures.
  public var outOfBag: Bool

  /// Options with the defaults of the study file.
  public init(
    trees: Int = 500, criterion: Criterion = .gini,
    featuresPerSplit: FeaturesPerSplit = .squareRoot, minimumLeaf: Int = 5,
    maximumDepth: Int? = nil, bins: Int = 255, bootstrap: Bool = true, sampleShare: Double = 1,
    classWeights: ClassWeights = .none, splitter: Splitter = .best, monotone: Bool = false,
    outOfBag: Bool = true
  ) {
    self.trees = trees
    self.criterion = criterion
    self.featuresPerSplit = featuresPerSplit
    self.minimumLeaf = minimumLeaf
    self.maximumDepth = maximumDepth
    self.bins = bins
    self.bootstrap = bootstrap
    self.sampleShare = sampleShare
    self.classWeights = classWeights
    self.splitter = splitter
    self.monotone = monotone
    self.outOfBag = outOfBag
  }

  /// Checks every field.
  ///
  /// - Returns: The same options.
  /// - Throws: `TrainingError` that names the field, its value and its range.
  public func validated() throws(TrainingError) -> ForestOptions {
    try OptionRange.require("forest", "trees", trees, in: 1...100_000)
    try OptionRange.require("forest", "minimum_leaf", minimumLeaf, in: 1...1_000_000_000)
    if let maximumDepth {
      try OptionRange.require("forest", "maximum_depth", maximumDepth, in: 1...10_000)
    }
    try OptionRange.require("forest", "bins", bins, in: 2...255)
    if case .count(let count) = featuresPerSplit {
      try OptionRange.require("forest", "features_per_split", count, in: 1...1_000_000)
    }
    if case .share(let share) = featuresPerSplit, !(share > 0 && share <= 1) {
      throw TrainingError(
        .badOption,
        "The forest's features_per_split is the share \(share); it must be above 0 and at most 1.")
    }
    guard sampleShare > 0, sampleShare <= 1 else {
      throw TrainingError(
        .badOption, "The forest's sample_share is \(sampleShare); it must be above 0 and at most 1."
      )
    }
    _ = try classWeights.validated()
    return self
  }

  /// The options as (name, value) pairs, in the study file's names.
  public var settings: [(name: String, value: String)] {
    [
      ("trees", "\(trees)"), ("criterion", criterion.rawValue),
      ("features_per_split", featuresPerSplit.name), ("minimum_leaf", "\(minimumLeaf)"),
      ("maximum_depth", maximumDepth.map { "\($0)" } ?? "none"), ("bins", "\(bins)"),
      ("bootstrap", "\(bootstrap)"), ("sample_share", "\(sampleShare)"),
      ("class_weights", classWeights.name), ("splits", splitter.rawValue),
      ("monotone", "\(monotone)"), ("out_of_bag", "\(outOfBag)"),
    ]
  }
}
