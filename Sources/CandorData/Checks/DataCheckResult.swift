/// What a data check looks for.
public enum DataCheckKind: String, Sendable, Codable, CaseIterable {
  /// Missing cells of a feature, at or above a share of the rows.
  case missingCells
  /// A feature whose training cells are all equal.
  case constantColumn
  /// A feature of whose training cells nearly all are equal.
  case nearlyConstantColumn
  /// A feature that tells rows apart like a name or a running number.
  case identifierLike
  /// An identifier that names several rows.
  case repeatedIdentifier
  /// Rows that equal an earlier one in all features and the label.
  case duplicateRows
  /// Test rows that equal a training row in all features and the label.
  case duplicatesAcrossSplit
  /// A feature that alone nearly tells good from bad.
  case suspectedLeakage
  /// Levels with few training rows.
  case rareLevels
  /// Numbers far outside the bulk.
  case outliers
  /// Levels of test rows that no training row has.
  case unseenLevels
}

/// How much a finding of a data check matters.
public enum DataCheckSeverity: String, Sendable, Codable, CaseIterable {
  /// Worth knowing.
  case information
  /// Should be explained or mended.
  case warning
  /// Likely makes results wrong.
  case serious
}

/// One finding of a data check, without prose: its reader has the words.
public struct DataCheckResult: Sendable, Equatable, Codable {
  /// What was looked for.
  public let check: DataCheckKind
  /// How much it matters.
  public let severity: DataCheckSeverity
  /// The columns that it is about; empty where it is about whole rows.
  public let columns: [String]
  /// How many cells, rows or levels were found, as the check's own comment says.
  public let count: Int
  /// The same as a share of the rows looked at, where that makes sense.
  public let share: Double?
  /// A figure of the check's own: an AUC, a distinct share, a distance.
  public let measure: Double?
  /// Cells or levels as texts, five at most.
  public let examples: [String]
  /// Positions of rows in the table, from zero, five at most.
  public let rowExamples: [Int]

  /// The most examples that are kept.
  static let exampleLimit = 5

  init(
    _ check: DataCheckKind, _ severity: DataCheckSeverity, columns: [String] = [], count: Int,
    share: Double? = nil, measure: Double? = nil, examples: [String] = [], rowExamples: [Int] = []
  ) {
    self.check = check
    self.severity = severity
    self.columns = columns
    self.count = count
    self.share = share
    self.measure = measure
    self.examples = Array(examples.prefix(Self.exampleLimit))
    self.rowExamples = Array(rowExamples.prefix(Self.exampleLimit))
  }
}

/// From where on data checks report.
public struct DataCheckLimits: Sendable, Equatable, Codable {
  /// Missing cells are reported from this share of a column on.
  public var missingShare = 0.05
  /// They are a warning from this share on.
  public var missingShareWarning = 0.2
  /// They are serious from this share on.
  public var missingShareSerious = 0.5
  /// A column is nearly constant where its most frequent value has this share of its cells.
  public var nearlyConstantShare = 0.99
  /// A column is like an identifier where so many of its cells are distinct, as a share.
  public var identifierShare = 0.98
  /// Columns with fewer cells than this are not tested for being like an identifier.
  public var identifierMinimumRows = 50
  /// Duplicates are a warning from this share of the rows on.
  public var duplicateShareWarning = 0.01
  /// A feature is suspected of leakage above this AUC (or below one minus it).
  public var leakageAUC = 0.95
  /// Leakage is tested where both classes have so many rows.
  public var leakageMinimumRows = 20
  /// A level is rare below this share of the training rows.
  public var rareLevelShare = 0.01
  /// A level is rare below this number of training rows, whatever its share.
  public var rareLevelCount = 20
  /// Outliers lie so many interquartile ranges outside the quartiles.
  public var outlierFences = 3.0

  /// The defaults.
  public init() {}
}
