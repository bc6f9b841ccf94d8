extension EncodingStep {
  /// Applies transformations of numbers, in order; NaN is a missing cell.
  static func apply(_ transformations: [Transformation], to values: inout [Double]) {
    for transformation in transformations {
      switch transformation {
      case .impute(let filler):
        for i in values.indices where values[i].isNaN { values[i] = filler }
      case .clip(let lower, let upper):
        for i in values.indices { values[i] = min(max(values[i], lower), upper) }
      case .weightOfEvidence(let table):
        for i in values.indices { values[i] = table.weight(of: values[i]) }
      case .scale(_, let center, let scale):
        for i in values.indices { values[i] = (values[i] - center) / scale }
      case .indicateMissing, .imputeLevel, .missingAsLevel, .groupRare, .oneHot, .indicator,
        .levelCodes, .dropConstant:
        continue
      }
    }
  }
}

/// What each level of a dictionary becomes under a step's transformations; the missing cell stands
/// first, then the levels by code. Made once a table, so that no cell touches a text.
struct TransformedLevels {
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

/// A step's cells before they are laid into the rows.
struct StepCells {
  /// The value column, where there is one.
  var values: [Double]?
  /// Which 0/1 column of the block is 1 for each row, -1 for none; where there are such columns.
  var places: [Int32]?
  /// Which cells are missing, where a column says so.
  var missing: [Bool]?
}

extension EncodingStep {
  /// The encoded cells of rows of a column.
  func cells(
    of column: Column, rows: [Int], lines: [Int]
  ) throws(DataError) -> StepCells {
    var cells = StepCells()
    if isDropped, matches(column) { return cells }
    let hasValues = !transformations.contains(.dropConstant)
    guard matches(column) else {
      guard rows.allSatisfy({ column.isMissing($0) }) else { throw wrongType(column) }
      let none =
        isNumeric
        ? Column(name: feature, numbers: [Double](repeating: .nan, count: column.count), type: type)
        : Column(
          name: feature, codes: [Int32](repeating: -1, count: column.count),
          levels: CategoryDictionary(levels: []), type: type)
      return try self.cells(of: none, rows: rows, lines: lines)
    }
    switch column.storage {
    case .numbers(let numbers):
      var values = rows.map { numbers[$0] }
      if let place = values.firstIndex(where: { $0.isInfinite }) {
        throw DataError(
          .notFinite, "a feature's cell is infinite; replace it by a number or leave it empty",
          line: lines.isEmpty ? nil : lines[rows[place]], column: feature,
          value: String(values[place]))
      }
      if indicatesMissing { cells.missing = values.map { $0.isNaN } }
      if hasValues {
        Self.apply(transformations, to: &values)
        cells.values = values
      }
    case .codes(let codes, let levels):
      if indicatesMissing { cells.missing = rows.map { codes[$0] < 0 } }
      guard hasValues else { return cells }
      let table = TransformedLevels(levels: levels.levels, applying: transformations)
      if let columns = oneHotLevels {
        let places = table.groups(among: columns).map { Int32($0 ?? -1) }
        cells.places = rows.map { places[Int(codes[$0]) + 1] }
      } else {
        let values = table.values
        cells.values = rows.map { values[Int(codes[$0]) + 1] }
      }
    }
    return cells
  }

  /// Whether a column is of the kind that training had.
  func matches(_ column: Column) -> Bool {
    switch column.storage {
    case .numbers: type == column.type
    case .codes: !isNumeric
    }
  }

  private func wrongType(_ column: Column) -> DataError {
    DataError(
      .wrongType,
      "the model was trained on a column of type \(type.rawValue), and this one is"
        + " \(column.type.rawValue); declare its type or mend the cells",
      column: feature)
  }

  private var oneHotLevels: [String]? {
    for transformation in transformations {
      if case .oneHot(let levels) = transformation { return levels }
    }
    return nil
  }
}
