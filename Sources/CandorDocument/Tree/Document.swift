/// A document of any subject: a language and its blocks.
public struct Document: Sendable, Hashable, Codable {
  /// The language of the text.
  public let language: Language
  /// The title, for the head of a page; the visible title is a heading among the blocks.
  public let title: String
  /// The blocks in reading order.
  public let blocks: [Block]

  /// Makes a document.
  public init(language: Language, title: String, blocks: [Block]) {
    self.language = language
    self.title = title
    self.blocks = blocks
  }
}
