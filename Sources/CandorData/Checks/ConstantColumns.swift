/// Features whose training cells are all, or nearly all, equal.
///
/// A missing cell is a value of its own here: a column of one number and some gaps is not constant.
/// `count` cells that have the most frequent value, `share` of the training rows, and the value as
/// the example.
enum ConstantColumns: DataCheck {
  static func findings(in subject: DataCheckSubject) -> [DataCheckResult] {
    let rows = subject.trainingRows
    guard rows.count > 1 else { return [] }
    let findings = subject.features.compactMap { column -> DataCheckResult? in
      let counts = CellCounts(column, rows: rows)
      let isGap = counts.missing > counts.modeCount
      let count = isGap ? counts.missing : counts.modeCount
      let share = Double(count) / Double(rows.count)
      let isConstant = count == rows.count
      guard isConstant || share >= subject.limits.nearlyConstantShare else { return nil }
      return DataCheckResult(
        isConstant ? .constantColumn : .nearlyConstantColumn,
        isConstant ? .warning : .information, columns: [column.name], count: count, share: share,
        examples: isGap ? [] : counts.mode.map { [$0] } ?? [])
    }
    return findings.filter { $0.check == .constantColumn }
      + findings.filter { $0.check == .nearlyConstantColumn }
  }
}
