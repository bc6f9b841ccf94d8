import CandorData
public import CandorExplanation
import CandorNumerics
import CandorScoring

/// The principal reasons of a refusal, or why the case must go to a person.
public enum ReasonOutcome: Sendable, Equatable {
  /// The reasons; not settled where another draw might still print another list, so that a person
  /// looks at them before a notice is sent.
  case reasons(PrincipalReasons, isSettled: Bool)
  /// No reason can be given automatically; the sentence says why.
  case referToPerson(String)

  /// The reasons, where they could be given.
  public var reasons: PrincipalReasons? {
    if case .reasons(let reasons, _) = self { reasons } else { nil }
  }

  /// Whether the list is settled; nil without one.
  public var isSettled: Bool? {
    if case .reasons(_, let isSettled) = self { isSettled } else { nil }
  }

  /// Why there is no list; nil with one.
  public var referral: String? {
    if case .referToPerson(let sentence) = self { sentence } else { nil }
  }

  static func derive(
    for score: ExplainedModel, applicant: [Double], model: RiskModel, players: Players,
    reference: Background, atMost: Int, sampling: SampledShapleyOptions, seeds: SeedTree,
    threads: Int
  ) throws -> (explanation: Explanation, outcome: ReasonOutcome) {
    // A subject without an entry stays unmapped: it is printed by its plain name, and said.
    let subjects = zip(players.names, players.members).enumerated().compactMap { place, player in
      model.catalogue.entry(for: player.0).map { _ in
        ReasonSubject(
          name: player.0, members: player.1,
          priority: model.catalogue.entries.firstIndex { $0.subject == player.0 } ?? place)
      }
    }
    do {
      let found = try ReasonDerivation.derive(
        for: score, applicant: applicant, players: players, reference: reference,
        subjects: subjects, refusedFrom: logit(model.cutOff),
        options: PrincipalReasonOptions(atMost: atMost), sampling: sampling, seeds: seeds,
        threads: threads)
      // Below the limits of fidelity there is no automatic notice either.
      let isSettled = found.isSettled && found.explanation.fidelity.warnings.isEmpty
      return (found.explanation, .reasons(found.reasons, isSettled: isSettled))
    } catch {
      switch error.code {
      case .noPrincipalReason, .referenceRefused:
        let explanation = try MethodSelection.shapley(
          for: score,
          rows: EncodedRows(Matrix(rows: 1, columns: applicant.count) { applicant[$1] }),
          players: players, background: reference, options: sampling, seeds: seeds.child(1),
          threads: threads)[0]
        return (explanation, .referToPerson(error.description))
      default: throw error
      }
    }
  }
}
