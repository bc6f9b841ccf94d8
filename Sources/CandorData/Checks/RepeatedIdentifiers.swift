/// Identifiers that name several rows; `count` rows beyond the first of their name, `share` of all
/// rows.
enum RepeatedIdentifiers: DataCheck {
  static func findings(in subject: DataCheckSubject) -> [DataCheckResult] {
    subject.identifiers.compactMap { column in
      let keys = RowKeys([column], labels: nil, rowCount: subject.rowCount)
      let present = (0..<subject.rowCount).filter { !column.isMissing($0) }
      let repeated = keys.repeats(in: present, of: present)
      guard !repeated.isEmpty else { return nil }
      var examples: [String] = []
      for row in repeated where examples.count < DataCheckResult.exampleLimit {
        if let text = column.text(row), !examples.contains(text) { examples.append(text) }
      }
      return DataCheckResult(
        .repeatedIdentifier, .warning, columns: [column.name], count: repeated.count,
        share: Double(repeated.count) / Double(max(subject.rowCount, 1)), examples: examples,
        rowExamples: repeated)
    }
  }
}
