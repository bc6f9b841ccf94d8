import CandorData
import CandorDocument
import CandorEvaluation
import CandorReport

/// One line a data check: what it found, in which columns, and its verdict.
enum DataCheckRows {
  /// The kinds that share a line, with the line's name.
  private static let lines: [(kinds: [DataCheckKind], check: ReportPhrases.DataCheck)] = [
    ([.missingCells], .missing),
    ([.constantColumn, .nearlyConstantColumn], .constant),
    ([.identifierLike], .identifierLike),
    ([.duplicateRows], .duplicateRows),
    ([.duplicatesAcrossSplit], .duplicatesAcrossSplit),
    ([.rareLevels], .rareLevels),
    ([.outliers], .outliers),
    ([.unseenLevels], .unseenLevels),
  ]

  static func rows(for result: StudyResult) -> [PreparationInput.Check] {
    var rows = lines.map { line in
      row(
        ReportPhrases.dataCheck(line.check),
        of: result.checks.filter { line.kinds.contains($0.check) }, in: result)
    }
    rows.append(
      row(
        ReportPhrases.leakageCheck(limit: DataCheckLimits().leakageAUC),
        of: result.checks.filter { $0.check == .suspectedLeakage }, in: result))
    if !result.data.identifiers.isEmpty {
      rows.append(
        row(
          ReportPhrases.dataCheck(.repeatedIdentifier),
          of: result.checks.filter { $0.check == .repeatedIdentifier }, in: result))
    }
    return rows
  }

  private static func row(
    _ check: Message, of found: [DataCheckResult], in result: StudyResult
  ) -> PreparationInput.Check {
    var columns: [String] = []
    for one in found {
      for column in one.columns where !columns.contains(column) { columns.append(column) }
    }
    return PreparationInput.Check(
      check: check, result: value(of: found), columns: columns,
      rows: result.data.table.rowCount, method: ReportPhrases.dataCheckMethod,
      verdict: verdict(of: found))
  }

  private static func value(of found: [DataCheckResult]) -> Value {
    guard let first = found.first else { return ReportPhrases.nothingFound }
    let total = found.reduce(0) { $0 + $1.count }
    switch first.check {
    case .duplicateRows, .duplicatesAcrossSplit, .repeatedIdentifier:
      return ReportPhrases.found(rows: total)
    case .missingCells, .outliers, .unseenLevels: return ReportPhrases.found(cells: total)
    case .constantColumn, .nearlyConstantColumn, .identifierLike, .suspectedLeakage, .rareLevels:
      return ReportPhrases.found(columns: Set(found.flatMap(\.columns)).count)
    }
  }

  /// What is only said passes, a warning warns, what is serious fails.
  private static func verdict(of found: [DataCheckResult]) -> Verdict {
    if found.contains(where: { $0.severity == .serious }) { return .fail }
    return found.contains { $0.severity == .warning } ? .warn : .pass
  }
}
