/// Rows that equal another in all features and the label.
///
/// `duplicateRows`: `count` rows that equal an earlier row, `share` of all rows.
/// `duplicatesAcrossSplit`: `count` test rows that equal a training row, `share` of the test rows.
/// With few coarse features equal rows are no surprise; hence only a large share is a warning.
enum DuplicateRows: DataCheck {
  static func findings(in subject: DataCheckSubject) -> [DataCheckResult] {
    guard !subject.features.isEmpty else { return [] }
    let keys = RowKeys(subject.features, labels: subject.labels, rowCount: subject.rowCount)
    var findings: [DataCheckResult] = []
    let all = Array(0..<subject.rowCount)
    let repeated = keys.repeats(in: all, of: all)
    if !repeated.isEmpty {
      findings.append(
        finding(.duplicateRows, rows: repeated, among: subject.rowCount, subject.limits))
    }
    if let split = subject.split {
      let shared = keys.repeats(in: split.test, of: split.train)
      if !shared.isEmpty {
        findings.append(
          finding(.duplicatesAcrossSplit, rows: shared, among: split.test.count, subject.limits))
      }
    }
    return findings
  }

  private static func finding(
    _ check: DataCheckKind, rows: [Int], among count: Int, _ limits: DataCheckLimits
  ) -> DataCheckResult {
    let share = Double(rows.count) / Double(max(count, 1))
    return DataCheckResult(
      check, share >= limits.duplicateShareWarning ? .warning : .information, count: rows.count,
      share: share, rowExamples: rows)
  }
}
