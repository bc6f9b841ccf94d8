public import CandorDocument

/// A section of the outline.
public struct ReportSection: Sendable, Equatable, Codable {
  /// Its number in the outline.
  public let number: Int
  /// Its title.
  public let title: Message
  /// What stands in it, in reading order.
  public let items: [ReportItem]

  /// Makes a section.
  public init(number: Int, title: Message, items: [ReportItem]) {
    self.number = number
    self.title = title
    self.items = items
  }

  /// A section of the outline by its own title.
  init(_ outline: Outline, _ items: [ReportItem]) {
    self.init(number: outline.rawValue, title: .key(outline.titleKey), items: items)
  }

  /// The findings that are first stated here; repetitions in summaries do not count.
  public var findings: [Finding] {
    items.flatMap { item in
      if case .findings(let findings) = item { return findings }
      return []
    }
  }

  /// The checks that this section should hold and that were not done.
  public var checksNotDone: [NotTestedCheck] {
    items.flatMap { item in
      if case .notTested(let checks) = item { return checks }
      return []
    }
  }
}
