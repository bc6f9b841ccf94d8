import CandorData
import CandorExplanation
import CandorNumerics
import CandorReport
import CandorScoring

/// What the champion's refused test applicants could change.
enum RecourseAudit {
  static func run(
    _ test: TestEvaluation, model: RiskModel, study: Study, data: StudyData, options: RunOptions
  ) throws -> RecourseInput? {
    let refused = test.scored.indices.filter { test.scored[$0].decision == .refuse }
    guard !refused.isEmpty else { return nil }
    let count = min(refused.count, study.explain.recourse.rows)
    let rows = (0..<count).map { data.split.test[refused[$0 * refused.count / count]] }
    let finder = try self.finder(
      model, study: study, data: data, wanted: study.explain.recourse.proposals,
      threads: options.threads)
    var results: [Recourse] = []
    for (position, row) in rows.enumerated() {
      results.append(try finder.recourse(for: data.table, row: row))
      options.report("looking for recourse", Double(position + 1) / Double(count))
    }
    let byGroup = try data.protected.map { column in
      RecourseInput.ByGroup(
        column: column,
        statistics: try RecourseStatistics(
          results,
          groups: FairnessMeasurement.groups(by: column, rows: rows, study: study, data: data)))
    }
    return RecourseInput(
      applicants: count, refused: refused.count, method: finder.method,
      overall: try RecourseStatistics(results), byGroup: byGroup)
  }

  /// The finder of a model, with training rows of the data.
  static func finder(
    _ model: RiskModel, study: Study, data: StudyData, wanted: Int, threads: Int
  ) throws -> RecourseFinder {
    try RecourseFinder(
      model: RecourseModel(model),
      rules: (model.card.changeRules ?? ChangeRules()).restricted(to: model.features),
      schema: model.schema,
      training: data.table.selecting(columns: model.features).selecting(rows: data.split.train),
      options: RecourseOptions(count: wanted, deadline: study.explain.recourse.seconds),
      seeds: SeedTree(seed: study.seed),
      threads: threads)
  }
}
