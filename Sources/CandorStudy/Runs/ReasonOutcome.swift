import CandorData
public import CandorExplanation
import CandorNumerics
import CandorScoring

/// The principal reasons of a refusal, or why the case must go to a person.
public enum ReasonOutcome: Sendable, Equatable {
  /// The reasons, and what a person should know of them.
  case reasons(PrincipalReasons, review: [ReasonReview])
  /// No reason can be given automatically; the sentence says why.
  case referToPerson(String)

  /// The reasons, where they could be given.
  public var reasons: PrincipalReasons? {
    if case .reasons(let reasons, _) = self { reasons } else { nil }
  }

  /// What a person should know of the list; empty without one.
  public var review: [ReasonReview] {
    if case .reasons(_, let review) = self { review } else { [] }
  }

  /// Whether the list needs nobody to look at it first; nil without one.
  public var isSettled: Bool? {
    if case .reasons(_, let review) = self { !review.contains(where: \.holdsNotice) } else { nil }
  }

  /// Why there is no list; nil with one.
  public var referral: String? {
    if case .referToPerson(let sentence) = self { sentence } else { nil }
  }

  /// The outcome with what is known of the applicant, of each printed factor alone, and of the printed
  /// factors as proxies.
  func reviewed(
    directions: [ReasonDirection], contradictsWording: Bool, notices: [NewDataNotice],
    proxies: [ProxyMark]
  ) -> ReasonOutcome {
    guard case .reasons(let reasons, var review) = self else { return self }
    if directions.contains(where: { !$0.agrees }) { review.append(.direction) }
    if contradictsWording { review.append(.wording) }
    if !notices.isEmpty { review.append(.outsideDomain) }
    if !proxies.isEmpty { review.append(.proxy) }
    return .reasons(reasons, review: review)
  }

  /// The catalogue's entries for these players. A player without an entry stays unmapped: it is
  /// printed by its plain name, and said.
  static func subjects(of players: Players, model: RiskModel) -> [ReasonSubject] {
    zip(players.names, players.members).enumerated().compactMap { place, player in
      model.catalogue.entry(for: player.0).map { _ in
        ReasonSubject(
          name: player.0, members: player.1,
          priority: model.catalogue.entries.firstIndex { $0.subject == player.0 } ?? place)
      }
    }
  }

  /// The outcome by an exact explanation: there is nothing to draw again.
  static func derive(
    from explanation: Explanation, model: RiskModel, players: Players, atMost: Int, seeds: SeedTree
  ) throws -> ReasonOutcome {
    do {
      let reasons = try PrincipalReasons.derive(
        from: explanation, subjects: subjects(of: players, model: model),
        refusedFrom: logit(model.cutOff), options: PrincipalReasonOptions(atMost: atMost),
        seeds: seeds)
      return .reasons(
        reasons, review: explanation.fidelity.warnings.isEmpty ? [] : [.belowFidelity])
    } catch {
      guard error.code == .noPrincipalReason || error.code == .referenceRefused else { throw error }
      return .referToPerson(error.description)
    }
  }

  static func derive(
    by prepared: PreparedShapley, applicant: [Double], model: RiskModel, atMost: Int,
    sampling: SampledShapleyOptions, seeds: SeedTree, threads: Int
  ) throws -> (explanation: Explanation, outcome: ReasonOutcome) {
    let subjects = subjects(of: prepared.players, model: model)
    do {
      let found = try ReasonDerivation.derive(
        by: prepared, applicant: applicant, subjects: subjects, refusedFrom: logit(model.cutOff),
        options: PrincipalReasonOptions(atMost: atMost), sampling: sampling, seeds: seeds,
        threads: threads)
      var review: [ReasonReview] = found.isSettled ? [] : [.notSettled]
      if !found.explanation.fidelity.warnings.isEmpty { review.append(.belowFidelity) }
      return (found.explanation, .reasons(found.reasons, review: review))
    } catch {
      switch error.code {
      case .noPrincipalReason, .referenceRefused:
        let explanation = try prepared.explain(
          EncodedRows(Matrix(rows: 1, columns: applicant.count) { applicant[$1] }),
          options: sampling, seeds: seeds.child(1), threads: threads)[0]
        return (explanation, .referToPerson(error.description))
      default: throw error
      }
    }
  }
}
