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

/// Something in a section.
public enum ReportItem: Sendable, Equatable, Codable {
  /// A paragraph.
  case paragraph(Message)
  /// A heading inside the section.
  case subheading(Message)
  /// A list of sentences.
  case list([Message])
  /// A sentence that must not be missed.
  case notice(Block.Tone, Message)
  /// Findings, as a table with the methods under it.
  case findings([Finding])
  /// Findings of other sections repeated, as a table.
  case repeatedFindings([Finding])
  /// A table.
  case table(ReportTable)
  /// A figure.
  case figure(ReportFigure)
  /// What the institution supplied, or did not.
  case supplied([SuppliedField])
  /// Checks that were not done, with the reason.
  case notTested([NotTestedCheck])
  /// Lines that are kept as they are.
  case code(String)
}

/// A table whose cells are typed.
public struct ReportTable: Sendable, Equatable, Codable {
  /// A column.
  public struct Column: Sendable, Equatable, Codable {
    /// The header.
    public let header: Message
    /// On which side its cells are set.
    public let alignment: Table.Alignment

    /// Makes a column.
    public init(_ header: Message, _ alignment: Table.Alignment = .left) {
      self.header = header
      self.alignment = alignment
    }
  }

  /// The title.
  public let title: Message
  /// The columns.
  public let columns: [Column]
  /// The rows.
  public let rows: [[Value]]
  /// A note under the table.
  public let note: Message?

  /// Makes a table.
  public init(title: Message, columns: [Column], rows: [[Value]], note: Message? = nil) {
    self.title = title
    self.columns = columns
    self.rows = rows
    self.note = note
  }
}

/// A figure: its chart, and the name of its file.
public struct ReportFigure: Sendable, Equatable, Codable {
  /// The name of the file without its ending; unique in a report.
  public let name: String
  /// The line under it.
  public let caption: Message
  /// The chart.
  public let chart: Chart

  /// Makes a figure.
  public init(name: String, caption: Message, chart: Chart) {
    self.name = name
    self.caption = caption
    self.chart = chart
  }
}

/// A question to the institution and its answer.
public struct SuppliedField: Sendable, Equatable, Codable {
  /// The question.
  public let label: Message
  /// The answer as given, nil where there is none.
  public let answer: String?

  /// Joins a question to its answer.
  public init(label: Message, answer: String?) {
    self.label = label
    self.answer = answer
  }
}

/// A check that was not done, and why.
public struct NotTestedCheck: Sendable, Equatable, Codable {
  /// The check.
  public let check: Message
  /// Why it was not done.
  public let reason: Message

  /// Joins a check to the reason.
  public init(_ check: Message, because reason: Message) {
    self.check = check
    self.reason = reason
  }
}
