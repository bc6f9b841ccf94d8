import Foundation

/// Numbers, intervals and dates as a language prints them, without any locale of the machine.
///
/// Digits, decimal point, thousands comma and percent sign are the same in both languages, so
/// that all numbers of two translations can be compared.
public struct NumberStyle: Sendable, Hashable {
  /// The language.
  public let language: Language

  /// The style of a language.
  public init(language: Language) { self.language = language }

  /// What is printed for a number that does not exist (NaN).
  public static let missing = "–"

  /// A number in a format; halves are rounded away from zero, and zero has no sign.
  public func string(_ value: Double, _ format: NumberFormat) -> String {
    guard !value.isNaN else { return Self.missing }
    guard value.isFinite else { return value > 0 ? "∞" : "−∞" }
    switch format {
    case .integer: return Self.fixed(value, decimals: 0)
    case .fixed(let decimals): return Self.fixed(value, decimals: decimals)
    case .percent(let decimals): return Self.fixed(value * 100, decimals: decimals) + "%"
    case .pValue: return value < 0.001 ? "<0.001" : Self.fixed(value, decimals: 3)
    case .significant(let digits): return Self.significant(value, digits: digits)
    }
  }

  /// An estimate with its interval: `0.78 (0.72–0.83)`, with a word in place of the dash where
  /// an end is negative.
  public func string(
    _ value: Double, lower: Double?, upper: Double?, _ format: NumberFormat
  ) -> String {
    guard let lower, let upper, !lower.isNaN, !upper.isNaN else { return string(value, format) }
    return "\(string(value, format)) (\(range(lower, upper, format)))"
  }

  /// A range: `0.72–0.83`, or `−0.20 to −0.04` where an end is negative.
  public func range(_ lower: Double, _ upper: Double, _ format: NumberFormat) -> String {
    let dash: String
    if lower < 0 || upper < 0 {
      dash = language == .english ? " to " : " 至 "
    } else {
      dash = "–"
    }
    return string(lower, format) + dash + string(upper, format)
  }

  /// A day given as `2026-11-24`: unchanged in English, `2026年11月24日` in Chinese; other text
  /// is returned unchanged.
  public func date(_ day: String) -> String {
    let parts = day.split(separator: "-", omittingEmptySubsequences: false)
    guard language == .simplifiedChinese, parts.count == 3, let year = Int(parts[0]),
      let month = Int(parts[1]), let dayOfMonth = Int(parts[2])
    else { return day }
    return "\(year)年\(month)月\(dayOfMonth)日"
  }

  /// Fixed decimals with thousands apart.
  static func fixed(_ value: Double, decimals: Int) -> String {
    let decimals = min(max(decimals, 0), 12)
    var power = 1.0
    for _ in 0..<decimals { power *= 10 }
    let scaled = (abs(value) * power).rounded(.toNearestOrAwayFromZero)
    guard scaled < 9e15 else { return scientific(value, digits: 4) }
    let digits = String(UInt64(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let whole = grouped(String(padded.dropLast(decimals)))
    let text = decimals == 0 ? whole : whole + "." + padded.suffix(decimals)
    return value < 0 && scaled > 0 ? "−" + text : text
  }

  static func significant(_ value: Double, digits: Int) -> String {
    let size = abs(value)
    if size == 0 { return "0" }
    if value == value.rounded(), size < 1e15 { return fixed(value, decimals: 0) }
    guard size >= 1e-6, size < 1e15 else { return scientific(value, digits: digits) }
    let exponent = Int(log10(size).rounded(.down))
    var text = fixed(value, decimals: min(12, max(0, digits - 1 - exponent)))
    if text.contains(".") {
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return text
  }

  static func scientific(_ value: Double, digits: Int) -> String {
    var exponent = Int(log10(abs(value)).rounded(.down))
    var mantissa = value / pow(10, Double(exponent))
    if abs(mantissa) >= 9.9999 {
      mantissa /= 10
      exponent += 1
    }
    return fixed(mantissa, decimals: max(0, digits - 1)) + "e" + (exponent < 0 ? "−" : "")
      + String(abs(exponent))
  }

  private static func grouped(_ digits: String) -> String {
    var groups: [Substring] = []
    var rest = digits[...]
    while rest.count > 3 {
      groups.append(rest.suffix(3))
      rest = rest.dropLast(3)
    }
    groups.append(rest)
    return groups.reversed().joined(separator: ",")
  }
}
