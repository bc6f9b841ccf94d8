public import CandorDocument
public import CandorEvaluation

/// What section 4 lays out.
public struct DataSectionInput: Sendable {
  /// A file that was read.
  public struct Source: Sendable {
    /// Its name, without a folder of the machine.
    public var name: String
    /// SHA-256 of its bytes as received.
    public var hash: String
    /// Its size in bytes.
    public var bytes: Int
    /// Its rows.
    public var rows: Int
    /// Its columns.
    public var columns: Int
    /// How it was read: encoding, delimiter, compression.
    public var format: String

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - name: Its name, without a folder of the machine.
    ///   - hash: SHA-256 of its bytes as received.
    ///   - bytes: Its size in bytes.
    ///   - rows: Its rows.
    ///   - columns: Its columns.
    ///   - format: How it was read.
    public init(
      name: String, hash: String, bytes: Int, rows: Int, columns: Int, format: String
    ) {
      self.name = name
      self.hash = hash
      self.bytes = bytes
      self.rows = rows
      self.columns = columns
      self.format = format
    }
  }

  /// A part of the split.
  public struct Part: Sendable {
    /// What the part is called.
    public var name: Message
    /// Its rows.
    public var rows: Int
    /// Its bads.
    public var bads: Int
    /// Its bad rate with the interval.
    public var badRate: Estimate?
    /// SHA-256 of its row numbers.
    public var hash: String?

    /// Joins the parts.
    ///
    /// - Parameters:
    ///   - name: What the part is called.
    ///   - rows: Its rows.
    ///   - bads: Its bads.
    ///   - badRate: Its bad rate with the interval.
    ///   - hash: SHA-256 of its row numbers.
    public init(name: Message, rows: Int, bads: Int, badRate: Estimate?, hash: String? = nil) {
      self.name = name
      self.rows = rows
      self.bads = bads
      self.badRate = badRate
      self.hash = hash
    }
  }

  /// The files.
  public var sources: [Source] = []
  /// SHA-256 of the typed table, free of the order of rows.
  public var tableHash: String?
  /// What is known to be wrong with the data, in the study's words.
  public var notes: [String] = []
  /// What the reader of the file was not sure of, in its own words.
  public var readerNotices: [String] = []
  /// The target column.
  public var target: String
  /// The value that means bad.
  public var badValue: String
  /// The first and last day of the period column, as `2026-11-24`; nil without one.
  public var period: (first: String, last: String)?
  /// The columns by role, in the order to be printed: the role's name in the study, the columns.
  public var roles: [(role: String, columns: [String])] = []
  /// How the rows were split, in a sentence.
  public var splitRule: Message
  /// All rows, then the parts.
  public var parts: [Part] = []
  /// What the institution supplied.
  public var answers: SuppliedAnswers

  /// Starts an input from what it must have.
  ///
  /// - Parameters:
  ///   - target: The target column.
  ///   - badValue: The value that means bad.
  ///   - splitRule: How the rows were split.
  ///   - answers: What the institution supplied.
  public init(target: String, badValue: String, splitRule: Message, answers: SuppliedAnswers) {
    self.target = target
    self.badValue = badValue
    self.splitRule = splitRule
    self.answers = answers
  }
}

/// Section 4: sources, population and target.
public enum DataSection {
  /// Lays the section out.
  ///
  /// - Parameter input: What was read and how it was split.
  /// - Returns: The section.
  public static func build(_ input: DataSectionInput) -> ReportSection {
    var items: [ReportItem] = [
      .table(
        ReportTable(
          title: key("data.sources"),
          columns: [
            .left("column.file"), .right("column.rows"), .right("column.columns"),
            .right("column.bytes"), .left("column.format"), .left("column.sha256"),
          ],
          rows: input.sources.map {
            [
              .code($0.name), .count($0.rows), .count($0.columns), .count($0.bytes),
              .text($0.format), .code($0.hash),
            ]
          },
          note: input.tableHash.map { key("data.tableHash", ["hash": .code($0)]) }))
    ]
    items.append(
      .paragraph(
        key("data.target", ["column": .code(input.target), "value": .code(input.badValue)])))
    if let period = input.period {
      items.append(
        .paragraph(
          key("data.period", ["first": .date(period.first), "last": .date(period.last)])))
    }
    if !input.readerNotices.isEmpty {
      items += [
        .notice(.warning, key("data.readerNotices")),
        .list(input.readerNotices.map { .text($0) }),
      ]
    }
    if !input.notes.isEmpty {
      items += [
        .subheading(key("data.notes")), .paragraph(key("data.notesIntro")),
        .list(input.notes.map { .text($0) }),
      ]
    }
    items += [
      .subheading(key("data.roles")),
      .table(
        ReportTable(
          title: key("data.rolesTable"),
          columns: [.left("column.role"), .right("column.count"), .left("column.columnNames")],
          rows: input.roles.filter { !$0.columns.isEmpty }.map {
            [
              .key("role.\($0.role)"), .count($0.columns.count),
              .list($0.columns.map(Value.code)),
            ]
          })), .subheading(key("data.split")), .paragraph(input.splitRule),
      .table(
        ReportTable(
          title: key("data.parts"),
          columns: [
            .left("column.part"), .right("column.rows"), .right("column.bads"),
            .left("column.badRate"), .left("column.rowHash"),
          ],
          rows: input.parts.map {
            [
              .message($0.name), .count($0.rows), .count($0.bads),
              .estimate($0.badRate, .percent(1)),
              $0.hash.map { .code($0) } ?? .text(NumberStyle.missing),
            ]
          }, note: key("data.partsNote"))),
    ]
    items += answers(input)
    var checks = [
      NotTestedCheck(key("check.exclusionsWaterfall"), because: key("reason.noData")),
      NotTestedCheck(key("check.rejects"), because: key("reason.noRejects")),
    ]
    if input.period == nil {
      checks.append(NotTestedCheck(key("check.badRateByMonth"), because: key("reason.noPeriod")))
    } else {
      checks.append(NotTestedCheck(key("check.badRateByMonth"), because: key("reason.notComputed")))
    }
    return ReportSection(.data, items + [.notTested(checks)])
  }

  private static func answers(_ input: DataSectionInput) -> [ReportItem] {
    input.answers.items(for: .data)
  }
}
