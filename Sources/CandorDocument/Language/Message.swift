/// A text that is fixed, or given in several languages, or looked up in the catalogue of the
/// reader's language.
public enum Message: Sendable, Hashable, Codable {
  /// Text that is the same in every language: names of columns and levels, commands.
  case text(String)
  /// Text that someone supplied in several languages, by code (`en`, `zh-Hans`); a language that
  /// is missing falls back to English, then to the first code.
  case wordings([String: String])
  /// A key of the catalogue, with what takes the place of its `{name}` placeholders.
  case key(String, arguments: [String: Value])

  /// A key without arguments.
  public static func key(_ key: String) -> Message { .key(key, arguments: [:]) }
}

/// A typed value: an argument of a message or a cell of a table, printed by the language.
public indirect enum Value: Sendable, Hashable, Codable {
  /// Nothing.
  case empty
  /// Text as it stands in the data.
  case text(String)
  /// Text to be read letter by letter.
  case code(String)
  /// A number and how it is printed.
  case number(Double, format: NumberFormat)
  /// An estimate with its interval.
  case estimate(Double, lower: Double?, upper: Double?, format: NumberFormat)
  /// A range of numbers.
  case range(Double, Double, format: NumberFormat)
  /// A day as `2026-11-24`.
  case date(String)
  /// A text of the catalogue.
  case message(Message)
  /// Several values in one line.
  case list([Value])
  /// A value that weighs more.
  case strong(Value)

  /// A text of the catalogue without arguments.
  public static func key(_ key: String) -> Value { .message(.key(key)) }

  /// A whole number.
  public static func count(_ number: Int) -> Value { .number(Double(number), format: .integer) }
}
