/// What each level of a dictionary becomes under a step's transformations; the missing cell stands
/// first, then the levels by code. Made once a table, so that no cell touches a text.
struct LevelOutcomes {
  private let names: [String?]
  private let transformations: [EncodingStep.Transformation]

  init(levels: [String], applying transformations: [EncodingStep.Transformation]) {
    names = [nil] + levels
    self.transformations = transformations
  }

  /// The number that each cell becomes; NaN where the transformations leave none.
  var values: [Double] {
    let prepared = transformations.map { Prepared($0) }
    return names.map { name in
      var level = name
      var value = Double.nan
      for step in prepared { step.apply(level: &level, value: &value) }
      return value
    }
  }

  /// The position among `groups` of the level that each cell becomes; nil for none of them.
  func groups(among groups: [String]) -> [Int?] {
    let prepared = transformations.map { Prepared($0) }
    let places = Dictionary(
      groups.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return names.map { name in
      var level = name
      var value = Double.nan
      for step in prepared { step.apply(level: &level, value: &value) }
      return level.flatMap { places[$0] }
    }
  }

  /// A transformation with its lists turned into a lookup.
  private struct Prepared {
    let transformation: EncodingStep.Transformation
    let places: [String: Int]

    init(_ transformation: EncodingStep.Transformation) {
      self.transformation = transformation
      let names: [String]
      switch transformation {
      case .levelCodes(let levels, _): names = levels
      case .groupRare(_, let kept): names = kept
      default: names = []
      }
      places = Dictionary(
        names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func apply(level: inout String?, value: inout Double) {
      switch transformation {
      case .imputeLevel(let filler): level = level ?? filler
      case .missingAsLevel: level = level ?? EncodingStep.missingLevel
      case .groupRare:
        if level.flatMap({ places[$0] }) == nil { level = EncodingStep.rareLevel }
      case .indicator(let yes): value = level == yes ? 1 : 0
      case .levelCodes(_, let unknownAs):
        let place = level.flatMap { places[$0] } ?? unknownAs.flatMap { places[$0] }
        value = place.map { Double($0) } ?? .nan
      case .weightOfEvidence(let table): value = table.weight(of: level)
      case .impute, .clip, .scale:
        var one = [value]
        EncodingStep.apply([transformation], to: &one)
        value = one[0]
      case .indicateMissing, .oneHot, .dropConstant: break
      }
    }
  }
}
