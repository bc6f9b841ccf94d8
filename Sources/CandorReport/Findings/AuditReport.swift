/// An audit report as one tree of findings; Markdown, HTML and JSON in every language are written
/// from it.
public struct AuditReport: Sendable, Equatable, Codable {
  /// The version of this layout of `report.json`.
  public let formatVersion: Int
  /// What the report is about.
  public let identity: ReportIdentity
  /// The sections in the order of the outline.
  public let sections: [ReportSection]

  /// Joins sections, sorted by their number.
  public init(identity: ReportIdentity, sections: [ReportSection]) {
    formatVersion = 1
    self.identity = identity
    self.sections = sections.enumerated().sorted {
      ($0.element.number, $0.offset) < ($1.element.number, $1.offset)
    }.map(\.element)
  }

  /// All findings in the order of the sections.
  public var findings: [Finding] { sections.flatMap(\.findings) }

  /// All checks that were not done, in the order of the sections.
  public var checksNotDone: [NotTestedCheck] { sections.flatMap(\.checksNotDone) }
}
