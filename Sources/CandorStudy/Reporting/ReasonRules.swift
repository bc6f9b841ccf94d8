import CandorEvaluation
import CandorExplanation
import CandorScoring

/// Which rules for reasons this run has shown to hold; a rule without evidence is not in the list and
/// so is printed as not tested.
enum ReasonRules {
  static func verdicts(_ result: StudyResult) -> [Int: Verdict] {
    let model = result.championModel
    let reasons = result.decisions.compactMap { $0.explanation.reasons?.reasons }
    let players = Set(model.catalogue.players(for: model.features).map(\.name))
    func verdict(_ holds: Bool) -> Verdict { holds ? .pass : .fail }
    var verdicts: [Int: Verdict] = [:]
    // 3: a protected column among the inputs needs its written basis.
    verdicts[3] = verdict(
      model.features.allSatisfy {
        !result.data.protected.contains($0) || model.card.lawfulBasis[$0]?.isEmpty == false
      })
    // 13: no wording twice.
    let wordings = model.catalogue.entries.compactMap { $0.wording["en"] }
    verdicts[13] = verdict(Set(wordings).count == wordings.count)
    // 14: every player has an entry.
    verdicts[14] = verdict(result.reasonAudit.unmapped.isEmpty)
    // 23: moving the printed factors turns at least 80% of refusals.
    if let rate = result.reasonAudit.flipRate {
      verdicts[23] = Limit(warnBelow: 0.8).judge(rate)
    }
    guard !reasons.isEmpty else { return verdicts }
    // 1: only what the model uses.
    verdicts[1] = verdict(
      reasons.allSatisfy { $0.reasons.allSatisfy { players.contains($0.subject) } })
    // 6: the reference is on the approving side, named and hashed.
    verdicts[6] = verdict(
      reasons.allSatisfy {
        $0.referenceValue < $0.refusedFrom && !$0.referenceHash.isEmpty
          && !$0.referenceName.isEmpty
      })
    // 7: only contributions towards refusal.
    verdicts[7] = verdict(reasons.allSatisfy { $0.reasons.allSatisfy { $0.contribution > 0 } })
    // 8: at most four, and never none.
    verdicts[8] = verdict(
      reasons.allSatisfy { (1...result.study.decisionReasons.atMost).contains($0.reasons.count) })
    // 9: in order of size, within ties.
    verdicts[9] = verdict(reasons.allSatisfy(isOrdered))
    // 11: every printed reason has its standard error.
    verdicts[11] = verdict(
      reasons.allSatisfy { $0.reasons.allSatisfy { $0.standardError.isFinite } })
    return verdicts
  }

  private static func isOrdered(_ reasons: PrincipalReasons) -> Bool {
    zip(reasons.reasons, reasons.reasons.dropFirst()).allSatisfy { first, second in
      first.contribution >= second.contribution || first.band == second.band
    }
  }
}
