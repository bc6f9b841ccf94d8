/// A split by time: learn from the past, test on what came after.
public enum TimeSplit {
  /// Puts the rows of a period into the test part where the period is at or after `from`.
  ///
  /// Dates are compared as days (`2024`, `2024-01` and `2024-01-31` are understood), numbers as
  /// numbers, ordered levels in their declared order, and other texts character by character,
  /// which is the order in time for ISO 8601 texts such as `2024-01` or `2024-Q2`. O(n).
  ///
  /// - Parameters:
  ///   - period: The column that says when each row was observed; no cell may be missing.
  ///   - from: The first period of the test part, written as in the column.
  /// - Returns: The split; both parts in rising order of rows.
  /// - Throws: `DataError` where a period is missing, `from` cannot be read as a period of that
  ///   column, or one part would be empty.
  public static func make(period: Column, from: String) throws(DataError) -> Split {
    if let row = (0..<period.count).first(where: { period.isMissing($0) }) {
      throw DataError(
        .badOption,
        "row \(row + 1) has no period; a split by time needs one in every row", column: period.name)
    }
    let isTest: [Bool]
    switch period.storage {
    case .numbers(let numbers):
      guard let first = period.type == .date ? firstDay(from) : Double(from) else {
        let kind = period.type == .date ? "a date such as 2024-01 or 2024-01-31" : "a number"
        throw DataError(
          period.type == .date ? .unparsableDate : .unparsableNumber,
          "the start of the test part must be \(kind)", column: period.name, value: from)
      }
      isTest = numbers.map { $0 >= first }
    case .codes(let codes, let levels) where period.type == .ordinal:
      guard let first = levels.code(of: from) else {
        let advice = nearestName(to: from, among: levels.levels)
        throw DataError(
          .unknownLevel,
          "the start of the test part is no level of the column"
            + (advice.map { "; did you mean \"\($0)\"?" } ?? ""),
          column: period.name, value: from)
      }
      isTest = codes.map { $0 >= first }
    case .codes(let codes, let levels):
      let late = levels.levels.map { $0 >= from }
      isTest = codes.map { late[Int($0)] }
    }
    let split = Split(
      train: isTest.indices.filter { !isTest[$0] }, test: isTest.indices.filter { isTest[$0] })
    guard !split.train.isEmpty, !split.test.isEmpty else {
      let part = split.train.isEmpty ? "before" : "at or after"
      throw DataError(
        .tooFewRows, "no row lies \(part) the start of the test part", column: period.name,
        value: from)
    }
    return split
  }

  /// The first day of a year, a month or a day in ISO 8601, as days since 1970-01-01.
  private static func firstDay(_ text: String) -> Double? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...3).contains(parts.count), let year = parts[0] else { return nil }
    guard let month = parts.count > 1 ? parts[1] : 1, let day = parts.count > 2 ? parts[2] : 1
    else { return nil }
    return CivilDate(year: year, month: month, day: day).map { Double($0.daysSinceEpoch) }
  }
}
