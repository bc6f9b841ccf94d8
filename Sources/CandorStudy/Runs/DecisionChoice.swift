import CandorData
import CandorExplanation
import CandorScoring

/// Chooses the decisions that a report explains, by rule and not by taste.
enum DecisionChoice {
  /// The refusal with the median PD, the refusal nearest the cut-off, the approval with the median PD,
  /// and of the others the one on which two methods of contributions agree least, among test rows;
  /// ties go to the first row.
  static func explained(
    _ test: TestEvaluation, model: RiskModel, study: Study, data: StudyData, options: RunOptions
  ) throws -> [ExplainedDecision] {
    let rows = data.split.test
    func byRisk(_ decision: Decision) -> [Int] {
      test.scored.indices.filter { test.scored[$0].decision == decision }
        .sorted { (test.scored[$0].probability, $0) < (test.scored[$1].probability, $1) }
        .map { rows[$0] }
    }
    let refused = byRisk(.refuse)
    let approved = byRisk(.approve)
    var chosen: [(choice: ExplainedDecision.Choice, row: Int)] = []
    if !refused.isEmpty {
      chosen.append((.typicalRefusal, refused[refused.count / 2]))
      if refused.count > 1 { chosen.append((.narrowRefusal, refused[0])) }
    }
    if !approved.isEmpty { chosen.append((.typicalApproval, approved[approved.count / 2])) }
    let explainer = try ApplicantExplainer(model, threads: options.threads)
    let taken = Set(chosen.map(\.row))
    let disputed = try MethodDisagreementSearch(explainer: explainer, data: data).find(
      refused: refused.filter { !taken.contains($0) },
      approved: approved.filter { !taken.contains($0) })
    if let disputed { chosen.append((.methodsDisagree, disputed.row)) }
    let explanations = try explainer.explain(data.table.selecting(rows: chosen.map(\.row)))
    return try zip(chosen, explanations).map { one, explanation in
      ExplainedDecision(
        choice: one.choice, row: one.row + 1, explanation: explanation,
        disagreement: one.choice == .methodsDisagree
          ? try disputed.map {
            // With the values as they are shown, which may have been sampled further.
            MethodDisagreement(
              other: $0.other,
              agreement: try MethodAgreement.between(explanation.shapley, $0.other),
              compared: $0.compared)
          } : nil)
    }
  }
}
