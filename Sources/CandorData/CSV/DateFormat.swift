/// The ways of writing a date that are read.
public enum DateFormat: String, Sendable, Codable, CaseIterable {
  /// 2026-11-24.
  case yearMonthDay = "yyyy-MM-dd"
  /// 2026/11/24.
  case yearMonthDaySlashes = "yyyy/MM/dd"
  /// 2026-11-24 13:45:00, also with T, without seconds or with a zone; the time of day is dropped.
  case timestamp = "yyyy-MM-dd HH:mm:ss"
  /// 2026-11, read as the first day of the month.
  case yearMonth = "yyyy-MM"
  /// 24/11/2026.
  case dayMonthYear = "dd/MM/yyyy"
  /// 11/24/2026.
  case monthDayYear = "MM/dd/yyyy"
  /// 24.11.2026.
  case dayMonthYearDots = "dd.MM.yyyy"
  /// 20261124.
  case compact = "yyyyMMdd"

  /// Formats that may be inferred: all but the one that looks like a number.
  package static let inferable: [DateFormat] = allCases.filter { $0 != .compact }

  /// The day that a cell names in this format, nil where it names none. One-digit days and months
  /// are accepted except in `yyyyMMdd`.
  package func day(_ cell: Span<UInt8>) -> CivilDate? {
    switch self {
    case .compact:
      guard cell.count == 8, let year = number(cell, 0, 4), let month = number(cell, 4, 6),
        let day = number(cell, 6, 8)
      else { return nil }
      return CivilDate(year: year, month: month, day: day)
    case .yearMonth:
      guard let parts = parts(cell, separator: 0x2D, upTo: cell.count, count: 2),
        parts.widths.0 == 4
      else { return nil }
      return CivilDate(year: parts.0, month: parts.1, day: 1)
    case .yearMonthDay, .yearMonthDaySlashes:
      return yearFirst(cell, separator: self == .yearMonthDay ? 0x2D : 0x2F, upTo: cell.count)
    case .timestamp:
      for i in 0..<cell.count where cell[i] == 0x20 || cell[i] == 0x54 {
        return isTime(cell, from: i + 1) ? yearFirst(cell, separator: 0x2D, upTo: i) : nil
      }
      return nil
    case .dayMonthYear, .monthDayYear, .dayMonthYearDots:
      let separator: UInt8 = self == .dayMonthYearDots ? 0x2E : 0x2F
      guard let parts = parts(cell, separator: separator, upTo: cell.count, count: 3),
        parts.widths.0 <= 2, parts.widths.1 <= 2, parts.widths.2 == 4
      else { return nil }
      return self == .monthDayYear
        ? CivilDate(year: parts.2, month: parts.0, day: parts.1)
        : CivilDate(year: parts.2, month: parts.1, day: parts.0)
    }
  }

  private func yearFirst(_ cell: Span<UInt8>, separator: UInt8, upTo end: Int) -> CivilDate? {
    guard let parts = parts(cell, separator: separator, upTo: end, count: 3),
      parts.widths.0 == 4, parts.widths.1 <= 2, parts.widths.2 <= 2
    else { return nil }
    return CivilDate(year: parts.0, month: parts.1, day: parts.2)
  }

  private func isTime(_ cell: Span<UInt8>, from start: Int) -> Bool {
    guard start + 5 <= cell.count, let hour = number(cell, start, start + 2), hour < 24,
      cell[start + 2] == 0x3A, let minute = number(cell, start + 3, start + 5), minute < 60
    else { return false }
    for i in start + 5..<cell.count {
      let allowed: Bool =
        switch cell[i] {
        case 0x30...0x3A, 0x2E, 0x2B, 0x2D, 0x5A: true  // digits : . + - Z
        default: false
        }
      if !allowed { return false }
    }
    return true
  }

  private func number(_ cell: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    guard start < end, end <= cell.count, end - start <= 4 else { return nil }
    var value = 0
    for i in start..<end {
      let digit = cell[i] &- 0x30
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }

  private typealias Parts = (Int, Int, Int, widths: (Int, Int, Int))

  private func parts(
    _ cell: Span<UInt8>, separator: UInt8, upTo end: Int, count: Int
  ) -> Parts? {
    guard end >= 6, end <= 10 else { return nil }
    var values = (0, 0, 0)
    var widths = (0, 0, 0)
    var start = 0
    var found = 0
    for i in 0...end where i == end || cell[i] == separator {
      guard found < count, let value = number(cell, start, i) else { return nil }
      switch found {
      case 0: (values.0, widths.0) = (value, i - start)
      case 1: (values.1, widths.1) = (value, i - start)
      default: (values.2, widths.2) = (value, i - start)
      }
      found += 1
      start = i + 1
    }
    guard found == count else { return nil }
    return (values.0, values.1, values.2, widths)
  }
}
