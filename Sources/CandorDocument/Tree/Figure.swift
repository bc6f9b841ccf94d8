/// A figure that is kept in a file beside the document.
public struct Figure: Sendable, Hashable, Codable {
  /// The file, relative to the document.
  public let path: String
  /// What the figure shows, for readers who cannot see it.
  public let alternativeText: String
  /// The line under the figure.
  public let caption: [Inline]

  /// Makes a reference to a figure.
  public init(path: String, alternativeText: String, caption: [Inline]) {
    self.path = path
    self.alternativeText = alternativeText
    self.caption = caption
  }
}
