/// What a level becomes under a step's transformations, with their lists turned into lookups once,
/// so that encoding one applicant builds none.
struct LevelRule: Sendable {
  /// What becomes of a cell.
  struct Outcome: Sendable, Equatable {
    /// The level after imputation and grouping; nil where the cell stays missing.
    var level: String?
    /// The number, NaN where the transformations leave none.
    var value = Double.nan
  }

  private let parts: [Part]

  init(_ transformations: [EncodingStep.Transformation]) {
    let keepsMissing = transformations.contains {
      if case .categoryCodes = $0 { true } else { false }
    }
    parts = transformations.map { Part($0, keepsMissing: keepsMissing) }
  }

  /// What a cell of this level becomes; nil is a missing cell. A few lookups.
  func outcome(of level: String?) -> Outcome {
    var outcome = Outcome(level: level)
    for part in parts { part.apply(&outcome) }
    return outcome
  }

  /// What each cell of a column becomes: the missing cell first, then the levels by code.
  func outcomes(of levels: [String]) -> [Outcome] {
    [outcome(of: nil)] + levels.map { outcome(of: $0) }
  }

  /// A transformation with its lists turned into a lookup.
  private struct Part: Sendable {
    let transformation: EncodingStep.Transformation
    let places: [String: Int]
    /// The weight of evidence of each of these levels.
    let weights: [Double]
    /// Whether a missing cell is not grouped with rare levels.
    let keepsMissing: Bool

    init(_ transformation: EncodingStep.Transformation, keepsMissing: Bool) {
      self.transformation = transformation
      self.keepsMissing = keepsMissing
      var names: [String] = []
      var weights: [Double] = []
      switch transformation {
      case .levelCodes(let levels, _), .categoryCodes(let levels): names = levels
      case .groupRare(_, let kept): names = kept
      case .weightOfEvidence(let table):
        for bin in table.bins {
          guard case .level(let level) = bin.content else { continue }
          names.append(level)
          weights.append(bin.weightOfEvidence)
        }
      default: break
      }
      self.weights = weights
      places = Dictionary(
        names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func apply(_ cell: inout Outcome) {
      switch transformation {
      case .imputeLevel(let filler): cell.level = cell.level ?? filler
      case .missingAsLevel: cell.level = cell.level ?? EncodingStep.missingLevel
      case .groupRare:
        if cell.level == nil, keepsMissing { return }
        if cell.level.flatMap({ places[$0] }) == nil { cell.level = EncodingStep.rareLevel }
      case .indicator(let yes): cell.value = cell.level.map { $0 == yes ? 1 : 0 } ?? .nan
      case .levelCodes(_, let unknownAs):
        let place = cell.level.flatMap { places[$0] } ?? unknownAs.flatMap { places[$0] }
        cell.value = place.map { Double($0) } ?? .nan
      case .categoryCodes:
        cell.value = cell.level.flatMap { places[$0] }.map { Double($0) } ?? .nan
      case .weightOfEvidence(let table):
        guard let level = cell.level else { return cell.value = table.weight(of: cell.level) }
        cell.value = places[level].map { weights[$0] } ?? 0
      case .impute, .clip, .scale: cell.value = transformation.applied(to: cell.value)
      case .indicateMissing, .oneHot, .dropConstant: break
      }
    }
  }
}
