import CandorData
import CandorDocument
import CandorEvaluation
import CandorExplanation
import CandorNumerics
import CandorReport
import CandorScoring

extension StudyReport {
  /// How many top features are compared between families.
  private static let top = 5

  static func globalInput(_ result: StudyResult) -> GlobalInput {
    let explanations = result.explanations
    var agreements: [GlobalInput.Agreement] = []
    for second in explanations.indices {
      for first in 0..<second {
        agreements.append(agreement(explanations[first], explanations[second]))
      }
    }
    var input = GlobalInput(
      families: explanations.map { explanation in
        var family = GlobalInput.Family(
          family: explanation.key, features: explanation.importance,
          groups: explanation.groupImportance, surrogate: explanation.surrogate)
        family.effects = explanation.effects
        family.outOfBag = explanation.outOfBag
        return family
      }, champion: result.championTest.key, agreements: agreements)
    input.methodAgreements = explanations.flatMap(methodAgreements)
    input.behaviour = result.behaviour
    return input
  }

  /// Permutation importance against each attribution, and the attributions against each other.
  private static func methodAgreements(
    _ explanation: GlobalExplanation
  ) -> [MethodPairAgreement] {
    let names = explanation.importance.players.map(\.source).sorted()
    var lists: [(method: ExplanationMethod?, values: [Double])] = [
      (nil, names.map { explanation.importance.player($0)?.importance ?? 0 })
    ]
    for effect in explanation.effects {
      lists.append(
        (
          effect.method,
          names.map { name in effect.sizes.first { $0.source == name }?.value ?? 0 }
        ))
    }
    var found: [MethodPairAgreement] = []
    for second in lists.indices.dropFirst() {
      guard let method = lists[second].method else { continue }
      for first in 0..<second {
        let (rank, overlap) = agreement(lists[first].values, lists[second].values, names: names)
        found.append(
          MethodPairAgreement(
            family: explanation.key, first: lists[first].method, second: method,
            rankCorrelation: rank, topOverlap: overlap, top: min(top, names.count)))
      }
    }
    return found
  }

  private static func agreement(
    _ a: [Double], _ b: [Double], names: [String]
  ) -> (rank: Double?, overlap: Double) {
    func topNames(_ values: [Double]) -> Set<String> {
      let order = values.indices.sorted { (values[$1], names[$0]) < (values[$0], names[$1]) }
      return Set(order.prefix(top).map { names[$0] })
    }
    let rank = Correlation.spearman(a, b)
    let size = max(min(top, names.count), 1)
    return (
      rank.isNaN ? nil : rank,
      Double(topNames(a).intersection(topNames(b)).count) / Double(size)
    )
  }

  private static func agreement(
    _ a: GlobalExplanation, _ b: GlobalExplanation
  ) -> GlobalInput.Agreement {
    let names = a.importance.players.map(\.source).sorted()
    func values(_ explanation: GlobalExplanation) -> [Double] {
      names.map { explanation.importance.player($0)?.importance ?? 0 }
    }
    let (rank, overlap) = agreement(values(a), values(b), names: names)
    return GlobalInput.Agreement(
      first: a.key, second: b.key, rankCorrelation: rank, topOverlap: overlap,
      top: min(top, names.count))
  }

  static func individualInput(
    _ result: StudyResult, limits: [LimitName: Limit]
  ) throws -> IndividualInput {
    let model = result.championModel
    let rows = model.reference(named: ReferenceSelection.nearCutOffApproved)?.table.rowCount ?? 0
    let cases = try result.decisions.map { decision -> IndividualInput.Case in
      var one = IndividualInput.Case(
        title: title(of: decision.choice), row: decision.row,
        scored: decision.explanation.scored, explanation: decision.explanation.shapley,
        referenceRows: rows,
        values: Dictionary(
          decision.explanation.values.flatMap { $0 }.map { ($0.feature, $0.text ?? "") },
          uniquingKeysWith: { first, _ in first }),
        reasons: decision.explanation.reasons?.reasons,
        sufficiency: decision.explanation.sufficiency, deletion: decision.explanation.deletion,
        agreements: try decision.explanation.agreements(),
        review: decision.explanation.reasons?.review ?? [],
        referral: decision.explanation.reasons?.referral)
      one.evidence = decision.explanation.evidence
      one.recourse = decision.explanation.recourse
      one.second = decision.disagreement.map {
        IndividualInput.SecondMethod(
          explanation: $0.other, agreement: $0.agreement, compared: $0.compared)
      }
      return one
    }
    let audit = result.reasonAudit
    var fidelity: [IndividualInput.Fidelity] = []
    if let method = audit.method {
      fidelity.append(
        IndividualInput.Fidelity(
          family: result.championTest.key, method: method,
          sample: ReportPhrases.auditedRefusals(audit.refusals, of: audit.refused),
          reference: ReferenceSelection.nearCutOffApproved, referenceRows: rows,
          decisions: audit.refusals, withinLimits: audit.withinLimits,
          largestRelativeError: audit.largestRelativeError))
    }
    for explanation in result.explanations where explanation.key != result.championTest.key {
      fidelity.append(
        IndividualInput.Fidelity(
          family: explanation.key, method: explanation.shapleyMethod,
          sample: ReportPhrases.partOfTest(
            explanation.shapleyRows, of: result.data.split.test.count),
          reference: ReferenceSelection.training,
          referenceRows: explanation.shapleyBackground, decisions: explanation.shapleyRows,
          withinLimits: explanation.withinLimits,
          largestRelativeError: explanation.largestRelativeError))
    }
    var input = IndividualInput(
      cutOff: model.cutOff, cases: cases, fidelity: fidelity, catalogue: model.catalogue,
      limits: limits, thresholds: .standard)
    input.scorecard = result.scorecard
    input.labelRefits = result.labelRefits
    input.recourse = result.recourse
    let band = try result.families[result.champion].approvedBand(
      study: result.study, data: result.data)
    if band.approved > 0 {
      input.reference = (rows, band.width, band.approved, band.lowest)
    }
    return input
  }

  private static func title(of choice: ExplainedDecision.Choice) -> Message {
    switch choice {
    case .typicalRefusal: ReportPhrases.typicalRefusal
    case .narrowRefusal: ReportPhrases.nearCutOff
    case .typicalApproval: ReportPhrases.typicalApproval
    case .methodsDisagree: ReportPhrases.methodsDisagree
    }
  }

  static func reasonInput(
    _ result: StudyResult, limits: [LimitName: Limit]
  ) -> ReasonInput {
    let audit = result.reasonAudit
    var input = ReasonInput(
      refused: audit.refused, refusals: audit.refusals, withReasons: audit.withReasons,
      bads: audit.bads, referred: audit.referred, unsettled: audit.unsettled,
      frequencies: audit.frequencies.filter { $0.count > 0 }.map {
        ReasonInput.Frequency(subject: $0.subject, count: $0.count)
      },
      unmapped: audit.unmapped, flipRate: audit.flipRate, tieRate: audit.tieRate,
      meanCount: audit.meanCount, rules: ReasonRules.results(result, limits: limits),
      catalogue: result.championModel.catalogue, limits: limits)
    input.proof = audit.proof.input(of: audit.lists)
    let model = result.championModel
    let proxies = Set((model.card.proxies ?? []).map(\.feature))
    let members = model.catalogue.players(for: model.features)
    input.proxies = input.frequencies.filter { line in
      members.first { $0.name == line.subject }?.members.contains(where: proxies.contains) == true
    }
    input.answers = SuppliedAnswers(result.study.governance)
    return input
  }
}
