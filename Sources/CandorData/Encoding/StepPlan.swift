/// A step's cells before they are laid into the rows.
struct StepCells {
  /// The value column, where there is one.
  var values: [Double]?
  /// Which 0/1 column of the block is 1 for each row, -1 for none; where there are such columns.
  var places: [Int32]?
  /// 0 where a cell is missing and -1 elsewhere, where a column says so.
  var missing: [Int32]?
}

/// A step made ready for many cells or for one: lists are lookups, and what need not be asked of
/// every cell has been asked.
struct StepPlan: Sendable {
  /// What was learnt.
  let step: EncodingStep
  /// What levels become.
  let rule: LevelRule
  /// The place of each level that has a 0/1 column; nil where the step makes no such columns.
  let oneHotPlaces: [String: Int32]?
  /// Whether there is a value column or a block of 0/1 columns.
  let hasValues: Bool
  /// Whether a last column says where cells are missing.
  let indicatesMissing: Bool
  /// Whether numbers are changed at all.
  private let changesNumbers: Bool

  init(_ step: EncodingStep) {
    self.step = step
    rule = LevelRule(step.isNumeric ? [] : step.transformations)
    var places: [String: Int32]?
    for transformation in step.transformations {
      if case .oneHot(let levels) = transformation, places == nil {
        places = Dictionary(
          levels.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
      }
    }
    oneHotPlaces = places
    hasValues = !step.transformations.contains(.dropConstant)
    indicatesMissing = step.indicatesMissing
    changesNumbers = step.transformations.contains { $0.changesNumbers }
  }

  /// The encoded cells of rows of a column; nil means all of them.
  func cells(of column: Column, rows: [Int]?, lines: [Int]) throws(DataError) -> StepCells {
    if step.isDropped, step.matches(column) { return StepCells() }
    guard step.matches(column) else {
      let isEmpty =
        rows?.allSatisfy { column.isMissing($0) }
        ?? (0..<column.count).allSatisfy { column.isMissing($0) }
      guard isEmpty else { throw step.wrongType(column.type.rawValue) }
      let none =
        step.isNumeric
        ? Column(
          name: step.feature, numbers: [Double](repeating: .nan, count: column.count),
          type: step.type)
        : Column(
          name: step.feature, codes: [Int32](repeating: -1, count: column.count),
          levels: CategoryDictionary(levels: []), type: step.type)
      return try cells(of: none, rows: rows, lines: lines)
    }
    switch column.storage {
    case .numbers(let numbers): return try cells(of: numbers, rows: rows, lines: lines)
    case .codes(let codes, let levels): return cells(of: codes, levels, rows: rows)
    }
  }

  private func cells(
    of numbers: [Double], rows: [Int]?, lines: [Int]
  ) throws(DataError) -> StepCells {
    var cells = StepCells()
    var values = rows.map { Self.gather(numbers, $0) } ?? numbers
    if let place = Self.firstInfinite(values.span) {
      throw DataError(
        .notFinite, EncodingStep.infiniteCell,
        line: lines.isEmpty ? nil : lines[rows?[place] ?? place], column: step.feature,
        value: String(values[place]))
    }
    if indicatesMissing { cells.missing = Self.missing(values.span) }
    if hasValues {
      if changesNumbers { EncodingStep.apply(step.transformations, to: &values) }
      cells.values = values
    }
    return cells
  }

  private func cells(of codes: [Int32], _ levels: CategoryDictionary, rows: [Int]?) -> StepCells {
    var cells = StepCells()
    let codes = rows.map { Self.gather(codes, $0) } ?? codes
    if indicatesMissing { cells.missing = Self.look(up: codes.span, in: [0], others: -1) }
    guard hasValues else { return cells }
    let outcomes = rule.outcomes(of: levels.levels)
    if let oneHotPlaces {
      let places = outcomes.map { $0.level.flatMap { oneHotPlaces[$0] } ?? -1 }
      cells.places = Self.look(up: codes.span, in: places, others: -1)
    } else {
      cells.values = Self.look(up: codes.span, in: outcomes.map(\.value), others: .nan)
    }
    return cells
  }

  /// Cells at positions that are known to be inside.
  static func gather<Cell>(_ cells: [Cell], _ rows: [Int]) -> [Cell] {
    let source = cells.span
    let places = rows.span
    return [Cell](capacity: places.count) { output in
      for i in places.indices { output.append(source[places[i]]) }
    }
  }

  /// The entry of a table at each code plus one (the missing cell is code -1).
  private static func look<Cell>(
    up codes: Span<Int32>, in table: [Cell], others: Cell
  ) -> [Cell] {
    let entries = table.span
    return [Cell](capacity: codes.count) { output in
      for i in codes.indices {
        let place = Int(codes[i]) + 1
        output.append(place < entries.count ? entries[place] : others)
      }
    }
  }

  private static func missing(_ values: Span<Double>) -> [Int32] {
    [Int32](capacity: values.count) { output in
      for i in values.indices { output.append(values[i].isNaN ? 0 : -1) }
    }
  }

  /// The first infinite number; the whole is scanned first without a branch a number.
  static func firstInfinite(_ values: Span<Double>) -> Int? {
    var found = false
    for i in values.indices { found = found || values[i].magnitude == .infinity }
    guard found else { return nil }
    for i in values.indices where values[i].isInfinite { return i }
    return nil
  }
}

extension EncodingStep {
  /// What is said of a cell that is infinite.
  static let infiniteCell =
    "a feature's cell is infinite; replace it by a number or leave it empty"

  /// Whether a column is of the kind that training had.
  func matches(_ column: Column) -> Bool {
    switch column.storage {
    case .numbers: type == column.type
    case .codes: !isNumeric
    }
  }

  /// The fault of a column or cell of another kind.
  func wrongType(_ found: String) -> DataError {
    DataError(
      .wrongType,
      "the model was trained on a column of type \(type.rawValue), and this one is"
        + " \(found); declare its type or mend the cells",
      column: feature)
  }
}
