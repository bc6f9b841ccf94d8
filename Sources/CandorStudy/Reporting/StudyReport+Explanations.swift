import CandorDocument
import CandorEvaluation
import CandorExplanation
import CandorNumerics
import CandorReport

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
    return GlobalInput(
      families: explanations.map {
        GlobalInput.Family(
          family: $0.key, features: $0.importance, groups: $0.groupImportance,
          surrogate: $0.surrogate)
      }, champion: result.championTest.key, agreements: agreements)
  }

  private static func agreement(
    _ a: GlobalExplanation, _ b: GlobalExplanation
  ) -> GlobalInput.Agreement {
    let names = a.importance.players.map(\.source).sorted()
    func values(_ explanation: GlobalExplanation) -> [Double] {
      names.map { explanation.importance.player($0)?.importance ?? 0 }
    }
    func topNames(_ explanation: GlobalExplanation) -> Set<String> {
      let ranked = explanation.importance.players.sorted {
        ($1.importance, $0.source) < ($0.importance, $1.source)
      }
      return Set(ranked.prefix(top).map(\.source))
    }
    let rank = Correlation.spearman(values(a), values(b))
    let size = min(top, names.count)
    return GlobalInput.Agreement(
      first: a.key, second: b.key, rankCorrelation: rank.isNaN ? nil : rank,
      topOverlap: Double(topNames(a).intersection(topNames(b)).count) / Double(max(size, 1)),
      top: size)
  }

  static func individualInput(
    _ result: StudyResult, limits: [LimitName: Limit]
  ) throws -> IndividualInput {
    let model = result.championModel
    let rows = model.reference(named: ReferenceSelection.nearCutOffApproved)?.table.rowCount ?? 0
    let cases = try result.decisions.map { decision in
      IndividualInput.Case(
        title: title(of: decision.choice), row: decision.row,
        scored: decision.explanation.scored, explanation: decision.explanation.shapley,
        referenceRows: rows,
        values: Dictionary(
          decision.explanation.values.flatMap { $0 }.map { ($0.feature, $0.text ?? "") },
          uniquingKeysWith: { first, _ in first }),
        reasons: decision.explanation.reasons?.reasons,
        sufficiency: decision.explanation.sufficiency, deletion: decision.explanation.deletion,
        agreements: try decision.explanation.agreements())
    }
    let audit = result.reasonAudit
    var fidelity: [IndividualInput.Fidelity] = []
    if let method = audit.method {
      fidelity.append(
        IndividualInput.Fidelity(
          family: result.championTest.key, method: method, decisions: audit.refusals,
          withinLimits: audit.withinLimits, largestRelativeError: audit.largestRelativeError,
          topOverlap: nil))
    }
    for explanation in result.explanations where explanation.key != result.championTest.key {
      fidelity.append(
        IndividualInput.Fidelity(
          family: explanation.key, method: explanation.shapleyMethod,
          decisions: explanation.shapleyRows, withinLimits: explanation.withinLimits,
          largestRelativeError: explanation.largestRelativeError, topOverlap: nil))
    }
    return IndividualInput(
      cutOff: model.cutOff, cases: cases, fidelity: fidelity, catalogue: model.catalogue,
      limits: limits, thresholds: .standard)
  }

  private static func title(of choice: ExplainedDecision.Choice) -> Message {
    switch choice {
    case .typicalRefusal: ReportPhrases.clearRefusal
    case .narrowRefusal: ReportPhrases.nearCutOff
    case .typicalApproval: ReportPhrases.clearApproval
    }
  }

  static func reasonInput(
    _ result: StudyResult, limits: [LimitName: Limit]
  ) -> ReasonInput {
    let audit = result.reasonAudit
    return ReasonInput(
      refusals: audit.refusals, bads: audit.bads,
      frequencies: audit.frequencies.filter { $0.count > 0 }.map {
        ReasonInput.Frequency(subject: $0.subject, count: $0.count)
      },
      unmapped: audit.unmapped, flipRate: audit.flipRate, tieRate: audit.tieRate,
      meanCount: audit.meanCount, rules: ReasonRules.verdicts(result),
      catalogue: result.championModel.catalogue, limits: limits)
  }
}
