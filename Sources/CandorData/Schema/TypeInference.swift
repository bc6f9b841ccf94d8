/// Counts what the cells of one column could be, without keeping them.
///
/// A column is numeric where every present cell is a number; a date where every present cell is a
/// date in one and the same format; boolean where its two levels mean no and yes; else categorical.
/// Whole digits behind leading zeros ("007") are names and make the column categorical.
struct ColumnSurvey {
  private(set) var present = 0
  private var numeric = 0
  private var leadingZeros = 0
  private var firstLeadingZero = ""
  private var dateFormats: [DateFormat] = DateFormat.inferable
  /// Cells that are no numbers, with how often each occurs; closed when it is full.
  private var others = LevelTable()
  private var otherCounts: [Int] = []
  private var isFull = false
  private static let othersKept = 1000
  private static let longestKept = 200

  /// Counts as many equal cells.
  mutating func count(
    _ cell: Span<UInt8>, times: Int, missing: MissingCodes, format: NumberFormat
  ) {
    if cell.isEmpty || missing.contains(cell) { return }
    present += times
    if case .number = NumberKernel.read(cell, format: format) {
      numeric += times
      if NumberKernel.hasLeadingZero(cell) {
        if leadingZeros == 0 { firstLeadingZero = text(cell) }
        leadingZeros += times
      }
      dateFormats = []
      return
    }
    if !dateFormats.isEmpty { dateFormats = dateFormats.filter { $0.day(cell) != nil } }
    guard !isFull, cell.count <= Self.longestKept else { return }
    let code = Int(others.insert(cell))
    if code == otherCounts.count {
      otherCounts.append(times)
      isFull = otherCounts.count >= Self.othersKept
    } else {
      otherCounts[code] += times
    }
  }

  /// Counts a cell that is a number without leading zeros.
  mutating func countNumber() {
    present += 1
    numeric += 1
    dateFormats = []
  }

  /// Whether the conclusion tells how often a cell occurs although cells are no longer counted.
  var isOrderBound: Bool { isFull && Self.isNearlyNumeric(numeric, of: present) }

  private static func isNearlyNumeric(_ numeric: Int, of present: Int) -> Bool {
    numeric > 0 && numeric * 10 >= present * 9
  }

  /// What was concluded: the type, why, the format of dates, the levels of a boolean column, and
  /// the cell that probably means a missing value.
  struct Conclusion {
    var type: ColumnType
    var reason: String
    var dateFormat: DateFormat?
    var levels: [String]?
    var suspectedMissingCode: String?
    /// The distinct cells that keep a nearly numeric column from being numeric, where they are few.
    var strayCells: [String] = []
    /// How the numbers are written, where another declaration would read them all.
    var numberHint: NumberHint?
  }

  /// A column is nearly numeric where at most so many distinct cells are no numbers.
  private static let mostStrays = 10

  /// The type of the cells counted so far.
  func conclude() -> Conclusion {
    if present == 0 {
      return Conclusion(type: .numeric, reason: "every cell is missing")
    }
    let strangers = present - numeric
    if strangers == 0 {
      if leadingZeros > 0 {
        return Conclusion(
          type: .categorical,
          reason: "digits behind a leading zero, such as \(firstLeadingZero), are names rather "
            + "than quantities")
      }
      return Conclusion(type: .numeric, reason: "every cell is a number")
    }
    if numeric == 0 {
      return concludeFromTexts()
    }
    var conclusion = Conclusion(
      type: .categorical, reason: "\(strangers) of \(present) cells are not numbers")
    if Self.isNearlyNumeric(numeric, of: present), let (code, times) = commonest() {
      let cell = others.text(code)
      conclusion.suspectedMissingCode = cell
      if !isFull, others.count <= Self.mostStrays { conclusion.strayCells = others.levels }
      conclusion.reason =
        "\(numeric) of \(present) cells are numbers; \(strangers) \(strangers == 1 ? "is" : "are") "
        + "not, most often \"\(cell)\" (\(times)): if it means missing, declare it so"
    }
    // Half of the cells are enough where the others say themselves that a value is missing.
    if numeric * 2 >= present, !isFull, others.levels.allSatisfy(Self.meansMissing),
      let (code, times) = commonest()
    {
      let cell = others.text(code)
      conclusion.suspectedMissingCode = cell
      conclusion.strayCells = others.levels
      conclusion.reason =
        "\(numeric) of \(present) cells are numbers; the others say that the value is missing, most "
        + "often \"\(cell)\" (\(times)): declare it so"
    }
    if let hint = hint() {
      conclusion.suspectedMissingCode = nil
      conclusion.strayCells = []
      conclusion.numberHint = hint
      conclusion.reason =
        "\(strangers) of \(present) cells are not plain numbers, but would be with \(hint.words)"
    }
    return conclusion
  }

  /// Whether a text is one of the words that programs write for a missing value.
  private static func meansMissing(_ text: String) -> Bool {
    [
      "null", "nan", "n/a", "#n/a", "na", "none", "nil", "missing", "unknown", "?", "-", ".",
      "缺失", "无",
    ].contains(text.lowercased())
  }

  private func concludeFromTexts() -> Conclusion {
    let isAmbiguous = dateFormats.contains(.dayMonthYear) && dateFormats.contains(.monthDayYear)
    if isAmbiguous {
      return Conclusion(
        type: .categorical,
        reason: "the cells are dates, but day and month cannot be told apart; declare the date "
          + "format dd/MM/yyyy or MM/dd/yyyy")
    }
    if let format = dateFormats.first {
      return Conclusion(
        type: .date, reason: "every cell is a date written as \(format.rawValue)",
        dateFormat: format)
    }
    if !isFull, otherCounts.reduce(0, +) == present, let pair = BooleanWords.ordered(others.levels)
    {
      return Conclusion(
        type: .boolean, reason: "its two values, \(pair[0]) and \(pair[1]), mean no and yes",
        levels: pair)
    }
    if let hint = hint() {
      return Conclusion(
        type: .categorical,
        reason: "no cell is a plain number, but all would be with \(hint.words)", numberHint: hint)
    }
    return Conclusion(type: .categorical, reason: "the cells are names")
  }

  private func hint() -> NumberHint? {
    isFull ? nil : NumberHint.of((0..<others.count).map { others.bytes($0) })
  }

  private func commonest() -> (code: Int, times: Int)? {
    var best: (code: Int, times: Int)?
    for (code, times) in otherCounts.enumerated() where times > best?.times ?? 0 {
      best = (code, times)
    }
    return best
  }

  private func text(_ cell: Span<UInt8>) -> String {
    var bytes: [UInt8] = []
    for i in 0..<cell.count { bytes.append(cell[i]) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
