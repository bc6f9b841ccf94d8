import CandorDocument

/// Section 0: what the report is about.
public enum CoverSection {
  /// Lays the section out.
  ///
  /// - Parameters:
  ///   - identity: What the report is about.
  ///   - answers: What the institution supplied.
  /// - Returns: The section.
  public static func build(_ identity: ReportIdentity, answers: SuppliedAnswers) -> ReportSection {
    func row(_ label: String, _ value: Value) -> [Value] { [.key(label), value] }
    func hash(_ hash: String?) -> Value { hash.map { .code($0) } ?? .key("value.none") }
    var rows: [[Value]] = [
      row("cover.reportID", .code(identity.reportID)),
      row("cover.study", .text(identity.studyName)),
      row("cover.model", identity.modelName.map { .text($0) } ?? .key("verdict.notSupplied")),
      row("cover.modelID", identity.modelID.map { .text($0) } ?? .key("verdict.notSupplied")),
      row("cover.version", identity.modelVersion.map { .text($0) } ?? .key("verdict.notSupplied")),
      row("cover.candor", .text(identity.candorVersion)),
      row("cover.dataHash", hash(identity.dataHash)),
      row("cover.studyHash", hash(identity.studyHash)),
      row("cover.limitsHash", hash(identity.limitsHash)),
      row("cover.bundleHash", hash(identity.bundleHash)),
      row("cover.seed", .code(String(identity.seed))),
      row("cover.language", .key("language.\(identity.authoritativeLanguage.rawValue)")),
      row("cover.date", .key("cover.dateInManifest")),
    ]
    if !identity.profiles.isEmpty {
      rows.append(
        row(
          "cover.profiles",
          .list(
            identity.profiles.map {
              .message(key("cover.profileNotIncluded", ["name": .code($0)]))
            })))
    }
    return ReportSection(
      .cover,
      [
        .paragraph(key("cover.statement")),
        .table(
          ReportTable(
            title: key("cover.table"), columns: [.left("column.item"), .left("column.value")],
            rows: rows)),
      ] + answers.items(for: .cover))
  }
}
