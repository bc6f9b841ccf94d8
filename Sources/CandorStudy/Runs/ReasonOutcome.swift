public import CandorExplanation
import CandorNumerics
import CandorScoring

/// The principal reasons of a refusal, or why the case must go to a person.
public enum ReasonOutcome: Sendable, Equatable {
  /// The reasons.
  case reasons(PrincipalReasons)
  /// No reason can be given automatically; the sentence says why.
  case referToPerson(String)

  /// The reasons, where they could be given.
  public var reasons: PrincipalReasons? {
    if case .reasons(let reasons) = self { reasons } else { nil }
  }

  static func derive(
    from explanation: Explanation, model: RiskModel, players: Players, atMost: Int, seeds: SeedTree
  ) throws -> ReasonOutcome {
    // A subject without an entry stays unmapped: it is printed by its plain name, and said.
    let subjects = zip(players.names, players.members).enumerated().compactMap { place, player in
      model.catalogue.entry(for: player.0).map { _ in
        ReasonSubject(
          name: player.0, members: player.1,
          priority: model.catalogue.entries.firstIndex { $0.subject == player.0 } ?? place)
      }
    }
    do {
      return .reasons(
        try PrincipalReasons.derive(
          from: explanation, subjects: subjects, refusedFrom: logit(model.cutOff),
          options: PrincipalReasonOptions(atMost: atMost), seeds: seeds))
    } catch {
      switch error.code {
      case .noPrincipalReason, .referenceRefused: return .referToPerson(error.description)
      default: throw error
      }
    }
  }
}
