import CandorData
import CandorScoring

/// Chooses the three decisions that a report explains, by rule and not by taste.
enum DecisionChoice {
  /// The refusal with the median PD, the refusal nearest the cut-off and the approval with the
  /// median PD, among test rows; ties go to the first row.
  static func explained(
    _ test: TestEvaluation, model: RiskModel, study: Study, data: StudyData, options: RunOptions
  ) throws -> [ExplainedDecision] {
    let rows = data.split.test
    func byRisk(_ decision: Decision) -> [Int] {
      test.scored.indices.filter { test.scored[$0].decision == decision }
        .sorted { (test.scored[$0].probability, $0) < (test.scored[$1].probability, $1) }
    }
    let refused = byRisk(.refuse)
    let approved = byRisk(.approve)
    var chosen: [(ExplainedDecision.Choice, Int)] = []
    if !refused.isEmpty {
      chosen.append((.typicalRefusal, refused[refused.count / 2]))
      if refused.count > 1 { chosen.append((.narrowRefusal, refused[0])) }
    }
    if !approved.isEmpty { chosen.append((.typicalApproval, approved[approved.count / 2])) }
    let explainer = try ApplicantExplainer(model, threads: options.threads)
    let explanations = try explainer.explain(
      data.table.selecting(rows: chosen.map { rows[$0.1] }))
    return zip(chosen, explanations).map { choice, explanation in
      ExplainedDecision(
        choice: choice.0, row: rows[choice.1] + 1, explanation: explanation)
    }
  }
}
