import Candor
import CandorExplanation
import CandorScoring
import CandorStudy

/// How far the reasons of a refusal can be trusted.
enum ReasonsStatus: String, Encodable {
  /// They can be sent.
  case given
  /// A person looks first; `review` says why. A strong proxy alone is said there and holds nothing.
  case unsettled
  /// None can be given automatically.
  case person

  init(_ outcome: ReasonOutcome) {
    self =
      switch outcome {
      case .reasons: outcome.isSettled == true ? .given : .unsettled
      case .referToPerson: .person
      }
  }
}

/// What `candor explain --json` tells of one applicant.
struct ApplicantRecord: Encodable {
  struct Contribution: Encodable {
    let subject: String
    let values: [String: String?]
    let value: Double
    let standardError: Double?
    let lower: Double?
    let upper: Double?
  }

  struct Reason: Encodable {
    let subject: String
    let code: String?
    let wording: String
    let contribution: Double
    let standardError: Double
    let share: Double?
    let immutable: Bool
    let band: Int?
    let proxies: [ProxyMark]
  }

  struct Reference: Encodable {
    let name: String
    let description: String
    let hash: String
  }

  let row: Int
  let id: String?
  let model: String
  let pd: Double
  let logOdds: Double
  let points: Double
  let cutOff: Double
  let decision: Decision
  let reasonsStatus: ReasonsStatus?
  let isSettled: Bool?
  let review: [ReasonReview]
  let reasons: [Reason]
  let changeProbability: Double?
  let referToPerson: String?
  let sufficiency: ReasonVerification?
  let directions: [ReasonDirection]
  let method: ExplanationMethod
  let scale: ExplainedScale
  let reference: Reference
  let baseValue: Double
  let contributions: [Contribution]
  let fidelity: Fidelity
  let evidence: [Explanation]
  let agreement: [MethodAgreement]
  let recourse: Recourse?
  let comparable: ComparableApplicants?
  let rule: Anchor?
  let notices: [String]
  let margin: Double
  let tied: [String]
  let tieStraddlesLimit: Bool?
  let stop: PrincipalReasons.Stop?
  let adverseTotal: Double?
  let modelHash: String?
  let inputHash: String
  let wordingHash: String
  let version: String

  init(_ page: ApplicantPage) throws {
    let explanation = page.explanation
    let model = page.model
    row = page.row
    id = page.identifier
    self.model = model.card.family
    pd = explanation.scored.probability
    logOdds = explanation.scored.logOdds
    points = explanation.scored.points
    cutOff = explanation.cutOff
    decision = explanation.scored.decision
    reasons = (explanation.reasons?.reasons?.reasons ?? []).map { reason in
      let entry = model.catalogue.entry(for: reason.subject)
      return Reason(
        subject: reason.subject, code: entry?.code,
        wording: model.catalogue.wording(for: reason.subject, language: page.language.tag),
        contribution: reason.contribution, standardError: reason.standardError,
        share: reason.share, immutable: entry?.immutable ?? false, band: reason.band,
        proxies: explanation.proxies(of: reason.subject, in: model))
    }
    changeProbability = explanation.reasons?.reasons?.changeProbability
    reasonsStatus = explanation.reasons.map { ReasonsStatus($0) }
    review = explanation.reasons?.review ?? []
    directions = explanation.directions
    switch explanation.reasons {
    case .reasons?: (isSettled, referToPerson) = (explanation.reasons?.isSettled, nil)
    case .referToPerson(let sentence)?: (isSettled, referToPerson) = (nil, sentence)
    case nil: (isSettled, referToPerson) = (nil, nil)
    }
    sufficiency = explanation.sufficiency
    let shown = page.chosen ?? explanation.shapley
    method = shown.method
    scale = shown.scale
    reference = Reference(
      name: shown.backgroundName,
      description: model.reference(named: shown.backgroundName)?.description ?? page.reference,
      hash: shown.backgroundHash)
    baseValue = shown.baseValue
    contributions = zip(shown.attributions, explanation.values).map {
      Contribution(
        subject: $0.source,
        values: Dictionary(
          $1.map { ($0.feature, $0.text) }, uniquingKeysWith: { first, _ in first }),
        value: $0.value, standardError: $0.standardError, lower: $0.lower, upper: $0.upper)
    }
    fidelity = shown.fidelity
    recourse = explanation.recourse
    comparable = explanation.comparable
    rule = explanation.anchor
    evidence = [explanation.surrogate, explanation.integratedGradients].compactMap { $0 }
    agreement = try explanation.agreements()
    notices = explanation.notices.map(\.sentence)
    margin = explanation.scored.margin
    tied = explanation.reasons?.reasons?.tied ?? []
    tieStraddlesLimit = explanation.reasons?.reasons?.tieStraddlesLimit
    stop = explanation.reasons?.reasons?.stop
    adverseTotal = explanation.reasons?.reasons?.adverseTotal
    modelHash = page.modelHash
    inputHash = explanation.inputHash
    wordingHash = page.wordingHash
    version = CandorVersion.current
  }
}
