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
      let table = LevelOutcomes(levels: levels.levels, applying: transformations)
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
