/// What is to be found out about one column, and what is declared of it.
struct ColumnPlan {
  let name: String
  let declaration: ColumnDeclaration
  private let numberFormat: NumberFormat
  private let missing: MissingCodes
  private var survey = ColumnSurvey()
  /// Whether cells must be counted before the column can be filled.
  let isOpen: Bool

  init(
    name: String, declaration: ColumnDeclaration?, options: CSVOptions
  ) throws(DataError) {
    self.name = name
    self.declaration = try (declaration ?? ColumnDeclaration()).validated(column: name)
    numberFormat = try NumberFormat(
      decimal: self.declaration.decimal ?? options.decimal,
      thousands: self.declaration.thousands ?? options.thousands, column: name)
    missing = MissingCodes(
      file: options.missing, column: self.declaration.missing, format: numberFormat)
    isOpen =
      switch self.declaration.type {
      case nil: self.declaration.levels == nil && self.declaration.dateFormat == nil
      case .date: self.declaration.dateFormat == nil
      default: false
      }
  }

  /// Counts a cell for inference, or as many that are equal to it.
  mutating func count(_ cell: Span<UInt8>, times: Int = 1) {
    survey.count(cell, times: times, missing: missing, format: numberFormat)
  }

  /// Counts a cell that is a number, and no name made of digits.
  mutating func countNumber() { survey.countNumber() }

  /// Whether the conclusion depends on the order in which cells were counted, not only on that of
  /// the first of each kind.
  var isOrderBound: Bool { survey.isOrderBound }

  /// The declared type, or the one that the counts suggest.
  func conclude() -> ColumnSurvey.Conclusion {
    let declaredFormat = declaration.dateFormat.flatMap { DateFormat(rawValue: $0) }
    if let type = declaration.type {
      // A declared date without a format takes the one that fits; where none does, the error
      // names the format that most files have.
      let found = type == .date && isOpen ? survey.conclude().dateFormat : nil
      return ColumnSurvey.Conclusion(
        type: type, reason: "declared",
        dateFormat: type == .date ? declaredFormat ?? found ?? .yearMonthDay : nil,
        levels: declaration.levels)
    }
    if let declaredFormat {
      return ColumnSurvey.Conclusion(
        type: .date, reason: "its date format is declared", dateFormat: declaredFormat)
    }
    if let levels = declaration.levels {
      return ColumnSurvey.Conclusion(
        type: .categorical, reason: "its levels are declared", levels: levels)
    }
    return survey.conclude()
  }

  /// How to read the cells for this conclusion.
  ///
  /// Levels of an ordinal column are closed, since a level without a rank has no meaning; those of
  /// categorical and boolean columns grow, so that new data can show what training never saw.
  func rules(_ conclusion: ColumnSurvey.Conclusion) -> CellRules {
    CellRules(
      name: name, type: conclusion.type, levels: conclusion.levels,
      dateFormat: conclusion.dateFormat ?? .yearMonthDay, numberFormat: numberFormat,
      missing: missing, areLevelsClosed: conclusion.type == .ordinal)
  }

  /// How to read the cells where there is no survey: the type must be declared, and every dictionary
  /// of levels may grow.
  func openRules() throws(DataError) -> CellRules {
    guard let type = declaration.type, type != .date || declaration.dateFormat != nil else {
      throw DataError(
        .badOption, "reading in batches needs the column's type, and the format of dates, declared",
        column: name)
    }
    let format = declaration.dateFormat.flatMap { DateFormat(rawValue: $0) } ?? .yearMonthDay
    return CellRules(
      name: name, type: type, levels: declaration.levels, dateFormat: format,
      numberFormat: numberFormat, missing: missing, areLevelsClosed: false)
  }

  /// Cells as they stand, only empty ones missing, for a column that is passed through.
  var textRules: CellRules {
    CellRules(
      name: name, type: .categorical, levels: nil, dateFormat: .yearMonthDay,
      numberFormat: .plain, missing: MissingCodes(file: [""], column: [], format: .plain),
      areLevelsClosed: false)
  }
}
