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

/// Levels of test rows that no training row has; `count` test rows, `share` of the test rows.
enum UnseenLevels: DataCheck {
  static func findings(in subject: DataCheckSubject) -> [DataCheckResult] {
    guard let split = subject.split else { return [] }
    return subject.features.compactMap { column in
      guard case .codes(let codes, let levels) = column.storage else { return nil }
      var isKnown = [Bool](repeating: false, count: levels.count)
      for row in split.train where codes[row] >= 0 { isKnown[Int(codes[row])] = true }
      let rows = split.test.filter { codes[$0] >= 0 && !isKnown[Int(codes[$0])] }
      guard !rows.isEmpty else { return nil }
      var examples: [String] = []
      for row in rows where examples.count < DataCheckResult.exampleLimit {
        let name = levels.levels[Int(codes[row])]
        if !examples.contains(name) { examples.append(name) }
      }
      return DataCheckResult(
        .unseenLevels, .warning, columns: [column.name], count: rows.count,
        share: Double(rows.count) / Double(max(split.test.count, 1)), examples: examples,
        rowExamples: rows)
    }
  }
}
