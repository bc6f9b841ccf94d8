/// A part of a document that stands on its own lines.
public indirect enum Block: Sendable, Hashable, Codable {
  /// How much a callout matters.
  public enum Tone: String, Sendable, Codable, CaseIterable {
    case note, important, warning
  }

  /// A heading; level 1 is the title of the document.
  case heading(level: Int, text: [Inline])
  /// A paragraph.
  case paragraph([Inline])
  /// A list, numbered or with bullets, one line of text an item.
  case list(ordered: Bool, items: [[Inline]])
  /// A table.
  case table(Table)
  /// A figure kept in a file beside the document.
  case figure(Figure)
  /// Lines that are kept as they are.
  case codeBlock(String, language: String)
  /// Blocks set apart from the text around them.
  case callout(Tone, blocks: [Block])
}
