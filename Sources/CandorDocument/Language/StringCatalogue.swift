public import Foundation

/// The texts of one language: key to text with `{name}` placeholders.
///
/// A missing key, a placeholder without an argument and an argument without a placeholder are
/// errors, so that no reader meets a key or a hole.
public struct StringCatalogue: Sendable, Hashable {
  /// The language of the texts.
  public let language: Language
  private let texts: [String: String]

  /// Joins texts to their language.
  public init(language: Language, texts: [String: String]) {
    self.language = language
    self.texts = texts
  }

  /// Reads a catalogue from a flat JSON object of strings.
  ///
  /// - Parameters:
  ///   - language: The language of the texts.
  ///   - json: The bytes of the object.
  /// - Throws: `DocumentError` where the bytes are no such object.
  public init(language: Language, json: Data) throws(DocumentError) {
    do {
      texts = try JSONDecoder().decode([String: String].self, from: json)
    } catch {
      throw DocumentError(
        .invalidCatalogue,
        "The catalogue of \(language.rawValue) is not a JSON object of strings: \(error).")
    }
    self.language = language
  }

  /// All keys, sorted.
  public var keys: [String] { texts.keys.sorted() }

  /// Whether there is a text under a key.
  public func contains(_ key: String) -> Bool { texts[key] != nil }

  /// The text under a key, placeholders and all.
  ///
  /// - Parameter key: The key.
  /// - Returns: The text.
  /// - Throws: `DocumentError` where there is none.
  public func text(_ key: String) throws(DocumentError) -> String {
    guard let text = texts[key] else {
      throw DocumentError(
        .missingKey, "The catalogue of \(language.rawValue) has no text under \(key): add one.")
    }
    return text
  }

  /// The names of the placeholders in a text of the catalogue, sorted, each once.
  ///
  /// - Parameter key: The key.
  /// - Returns: The names.
  /// - Throws: `DocumentError` where there is no such text.
  public func placeholders(of key: String) throws(DocumentError) -> [String] {
    var names: Set<String> = []
    for case .placeholder(let name) in Self.pieces(of: try text(key)) { names.insert(name) }
    return names.sorted()
  }

  enum Piece: Equatable {
    case text(String)
    case code(String)
    case placeholder(String)
  }

  /// Cuts a text into plain parts, parts in back quotes, and placeholders.
  static func pieces(of text: String) -> [Piece] {
    var pieces: [Piece] = []
    var plain = ""
    var rest = text[...]
    func flush() {
      if !plain.isEmpty { pieces.append(.text(plain)) }
      plain = ""
    }
    while let character = rest.first {
      rest = rest.dropFirst()
      if character == "{", let end = rest.firstIndex(of: "}") {
        flush()
        pieces.append(.placeholder(String(rest[..<end])))
        rest = rest[end...].dropFirst()
      } else if character == "`", let end = rest.firstIndex(of: "`") {
        flush()
        pieces.append(.code(String(rest[..<end])))
        rest = rest[end...].dropFirst()
      } else {
        plain.append(character)
      }
    }
    flush()
    return pieces
  }
}
