import CandorData
import CandorDocument
import CandorEvaluation
import CandorReport

/// One line a data check: what it found, in which columns and rows, from where on, and its verdict.
enum DataCheckRows {
  /// The rows that a check looks at.
  private enum Scope {
    case all, training, test, both

    func sample(in data: StudyData) -> (name: Message, rows: Int) {
      switch self {
      case .all: (ReportPhrases.allRows, data.table.rowCount)
      case .training: (ReportPhrases.trainingSet, data.split.train.count)
      case .test: (ReportPhrases.testSet, data.split.test.count)
      case .both:
        (ReportPhrases.trainingAndTest, data.split.train.count + data.split.test.count)
      }
    }
  }

  /// The kinds that share a line, with the line's name, the rows looked at, and whether the check
  /// can do more than inform.
  private static let lines:
    [(
      kinds: [DataCheckKind], check: ReportPhrases.DataCheck, scope: Scope, isJudged: Bool
    )] = [
      ([.missingCells], .missing, .all, true),
      ([.constantColumn, .nearlyConstantColumn], .constant, .training, true),
      ([.identifierLike], .identifierLike, .all, true),
      ([.duplicateRows], .duplicateRows, .all, true),
      ([.duplicatesAcrossSplit], .duplicatesAcrossSplit, .both, true),
      ([.rareLevels], .rareLevels, .training, false),
      ([.outliers], .outliers, .all, false),
      ([.unseenLevels], .unseenLevels, .test, true),
    ]

  static func rows(for result: StudyResult) -> [PreparationInput.Check] {
    // The limits that `DataInspection` checks with.
    let limits = DataCheckLimits()
    var rows = lines.map { line in
      row(
        ReportPhrases.dataCheck(line.check),
        limit: ReportPhrases.dataCheckLimit(line.check, limits),
        of: result.checks.filter { line.kinds.contains($0.check) }, scope: line.scope,
        isJudged: line.isJudged, in: result)
    }
    rows.append(
      row(
        ReportPhrases.leakageCheck(limit: limits.leakageAUC),
        limit: ReportPhrases.leakageLimit(limits),
        of: result.checks.filter { $0.check == .suspectedLeakage }, scope: .training,
        isJudged: true, in: result))
    if !result.data.identifiers.isEmpty {
      rows.append(
        row(
          ReportPhrases.dataCheck(.repeatedIdentifier),
          limit: ReportPhrases.dataCheckLimit(.repeatedIdentifier, limits),
          of: result.checks.filter { $0.check == .repeatedIdentifier }, scope: .all,
          isJudged: true, in: result))
    }
    return rows
  }

  private static func row(
    _ check: Message, limit: Message?, of found: [DataCheckResult], scope: Scope, isJudged: Bool,
    in result: StudyResult
  ) -> PreparationInput.Check {
    var columns: [String] = []
    for one in found {
      for column in one.columns where !columns.contains(column) { columns.append(column) }
    }
    let sample = scope.sample(in: result.data)
    return PreparationInput.Check(
      check: check, result: value(of: found), columns: columns, sample: sample.name,
      rows: sample.rows, method: ReportPhrases.dataCheckMethod, limit: limit,
      verdict: isJudged ? verdict(of: found) : nil)
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

  /// What is serious fails, a warning warns, nothing found passes; what is only worth knowing has no
  /// verdict.
  private static func verdict(of found: [DataCheckResult]) -> Verdict? {
    if found.contains(where: { $0.severity == .serious }) { return .fail }
    if found.contains(where: { $0.severity == .warning }) { return .warn }
    return found.isEmpty ? .pass : nil
  }
}
