public import CandorDocument
import CandorEvaluation

/// Turns the tree of a report into a document of one language.
public struct ReportRenderer: Sendable {
  private let localizer: Localizer
  private let figurePath: @Sendable (String) -> String
  private let links: [(name: String, path: String)]

  /// Makes a renderer.
  ///
  /// - Parameters:
  ///   - localizer: The language.
  ///   - links: Other languages of the same report, and their files.
  ///   - figurePath: Where a figure of this name is kept, relative to the document.
  public init(
    localizer: Localizer, links: [(name: String, path: String)] = [],
    figurePath: @escaping @Sendable (String) -> String
  ) {
    self.localizer = localizer
    self.links = links
    self.figurePath = figurePath
  }

  /// The whole report.
  ///
  /// - Parameter report: The tree.
  /// - Returns: The document.
  /// - Throws: `DocumentError` where a text is missing.
  public func document(for report: AuditReport) throws(DocumentError) -> Document {
    let title: Message = .key(
      "report.title", arguments: ["study": .text(report.identity.studyName)])
    var blocks: [Block] = [.heading(level: 1, text: try localizer.inlines(title))]
    if !links.isEmpty {
      var line: [Inline] = []
      for link in links {
        if !line.isEmpty { line.append(.text(" · ")) }
        line.append(.link([.text(link.name)], destination: link.path))
      }
      blocks.append(.paragraph(line))
    }
    var contents: [[Inline]] = []
    for section in report.sections where section.number > 0 {
      let heading = try self.heading(of: section)
      contents.append([.link([.text(heading)], destination: "#" + headingAnchor(for: heading))])
    }
    for section in report.sections {
      if section.number > 0 {
        blocks.append(.heading(level: 2, text: [.text(try heading(of: section))]))
      }
      for item in section.items { blocks += try self.blocks(for: item) }
      if section.number == 0 {
        blocks.append(
          .heading(level: 2, text: try phrase("report.contents")))
        blocks.append(.list(ordered: false, items: contents))
      }
    }
    return Document(
      language: localizer.language, title: try localizer.string(title), blocks: blocks)
  }

  private func heading(of section: ReportSection) throws(DocumentError) -> String {
    "\(section.number). " + (try localizer.string(section.title))
  }

  /// The blocks of one item.
  ///
  /// - Parameter item: The item.
  /// - Returns: Its blocks.
  /// - Throws: `DocumentError` where a text is missing.
  public func blocks(for item: ReportItem) throws(DocumentError) -> [Block] {
    switch item {
    case .paragraph(let message): return [.paragraph(try localizer.inlines(message))]
    case .subheading(let message):
      return [.heading(level: 3, text: try localizer.inlines(message))]
    case .list(let messages):
      var items: [[Inline]] = []
      for message in messages { items.append(try localizer.inlines(message)) }
      return [.list(ordered: false, items: items)]
    case .notice(let tone, let message):
      return [.callout(tone, blocks: [.paragraph(try localizer.inlines(message))])]
    case .findings(let findings): return try blocks(for: findings, withMethods: true)
    case .repeatedFindings(let findings): return try blocks(for: findings, withMethods: false)
    case .table(let table): return try blocks(for: table)
    case .figure(let figure): return [.figure(try reference(to: figure))]
    case .supplied(let fields): return try blocks(for: fields)
    case .notTested(let checks): return try blocks(for: checks)
    case .code(let code): return [.codeBlock(code, language: "")]
    }
  }

  private func reference(to figure: ReportFigure) throws(DocumentError) -> Figure {
    Figure(
      path: figurePath(figure.name), alternativeText: try localizer.string(figure.caption),
      caption: [.emphasis(try localizer.inlines(figure.caption))])
  }

  private func phrase(_ key: String) throws(DocumentError) -> [Inline] {
    try localizer.inlines(Message.key(key))
  }

  private func column(_ key: String, _ alignment: Table.Alignment = .left)
    throws(DocumentError) -> Table.Column
  {
    Table.Column(header: try phrase(key), alignment: alignment)
  }

