/// What a saved model says of itself: where it came from, how it was made, how it was tried.
public struct ModelCard: Sendable, Equatable, Codable {
  /// An option of the fit and its value, as text.
  public struct Setting: Sendable, Equatable, Codable {
    /// The option's name, as in the study file.
    public let name: String
    /// Its value.
    public let value: String

    /// Joins name and value.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The study's name.
  public var study: String
  /// The family's name, for example `random-forest`.
  public var family: String
  /// The options of the fit.
  public var settings: [Setting]
  /// The target column.
  public var target: String
  /// The value of the target that means bad.
  public var badValue: String
  /// The value of the target that means good, where the study names it.
  public var goodValue: String?
  /// At most so many principal reasons are given for a refusal.
  public var reasonsAtMost: Int
  /// So many pairs of random orders a sampled explanation begins with.
  public var permutations: Int
  /// How many rows the model was fitted on.
  public var trainingRows: Int
  /// How many of them were bad.
  public var trainingBads: Int
  /// The version of Candor that fitted it.
  public var version: String
  /// The study's seed.
  public var seed: UInt64
  /// SHA-256 of the data file as received.
  public var dataHash: String
  /// SHA-256 of the normalised study.
  public var studyHash: String
  /// Numbers found while fitting, by name (out-of-fold AUC, out-of-fold log-loss).
  public var measures: [String: Double]
  /// How the cut-off was set, in the study's words.
  public var cutOffRule: String
  /// The written lawful basis of each protected column that is an input, by column.
  public var lawfulBasis: [String: String]
  /// What applicants could change; nil in files written before there were such rules.
  public var changeRules: ChangeRules?
  /// The features that tell a protected group from the others too well; nil where nobody looked.
  public var proxies: [ProxyMark]?

  /// Joins the parts of a card.
  public init(
    study: String, family: String, settings: [Setting], target: String, badValue: String,
    goodValue: String? = nil, reasonsAtMost: Int = 4, permutations: Int = 400, trainingRows: Int,
    trainingBads: Int, version: String, seed: UInt64, dataHash: String,
    studyHash: String, measures: [String: Double], cutOffRule: String,
    lawfulBasis: [String: String] = [:], changeRules: ChangeRules? = nil,
    proxies: [ProxyMark]? = nil
  ) {
    self.study = study
    self.family = family
    self.settings = settings
    self.target = target
    self.badValue = badValue
    self.goodValue = goodValue
    self.reasonsAtMost = reasonsAtMost
    self.permutations = permutations
    self.trainingRows = trainingRows
    self.trainingBads = trainingBads
    self.version = version
    self.seed = seed
    self.dataHash = dataHash
    self.studyHash = studyHash
    self.measures = measures
    self.cutOffRule = cutOffRule
    self.lawfulBasis = lawfulBasis
    self.changeRules = changeRules
    self.proxies = proxies
  }
}
