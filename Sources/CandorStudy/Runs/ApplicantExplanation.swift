public import CandorData
public import CandorExplanation
public import CandorScoring

/// A feature's value at one applicant, as a person would write it.
public struct ApplicantValue: Sendable, Equatable, Codable {
  /// The source feature.
  public let feature: String
  /// Its value; nil where missing.
  public let text: String?
}

/// Why a model decided as it did on one applicant.
public struct ApplicantExplanation: Sendable {
  /// Score, points and decision.
  public let scored: ScoredRow
  /// The PD at and above which the model refuses.
  public let cutOff: Double
  /// The applicant's values, player by player.
  public let values: [[ApplicantValue]]
  /// Shapley values on the log-odds of the PD against the reference: the source of the reasons.
  public let shapley: Explanation
  /// The principal reasons of a refusal, or why none can be given; nil for an approval.
  public let reasons: ReasonOutcome?
  /// A local linear surrogate, as evidence beside the reasons; nil where it was not asked for.
  public let surrogate: Explanation?
  /// Integrated gradients, as evidence beside the reasons; nil where the model has none.
  public let integratedGradients: Explanation?
  /// Whether moving the printed factors to the reference turns the refusal; nil without reasons.
  public let sufficiency: ReasonVerification?
  /// What each printed factor does alone, moved to the reference; empty without reasons.
  public let directions: [ReasonDirection]
  /// The deletion test of the Shapley values; nil where evidence was not asked for.
  public let deletion: Deletion?
  /// What a refused applicant could change; nil for approvals, and where it was not asked for.
  public let recourse: Recourse?
  /// The approved applicants of the training sample that are nearest to this one; nil where they were
  /// not asked for.
  public let comparable: ComparableApplicants?
  /// A rule that is enough for the decision; nil where it was not asked for.
  public let anchor: Anchor?
  /// What is unusual about this applicant for the model: unseen levels, values out of range.
  public let notices: [NewDataNotice]
  /// The strong proxies among the printed factors, in printed order.
  public let proxies: [ProxyMark]
  /// SHA-256 of the applicant's values as the model reads them.
  public let inputHash: String

  /// The strong proxies behind one printed reason.
  ///
  /// - Parameters:
  ///   - subject: The feature or group that is printed.
  ///   - model: The model.
  /// - Returns: Those of its members that tell a protected group well.
  public func proxies(of subject: String, in model: RiskModel) -> [ProxyMark] {
    let members =
      model.catalogue.players(for: model.features).first { $0.name == subject }?.members
      ?? [subject]
    return proxies.filter { members.contains($0.feature) }
  }

  /// What other methods say beside the Shapley values.
  public var evidence: [Explanation] { [surrogate, integratedGradients].compactMap { $0 } }

  /// How far the evidence beside the Shapley values agrees with them.
  public func agreements() throws(ExplanationError) -> [MethodAgreement] {
    var found: [MethodAgreement] = []
    for other in evidence { found.append(try MethodAgreement.between(shapley, other)) }
    return found
  }
}
