public import CandorData
public import CandorScoring

/// What a study file says: the data, the target, the models, the explanations and the report.
///
/// A run is a function of (study, data, seed, version); everything here has a default but the data
/// and the target.
public struct Study: Sendable, Equatable {
  /// The name that heads the report.
  public var name: String
  /// Where the data are and how they are read.
  public var data: DataSource
  /// Which column says how a loan ended.
  public var target: Target
  /// What inference cannot know about columns, by name.
  public var columns: [String: ColumnSettings] = [:]
  /// The model's inputs by name; nil means every column whose role is `feature`, and protected
  /// columns with a written lawful basis.
  public var features: [String]?
  /// Source features that share one reason, in the file's order.
  public var groups: [FeatureGroup] = []
  /// The wording of reasons, in the file's order.
  public var reasons: [ReasonCatalogue.Entry] = []
  /// How the encoder prepares features.
  public var preparation = Preparation()
  /// How rows are divided into training and test.
  public var split: SplitSettings = .stratified(testShare: 0.3)
  /// The number of folds of the out-of-fold predictions.
  public var folds = 5
  /// The families to train, in the file's order.
  public var models: [ModelRequest] = []
  /// `best`, or a family's key.
  public var champion = "best"
  /// How margins become PDs.
  public var calibration: CalibrationKind = .platt
  /// The share of bad in the population, where the data hold another; nil takes them as they are.
  public var populationBadRate: Double?
  /// How the cut-off is set.
  public var policy: CutOffSetting = .cost(falseGood: 1, falseBad: 1)
  /// The scale of the points.
  public var points = PointsScale()
  /// How much work explanations may do.
  public var explain = ExplainSettings()
  /// How reasons are derived.
  public var decisionReasons = DecisionReasonSettings()
  /// Limits fixed before the run, by measure.
  public var limits: [MeasureLimit] = []
  /// What the institution supplies, by field.
  public var governance: [String: String] = [:]
  /// What is known of the data's faults, printed in the data section.
  public var notes: [String] = []
  /// The languages of the report (`en`, `zh`).
  public var languages: [String] = ["en"]
  /// The dated rulebook profiles asked for.
  public var profiles: [String] = []
  /// The study as YAML with sorted keys and without comments: what its hash is taken of.
  public var normalised = ""
  /// The root of all randomness.
  public var seed: UInt64 = 20_240_101

  /// A study with nothing but its data and target.
  public init(name: String, data: DataSource, target: Target) {
    self.name = name
    self.data = data
    self.target = target
  }

  /// Where data are and how they are read.
  public struct DataSource: Sendable, Equatable {
    /// The path, relative to the study file unless it is absolute.
    public var path: String
    /// How the file is read.
    public var options: CSVOptions

    /// Joins a path to its options.
    public init(path: String, options: CSVOptions = CSVOptions()) {
      self.path = path
      self.options = options
    }
  }

  /// Which column says how a loan ended, and which value is bad.
  public struct Target: Sendable, Equatable {
    /// The column's name.
    public var column: String
    /// The value that means that the risk came true.
    public var bad: String
    /// The value that means that it did not; nil where the column has two values.
    public var good: String?

    /// Names column and values.
    public init(column: String, bad: String, good: String? = nil) {
      self.column = column
      self.bad = bad
      self.good = good
    }
  }

  /// What a study says of one column.
  public struct ColumnSettings: Sendable, Equatable {
    /// The role; nil leaves it to the default (feature).
    public var role: Role?
    /// How cells are read.
    public var declaration = ColumnDeclaration()
    /// Lower edges of bands for a numeric protected column.
    public var bands: [Double] = []
    /// The expected effect on the PD.
    public var direction: Direction?
    /// Whether the applicant cannot change it soon.
    public var immutable = false
    /// The written lawful basis for a protected column as an input.
    public var lawfulBasis: String?
    /// What the column means, for the register.
    public var description: String?
    /// How an applicant could change it; `feature` is left empty, since the name is the key.
    public var recourse: ChangeRules.Rule?

    /// Settings that say nothing yet.
    public init() {}
  }

