/// Features with many missing cells; `count` cells, `share` of all rows.
enum MissingCells: DataCheck {
  static func findings(in subject: DataCheckSubject) -> [DataCheckResult] {
    let limits = subject.limits
    return subject.features.compactMap { column in
      let missing = (0..<column.count).filter { column.isMissing($0) }
      let share = Double(missing.count) / Double(max(column.count, 1))
      guard !missing.isEmpty, share >= limits.missingShare else { return nil }
      let severity: DataCheckSeverity =
        share >= limits.missingShareSerious
        ? .serious : share >= limits.missingShareWarning ? .warning : .information
      return DataCheckResult(
        .missingCells, severity, columns: [column.name], count: missing.count, share: share,
        rowExamples: missing)
    }
  }
}
