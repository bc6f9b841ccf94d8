/// Turns messages and values into the text of one language.
public struct Localizer: Sendable, Hashable {
  /// The texts.
  public let catalogue: StringCatalogue
  /// How numbers and dates are printed.
  public let style: NumberStyle

  /// The localizer of a catalogue's language.
  public init(catalogue: StringCatalogue) {
    self.catalogue = catalogue
    style = NumberStyle(language: catalogue.language)
  }

  /// The language.
  public var language: Language { catalogue.language }

  /// A message as running text.
  ///
  /// - Parameter message: The message.
  /// - Returns: Its text with all placeholders filled.
  /// - Throws: `DocumentError` for a missing key, a placeholder without an argument, or an
  ///   argument without a placeholder.
  public func inlines(_ message: Message) throws(DocumentError) -> [Inline] {
    switch message {
    case .text(let text): return text.isEmpty ? [] : [.text(text)]
    case .wordings(let texts):
      let text =
        texts[language.rawValue] ?? texts[Language.english.rawValue]
        ?? texts.keys.sorted().first.flatMap { texts[$0] } ?? ""
      return text.isEmpty ? [] : [.text(text)]
    case .key(let key, let arguments):
      var inlines: [Inline] = []
      var used: Set<String> = []
      for piece in StringCatalogue.pieces(of: try catalogue.text(key)) {
        switch piece {
        case .text(let text): inlines.append(.text(text))
        case .code(let text): inlines.append(.code(text))
        case .placeholder(let name):
          guard let argument = arguments[name] else {
            throw DocumentError(
              .missingArgument,
              "The text \(key) of \(language.rawValue) needs an argument {\(name)}.")
          }
          used.insert(name)
          inlines += try self.inlines(argument)
        }
      }
      if let unused = arguments.keys.sorted().first(where: { !used.contains($0) }) {
        throw DocumentError(
          .unusedArgument,
          "The text \(key) of \(language.rawValue) has no placeholder {\(unused)}.")
      }
      return inlines
    }
  }

  /// A value as running text.
  ///
  /// - Parameter value: The value.
  /// - Returns: Its text.
  /// - Throws: `DocumentError` where a message in it cannot be printed.
  public func inlines(_ value: Value) throws(DocumentError) -> [Inline] {
    switch value {
    case .empty: return []
    case .text(let text): return text.isEmpty ? [] : [.text(text)]
    case .code(let text): return [.code(text)]
    case .number(let number, let format): return [.text(style.string(number, format))]
    case .estimate(let number, let lower, let upper, let format):
      return [.text(style.string(number, lower: lower, upper: upper, format))]
    case .range(let lower, let upper, let format):
      return [.text(style.range(lower, upper, format))]
    case .date(let day): return [.text(style.date(day))]
    case .message(let message): return try inlines(message)
    case .strong(let value): return [.strong(try inlines(value))]
    case .list(let values):
      var inlines: [Inline] = []
      for (index, value) in values.enumerated() {
        if index > 0 { inlines.append(.text(language.listSeparator)) }
        inlines += try self.inlines(value)
      }
      return inlines
    }
  }

  /// A message as plain text.
  ///
  /// - Parameter message: The message.
  /// - Returns: Its text without marks.
  /// - Throws: `DocumentError` as ``inlines(_:)-(Message)`` does.
  public func string(_ message: Message) throws(DocumentError) -> String {
    try inlines(message).plainText
  }

  /// A value as plain text.
  ///
  /// - Parameter value: The value.
  /// - Returns: Its text without marks.
  /// - Throws: `DocumentError` where a message in it cannot be printed.
  public func string(_ value: Value) throws(DocumentError) -> String {
    try inlines(value).plainText
  }
}
