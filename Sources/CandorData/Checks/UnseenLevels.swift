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
