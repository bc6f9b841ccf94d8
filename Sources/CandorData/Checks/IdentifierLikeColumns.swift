/// Features that tell rows apart like a name or a running number.
///
/// Levels, and whole numbers that count rows up by one, are a warning; other whole numbers of which
/// nearly all differ are only worth knowing, since amounts look alike. Numbers with decimals are
/// not suspected. `count` distinct cells, `measure` their share of the cells present.
enum IdentifierLikeColumns: DataCheck {
  static func findings(in subject: DataCheckSubject) -> [DataCheckResult] {
    let rows = Array(0..<subject.rowCount)
    return subject.features.compactMap { column in
      guard column.type == .numeric || column.type == .categorical else { return nil }
      let counts = CellCounts(column, rows: rows)
      guard counts.present >= max(subject.limits.identifierMinimumRows, 2) else { return nil }
      let share = Double(counts.distinct) / Double(counts.present)
      guard share >= subject.limits.identifierShare else { return nil }
      var severity = DataCheckSeverity.warning
      if let numbers = column.numbers {
        guard counts.sorted.allSatisfy({ $0 == $0.rounded() }) else { return nil }
        let isRunning = zip(numbers, numbers.dropFirst()).allSatisfy { $1 - $0 == 1 }
        severity = isRunning ? .warning : .information
      }
      return DataCheckResult(
        .identifierLike, severity, columns: [column.name], count: counts.distinct, measure: share,
        examples: rows.prefix(DataCheckResult.exampleLimit).compactMap { column.text($0) })
    }
  }

  /// Whether a column of levels is so fine that its levels are names of rows.
  static func isNameLike(_ counts: CellCounts, limits: DataCheckLimits) -> Bool {
    counts.present >= max(limits.identifierMinimumRows, 2)
      && Double(counts.distinct) / Double(counts.present) >= limits.identifierShare
  }
}
