import CandorDocument
import CandorEvaluation
import CandorExplanation
import CandorReport
import CandorScoring

/// What this run can say of the rules for reasons; a rule without evidence is not in the list and so
/// is printed as not tested.
enum ReasonRules {
  /// Rules that `PrincipalReasons` and `ReasonOutcome` cannot break: only the model's own factors,
  /// nothing filtered, reasons of the score since nothing else refuses, a reference on the approving
  /// side, contributions towards refusal alone, one reason at least and no more than allowed, a
  /// standard error with each; and what the reading of the study refuses: vague wording.
  private static let byConstruction = [1, 2, 5, 6, 7, 8, 11, 16]

  static func results(
    _ result: StudyResult, limits: [LimitName: Limit]
  ) -> [Int: ReasonInput.RuleResult] {
    let audit = result.reasonAudit
    var results = catalogueResults(result)
    for rule in byConstruction { results[rule] = .byConstruction }
    let lists = audit.lists
    guard !lists.isEmpty else { return results }
    let overLists = ReportPhrases.overLists(lists.count)
    // 9: in order of size, within ties.
    results[9] = .judged(verdict(lists.allSatisfy { isOrdered($0.reasons) }), overLists)
    // 12: a list below the fidelity limits is one for a person.
    let warned = lists.filter { !$0.reasons.warnings.isEmpty }
    let unmarked = warned.count { $0.isSettled }
    results[12] = .judged(
      verdict(unmarked == 0),
      ReportPhrases.fidelityOfLists(
        within: lists.count - warned.count, of: lists.count, unmarked: unmarked))
    // 4: a list with a strong proxy says so.
    results[4] = proxyResult(result)
    // 15: no factor is left out because it cannot be changed.
    let immutable = Set(
      result.championModel.catalogue.entries.filter(\.immutable).map(\.subject))
    results[15] =
      immutable.isEmpty
      ? .judged(.notTested, ReportPhrases.noImmutableFactor)
      : .judged(
        verdict(lists.allSatisfy { holdsEveryLarger($0.reasons, among: immutable) }), overLists)
    // 10: every list with a tie at its last place says so and goes to a person.
    let straddling = lists.filter { $0.reasons.tieStraddlesLimit && !$0.reasons.method.isExact }
    results[10] = .judged(
      verdict(straddling.allSatisfy { !$0.isSettled || $0.reasons.changeProbability <= 0.05 }),
      ReportPhrases.tiesOfLists(lists.count { !$0.reasons.tied.isEmpty }, of: lists.count))
    // 17: a factor that does not lower the risk alone is one for a person.
    let against = lists.filter { $0.directions.contains { !$0.agrees } }
    results[17] = .judged(
      verdict(against.allSatisfy { $0.review.contains(.direction) }),
      ReportPhrases.directionsOfLists(against: against.count, of: lists.count))
    // 18: so is an applicant outside what the model was trained on.
    let outside = lists.filter(\.isOutsideDomain)
    results[18] = .judged(
      verdict(outside.allSatisfy { $0.review.contains(.outsideDomain) }),
      ReportPhrases.outsideOfLists(outside.count, of: lists.count))
    // 19: what could be changed stands apart from the reasons, and every proposal was scored anew.
    let proposals = result.decisions.compactMap(\.explanation.recourse).flatMap(\.counterfactuals)
    if !proposals.isEmpty {
      results[19] = .judged(
        verdict(proposals.allSatisfy(\.isVerified)),
        ReportPhrases.verifiedProposals(proposals.count { $0.isVerified }, of: proposals.count))
    }
    // 20: the first list, derived anew from the applicant alone.
    if let isRepeatable = audit.proof.isRepeatable {
      results[20] = .judged(verdict(isRepeatable), ReportPhrases.repeatedList)
    }
    // 22: the population stands in the section.
    results[22] = .measured(overLists)
    // 23: judged by the study's limit alone.
    if let rate = audit.flipRate {
      let share = ReportPhrases.sufficientShare(rate, of: lists.count)
      if let limit = limits[.reasonSufficiency] {
        results[23] = .judged(limit.judge(rate), share)
      } else {
        results[23] = .measured(share)
      }
    }
    return results
  }

  private static func catalogueResults(
    _ result: StudyResult
  ) -> [Int: ReasonInput.RuleResult] {
    let model = result.championModel
    let players = result.reasonAudit.players
    let languages = ReasonAudit.languageTags(of: result.study)
    var results: [Int: ReasonInput.RuleResult] = [:]
    // 3: a protected column among the inputs needs its written basis.
    let inputs = model.features.filter { result.data.protected.contains($0) }
    results[3] = .judged(
      verdict(inputs.allSatisfy { model.card.lawfulBasis[$0]?.isEmpty == false }),
      ReportPhrases.protectedInputs(inputs))
    // 13: no wording twice, as it would be printed.
    let isUnique = languages.allSatisfy { language in
      let printed = players.map { model.catalogue.wording(for: $0, language: language) }
      return Set(printed).count == printed.count
    }
    let overWordings = ReportPhrases.overWordings(players.count, languages: languages.count)
    results[13] = .judged(verdict(isUnique), overWordings)
    // 14: every player has a wording in every language of the report.
    results[14] = .judged(verdict(result.reasonAudit.unmapped.isEmpty), overWordings)
    // 21 and 24: what the record of a decision holds; the institution keeps records and sends notices.
    results[21] = .measured(ReportPhrases.decisionRecord)
    results[24] = .measured(ReportPhrases.recordsOfBundle)
    // 25: the approver's field, and whether it was filled in.
    let approval = result.study.governance["catalogue_approval"] ?? ""
    results[25] = .judged(
      approval.isEmpty ? .notSupplied : .pass,
      ReportPhrases.wordingApproval(isSupplied: !approval.isEmpty))
    return results
  }

  private static func proxyResult(_ result: StudyResult) -> ReasonInput.RuleResult {
    guard !result.data.protected.isEmpty else {
      return .judged(.notTested, ReportPhrases.noProtectedColumn)
    }
    let marks = Set(result.proxies.marks.map(\.feature))
    guard !marks.isEmpty else {
      return .judged(
        .pass, ReportPhrases.noStrongProxy(among: result.championModel.features.count))
    }
    let model = result.championModel
    let subjects = Set(
      model.catalogue.players(for: model.features)
        .filter { $0.members.contains(where: marks.contains) }.map(\.name))
    let printing = result.reasonAudit.lists.filter { list in
      list.reasons.reasons.contains { subjects.contains($0.subject) }
    }
    return .judged(
      verdict(printing.allSatisfy { $0.review.contains(.proxy) }),
      ReportPhrases.proxiesOfLists(printing.count, of: result.reasonAudit.lists.count))
  }

  private static func verdict(_ holds: Bool) -> Verdict { holds ? .pass : .fail }

  private static func isOrdered(_ reasons: PrincipalReasons) -> Bool {
    zip(reasons.reasons, reasons.reasons.dropFirst()).allSatisfy { first, second in
      first.contribution >= second.contribution || first.band == second.band
    }
  }

  /// Whether every one of these subjects that weighs more than the last printed reason is printed;
  /// ties with it may go either way.
  private static func holdsEveryLarger(
    _ reasons: PrincipalReasons, among subjects: Set<String>
  ) -> Bool {
    guard let last = reasons.reasons.last else { return false }
    let printed = Set(reasons.reasons.map(\.subject))
    return reasons.contributions.allSatisfy { one in
      !subjects.contains(one.subject) || printed.contains(one.subject)
        || one.contribution <= last.contribution || one.band == last.band
    }
  }
}
