/// Why a cell cannot be read as its column's type.
enum CellFault: Sendable, Equatable {
  case notNumber, notFinite, notDate, unknownLevel
}

/// How the cells of one column are read.
struct CellRules: Sendable {
  let name: String
  let type: ColumnType
  let levels: [String]?
  let dateFormat: DateFormat
  let numberFormat: NumberFormat
  let missing: MissingCodes
  /// Whether a text outside `levels` is a fault (ordinal and boolean columns of training data).
  let areLevelsClosed: Bool
}

/// Collects the cells of one column.
struct ColumnBuilder {
  let rules: CellRules
  private(set) var numbers: [Double] = []
  private(set) var codes: [Int32] = []
  private var table: LevelTable
  private let declared: Int
  private let holdsNumbers: Bool

  init(_ rules: CellRules, capacity: Int) {
    self.rules = rules
    holdsNumbers = rules.type == .numeric || rules.type == .date
    table = LevelTable(levels: rules.levels ?? [])
    declared = table.count
    if holdsNumbers { numbers.reserveCapacity(capacity) } else { codes.reserveCapacity(capacity) }
  }

  /// A builder whose numbers, or days, are all there.
  init(_ rules: CellRules, numbers: [Double]) {
    self.init(rules, capacity: 0)
    self.numbers = numbers
  }

  /// A builder whose codes are all there, with the texts that they stand for, of which the first
  /// `declared` are declared.
  init(_ rules: CellRules, codes: [Int32], table: LevelTable, declared: Int) {
    self.rules = rules
    self.codes = codes
    self.table = table
    self.declared = declared
    holdsNumbers = false
  }

  /// Adds a cell; nothing is added where it is faulty.
  mutating func append(_ cell: Span<UInt8>) -> CellFault? {
    if holdsNumbers, cell.isEmpty || rules.missing.contains(cell) {
      numbers.append(.nan)
      return nil
    }
    switch rules.type {
    case .numeric:
      switch NumberKernel.read(cell, format: rules.numberFormat) {
      case .number(let value):
        numbers.append(rules.missing.numbers.contains(value) ? .nan : value)
      case .notFinite: return .notFinite
      case .notNumber: return .notNumber
      }
    case .date:
      guard let day = rules.dateFormat.day(cell) else { return .notDate }
      numbers.append(Double(day.daysSinceEpoch))
    case .categorical, .boolean, .ordinal:
      if rules.missing.contains(cell) {
        codes.append(-1)
        return nil
      }
      let code = table.insert(cell)
      if rules.areLevelsClosed, Int(code) >= declared { return .unknownLevel }
      codes.append(code)
    }
    return nil
  }

  /// Levels that were met but not declared, where some were declared.
  var undeclaredLevels: [String] {
    rules.levels == nil ? [] : (declared..<table.count).map { table.text($0) }
  }

  /// A sentence about levels that were met but not declared, where there are some.
  var notices: [String] {
    let unknown = undeclaredLevels
    guard !unknown.isEmpty else { return [] }
    return [
      "Column \"\(rules.name)\" has \(unknown.count) "
        + "\(unknown.count == 1 ? "level" : "levels") outside the declared ones: "
        + unknown.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
        + (unknown.count > 5 ? " and others." : ".")
    ]
  }

  /// The column; levels stand in their declared order and then in order of first appearance.
  consuming func column() -> Column {
    if holdsNumbers { return Column(name: rules.name, numbers: numbers, type: rules.type) }
    let levels = table.levels
    let dictionary = CategoryDictionary(levels: levels)
    // Texts that differ in bytes but not as Unicode text (composed and decomposed accents) are one
    // level, as they are for every reader of the table.
    let merged = levels.map { dictionary.code(of: $0) ?? 0 }
    if merged.enumerated().allSatisfy({ $0.offset == Int($0.element) }) {
      return Column(name: rules.name, codes: codes, levels: dictionary, type: rules.type)
    }
    var kept: [String] = []
    var renumbered: [Int32] = []
    for (code, first) in merged.enumerated() {
      if Int(first) == code {
        renumbered.append(Int32(kept.count))
        kept.append(levels[code])
      } else {
        renumbered.append(renumbered[Int(first)])
      }
    }
    return Column(
      name: rules.name, codes: codes.map { $0 < 0 ? -1 : renumbered[Int($0)] },
      levels: CategoryDictionary(levels: kept), type: rules.type)
  }

  /// The error for a faulty cell.
  func error(_ fault: CellFault, value: String, file: String, line: Int) -> DataError {
    let name = rules.name
    switch fault {
    case .notNumber:
      var remedy = "correct it, or declare it as a missing code of this column"
      let bytes = Array(value.utf8)
      if rules.numberFormat.thousands.isEmpty, let hint = NumberHint.of([bytes]) {
        remedy = "declare \(hint.words) for this column, or correct the cell"
      }
      return DataError(
        .unparsableNumber, "this is not a number; \(remedy)", file: file, line: line,
        column: name, value: value)
    case .notFinite:
      return DataError(
        .notFinite,
        "this is not a finite number; correct it, or declare it as a missing code of this column",
        file: file, line: line, column: name, value: value)
    case .notDate:
      return DataError(
        .unparsableDate,
        "this is not a date written as \(rules.dateFormat.rawValue); correct it, or declare "
          + "another date format", file: file, line: line, column: name, value: value)
    case .unknownLevel:
      let levels = rules.levels ?? []
      let advice =
        nearestName(to: value, among: levels).map { "did you mean \"\($0)\"?" }
        ?? ("the levels are "
          + levels.prefix(10).map { "\"\($0)\"" }.joined(separator: ", ")
          + "; add it to them, or declare it as a missing code")
      return DataError(
        .unknownLevel, "this is not one of the declared levels; \(advice)", file: file, line: line,
        column: name, value: value)
    }
  }
}
