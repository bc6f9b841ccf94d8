/// Features with levels that few training rows have; `count` such levels, `share` of the training
/// rows in them, the smallest as examples. Columns whose levels name rows are left to
/// `IdentifierLikeColumns`.
enum RareLevels: DataCheck {
  static func findings(in subject: DataCheckSubject) -> [DataCheckResult] {
    let rows = subject.trainingRows
    let limits = subject.limits
    return subject.features.compactMap { column in
      let counts = CellCounts(column, rows: rows)
      guard !IdentifierLikeColumns.isNameLike(counts, limits: limits) else { return nil }
      let rare = counts.topLevels(column).reversed().filter { level in
        level.count < limits.rareLevelCount
          || Double(level.count) < limits.rareLevelShare * Double(rows.count)
      }
      guard !rare.isEmpty else { return nil }
      let cells = rare.reduce(0) { $0 + $1.count }
      return DataCheckResult(
        .rareLevels, .information, columns: [column.name], count: rare.count,
        share: Double(cells) / Double(max(rows.count, 1)), examples: rare.map(\.name))
    }
  }
}
