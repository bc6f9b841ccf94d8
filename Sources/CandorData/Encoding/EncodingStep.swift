/// What was learnt about one source feature, and how its cells become encoded columns.
public struct EncodingStep: Sendable, Equatable, Codable {
  /// One transformation with what it learnt; a step applies its own in order.
  public enum Transformation: Sendable, Equatable, Codable {
    /// A 0/1 column of its own says where cells are missing.
    case indicateMissing
    /// This number stands for a missing cell (and for an unknown level of an ordinal feature).
    case impute(value: Double)
    /// This level stands for a missing cell.
    case imputeLevel(String)
    /// A missing cell is the level `(missing)`.
    case missingAsLevel
    /// Every level but those kept becomes `(rare)`, one that training did not have included.
    case groupRare(grouped: [String], kept: [String])
    /// Numbers below and above are moved to these training quantiles.
    case clip(lower: Double, upper: Double)
    /// One 0/1 column for each of these levels.
    case oneHot(levels: [String])
    /// One 0/1 column that is 1 for this level.
    case indicator(level: String)
    /// A level becomes its position among these; others become the position of `unknownAs`, or a
    /// missing number where that is nil.
    case levelCodes(levels: [String], unknownAs: String?)
    /// A level becomes its code among these, which have no order; others and the missing cell stay
    /// missing.
    case categoryCodes(levels: [String])
    /// A cell becomes the weight of evidence of its bin.
    case weightOfEvidence(WeightOfEvidence)
    /// `(value - center) / scale`.
    case scale(method: Scaling, center: Double, scale: Double)
    /// All training rows would be equal here, so no value column is made.
    case dropConstant
  }

  /// What the training cells were.
  public struct TrainingCells: Sendable, Equatable, Codable {
    /// The number of training rows.
    public let count: Int
    /// How many cells were missing.
    public let missing: Int
    /// The smallest number; nil for levels or where all were missing.
    public let minimum: Double?
    /// The largest number; nil for levels or where all were missing.
    public let maximum: Double?
    /// The levels seen, before any were grouped; empty for numbers.
    public let levels: [String]
  }

  /// The name of the level that missing cells make.
  public static let missingLevel = "(missing)"
  /// The name of the level that rare levels make.
  public static let rareLevel = "(rare)"

  /// The source feature's name.
  public let feature: String
  /// How its cells were understood in training.
  public let type: ColumnType
  /// What is done to a cell, in order.
  public let transformations: [Transformation]
  /// The level without a 0/1 column, where one was dropped.
  public let referenceLevel: String?
  /// What was seen in training.
  public let training: TrainingCells

  /// Whether the feature was dropped altogether, since all its training cells were equal.
  public var isDropped: Bool { columnNames.isEmpty }

  /// The encoded columns' names: values or levels first, the indicator of the missing last.
  public var columnNames: [String] {
    var names: [String]
    if transformations.contains(.dropConstant) {
      names = []
    } else {
      names = [feature]
      for transformation in transformations {
        if case .oneHot(let levels) = transformation { names = levels.map { "\(feature)=\($0)" } }
        if case .indicator(let level) = transformation { names = ["\(feature)=\(level)"] }
      }
    }
    if indicatesMissing { names.append("\(feature) (missing)") }
    return names
  }

  /// Whether the last encoded column says where cells are missing.
  var indicatesMissing: Bool { transformations.contains(.indicateMissing) }

  /// How many level codes the value column holds, nil where it holds numbers.
  var codeCount: Int? {
    for transformation in transformations {
      if case .categoryCodes(let levels) = transformation { return levels.count }
    }
    return nil
  }

  /// Whether cells are numbers rather than levels.
  var isNumeric: Bool { type == .numeric || type == .date }

  /// What is not right in a step that came from outside, nil where all is well.
  var fault: String? {
    var namesColumns = false
    var hasCodes = false
    for transformation in transformations {
      switch transformation {
      case .categoryCodes:
        if isNumeric { return "gives level codes to numbers" }
        hasCodes = true
      case .impute, .clip, .scale, .weightOfEvidence, .oneHot, .indicator, .levelCodes:
        if hasCodes { return "changes level codes" }
      default: break
      }
      switch transformation {
      case .oneHot, .indicator, .categoryCodes:
        // The first one would place cells and the last one name columns, not as many perhaps.
        if namesColumns { return "has two lists of 0/1 columns" }
        namesColumns = true
      default: break
      }
      switch transformation {
      case .impute(let value) where !value.isFinite:
        return "imputes \(value)"
      case .clip(let lower, let upper) where !(lower <= upper):
        return "clips to \(lower) ... \(upper)"
      case .scale(_, let center, let scale) where !(center.isFinite && scale.isFinite && scale > 0):
        return "scales by \(center) and \(scale)"
      default: continue
      }
    }
    return nil
  }
}
