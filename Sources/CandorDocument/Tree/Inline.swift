/// A piece of running text.
public indirect enum Inline: Sendable, Hashable, Codable {
  /// Plain text; writers escape it.
  case text(String)
  /// Text that weighs more.
  case strong([Inline])
  /// Text that is stressed.
  case emphasis([Inline])
  /// Text to be read letter by letter: names, hashes, commands.
  case code(String)
  /// Text that leads to an address.
  case link([Inline], destination: String)

  /// The text without its marks.
  public var plainText: String {
    switch self {
    case .text(let text), .code(let text): text
    case .strong(let inlines), .emphasis(let inlines), .link(let inlines, _):
      inlines.plainText
    }
  }
}

extension [Inline] {
  /// The text of all pieces without their marks.
  public var plainText: String { map(\.plainText).joined() }
}