  private func blocks(
    for findings: [Finding], withMethods: Bool
  ) throws(DocumentError) -> [Block] {
    guard !findings.isEmpty else { return [] }
    let columns = [
      try column("column.finding"), try column("column.measure"), try column("column.value"),
      try column("column.sample"), try column("column.rows", .right),
      try column("column.bads", .right), try column("column.limit"),
      try column("column.verdict"),
    ]
    var rows: [[[Inline]]] = []
    for finding in findings {
      let limit = finding.limit.map { $0.value(finding.format) } ?? .key("limit.none")
      rows.append([
        [.text(finding.id)], try localizer.inlines(finding.measure),
        try localizer.inlines(finding.value), try localizer.inlines(finding.sample),
        try localizer.inlines(finding.rows.map(Value.count) ?? .empty),
        try localizer.inlines(finding.bads.map(Value.count) ?? .empty),
        try localizer.inlines(limit),
        try localizer.inlines(finding.verdict?.value ?? .key("verdict.none")),
      ])
    }
    let table = Block.table(Table(columns: columns, rows: rows))
    return withMethods ? [table, .paragraph(try methods(of: findings))] : [table]
  }

  /// One line that names each method once, with the findings that it made.
  private func methods(of findings: [Finding]) throws(DocumentError) -> [Inline] {
    var order: [String] = []
    var ids: [String: [String]] = [:]
    for finding in findings {
      let method = try localizer.string(finding.method)
      if ids[method] == nil { order.append(method) }
      ids[method, default: []].append(finding.id)
    }
    let levels = Set(findings.compactMap(\.level)).sorted()
    var parts: [Value] = order.map { method in
      .message(
        .key(
          "findings.method",
          arguments: ["method": .text(method), "ids": .list((ids[method] ?? []).map(Value.text))]))
    }
    if !levels.isEmpty {
      parts.append(
        .message(
          .key(
            "findings.level",
            arguments: ["level": .list(levels.map { .number($0, format: .percent(0)) })])))
    }
    var line = try phrase("findings.how")
    for (index, part) in parts.enumerated() {
      if index > 0 { line += try phrase("findings.separator") }
      line += try localizer.inlines(part)
    }
    return line + (try phrase("findings.end"))
  }

  private func blocks(for table: ReportTable) throws(DocumentError) -> [Block] {
    var columns: [Table.Column] = []
    for column in table.columns {
      columns.append(
        Table.Column(header: try localizer.inlines(column.header), alignment: column.alignment))
    }
    var rows: [[[Inline]]] = []
    for row in table.rows {
      var cells: [[Inline]] = []
      for cell in row { cells.append(try localizer.inlines(cell)) }
      rows.append(cells)
    }
    var blocks: [Block] = [
      .paragraph([.strong(try localizer.inlines(table.title))]),
      .table(Table(columns: columns, rows: rows)),
    ]
    if let note = table.note { blocks.append(.paragraph(try localizer.inlines(note))) }
    return blocks
  }

  private func blocks(for fields: [SuppliedField]) throws(DocumentError) -> [Block] {
    let columns = [try column("column.suppliedField"), try column("column.suppliedAnswer")]
    var rows: [[[Inline]]] = []
    for field in fields {
      let answer = field.answer.map { $0.isEmpty ? nil : $0 } ?? nil
      rows.append([
        try localizer.inlines(field.label),
        try localizer.inlines(
          answer.map { Value.text($0) } ?? .message(Verdict.notSupplied.message)),
      ])
    }
    return [
      .paragraph([.strong(try phrase("data.supplied"))]),
      .table(Table(columns: columns, rows: rows)),
    ]
  }

  private func blocks(for checks: [NotTestedCheck]) throws(DocumentError) -> [Block] {
    guard !checks.isEmpty else { return [] }
    let columns = [
      try column("column.check"), try column("column.verdict"), try column("column.reason"),
    ]
    var rows: [[[Inline]]] = []
    for check in checks {
      rows.append([
        try localizer.inlines(check.check), try localizer.inlines(Verdict.notTested.message),
        try localizer.inlines(check.reason),
      ])
    }
    return [
      .paragraph([.strong(try phrase("limitations.register"))]),
      .table(Table(columns: columns, rows: rows)),
    ]
  }
}