  /// How the encoder prepares features, whatever the family.
  public struct Preparation: Sendable, Equatable {
    /// Whether a missing value gets a column of its own.
    public var missingIndicators = true
    /// What stands for a missing number; nil leaves it to the family: the median, or nothing for a
    /// family that takes missing cells.
    public var numericImputation: NumericImputationKind?
    /// What stands for a missing level.
    public var categoricalImputation: CategoricalImputationKind = .ownLevel
    /// Lower and upper training quantiles beyond which numbers are pulled in; nil leaves them.
    public var winsorise: ClosedRange<Double>?
    /// Levels below this training share are grouped.
    public var rareLevels = 0.0
    /// How numbers are scaled.
    public var scaling: ScalingKind = .standard
    /// How categories become numbers; nil leaves it to the family: 0/1 columns, or codes for a
    /// family that splits levels.
    public var categories: CategoryKind?

    /// The defaults.
    public init() {}
  }

  /// What stands for a missing number.
  public enum NumericImputationKind: String, Sendable, CaseIterable { case median, mean }

  /// What stands for a missing level.
  public enum CategoricalImputationKind: String, Sendable, CaseIterable {
    case ownLevel = "own-level"
    case mostFrequent = "most-frequent"
  }

  /// How numbers are scaled.
  public enum ScalingKind: String, Sendable, CaseIterable {
    case standard, robust, none
    case minMax = "min-max"
  }

  /// How categories become numbers.
  public enum CategoryKind: String, Sendable, CaseIterable {
    case oneHot = "one-hot"
    case ordinalCodes = "ordinal-codes"
    case weightOfEvidence = "weight-of-evidence"
  }

  /// How rows are divided into training and test.
  public enum SplitSettings: Sendable, Equatable {
    /// At random, with equal shares of bad in both parts.
    case stratified(testShare: Double)
    /// Rows from this period on are the test part.
    case time(column: String, from: String)
    /// Rows of one group stay in one part.
    case group(column: String, testShare: Double)
  }

  /// How margins become PDs.
  public enum CalibrationKind: String, Sendable, CaseIterable { case platt, isotonic, none }

  /// How the cut-off is set.
  public enum CutOffSetting: Sendable, Equatable {
    /// The least expected cost, given what approving a bad and refusing a good cost.
    case cost(falseGood: Double, falseBad: Double)
    /// A given PD.
    case probability(Double)
    /// The share of applicants to approve.
    case approvalRate(Double)
  }

  /// A family to train with its options.
  public struct ModelRequest: Sendable, Equatable {
    /// The family's key: `logistic`, `svm`, `forest` or `network`.
    public var family: String
    /// The options that the study names.
    public var options: [ModelOption]

    /// Joins a family to its options.
    public init(family: String, options: [ModelOption] = []) {
      self.family = family
      self.options = options
    }
  }

  /// How much work explanations may do.
  public struct ExplainSettings: Sendable, Equatable {
    /// How many training rows the global background has.
    public var rows = 200
    /// How often each feature is permuted.
    public var repeats = 10
    /// At most so many held-out rows are permuted.
    public var importanceRows = 2000
    /// How many pairs of permutations a sampled Shapley value takes at most.
    public var permutations = 400
    /// Without how many of the champion's strongest features its family is fitted anew, one after
    /// another; 0 makes no such fit.
    public var dropColumns = 3
    /// The curves, directions and interactions of the champion.
    public var effects = EffectSettings()
    /// The scorecard of explanation quality.
    public var audit = AuditSettings()
    /// What refused test applicants could change.
    public var recourse = RecourseSettings()

    /// The defaults.
    public init() {}
  }

  /// How reasons are derived.
  public struct DecisionReasonSettings: Sendable, Equatable {
    /// How many reasons are printed at most.
    public var atMost = 4
    /// How many reference rows are wanted at least.
    public var referenceRows = 200

    /// The defaults.
    public init() {}
  }

  /// A limit on a measure, fixed before the run.
  public struct MeasureLimit: Sendable, Equatable {
    /// The measure's key: `auc`, `psi`, `adverse_impact_ratio`, …
    public var measure: String
    /// Below this the verdict is fail.
    public var atLeast: Double?
    /// Above this the verdict is fail.
    public var atMost: Double?

    /// Joins a measure to its bounds.
    public init(measure: String, atLeast: Double? = nil, atMost: Double? = nil) {
      self.measure = measure
      self.atLeast = atLeast
      self.atMost = atMost
    }
  }
}
