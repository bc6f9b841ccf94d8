import CandorData
import CandorNumerics

/// The sufficiency test of printed reasons: would the applicant have been approved with the
/// reference's values of the printed factors?
public struct ReasonVerification: Sendable, Equatable, Codable {
  /// The factors that were moved.
  public let moved: [String]
  /// The applicant's value.
  public let value: Double
  /// The weighted mean value once the factors have each reference row's values in turn.
  public let meanAfter: Double
  /// Whether that mean is on the approving side.
  public let flips: Bool
  /// The weighted share of reference rows whose values of the factors give approval.
  public let shareApproved: Double

  /// Moves the printed factors of one applicant to the reference; one batch of reference size.
  ///
  /// - Parameters:
  ///   - reasons: The printed factors: names of players.
  ///   - applicant: The applicant's encoded row.
  ///   - model: The score function, on the scale of `refusedFrom`.
  ///   - players: The players, by whose encoded columns factors move.
  ///   - reference: The reference.
  ///   - refusedFrom: The value from which on an applicant is refused.
  /// - Returns: What happened to the value.
  /// - Throws: `ExplanationError.unknownFeature` where a factor is no player and no member of one
  ///   as a whole.
  public static func verify(
    reasons: [String], applicant: [Double], model: ExplainedModel, players: Players,
    reference: Background, refusedFrom: Double
  ) throws(ExplanationError) -> ReasonVerification {
    let moving = try reasons.map { reason throws(ExplanationError) in
      try players.position(ofReason: reason)
    }
    let found = try FactorMoves(model, players: players, reference: reference).outcomes(
      of: [[moving]], rows: EncodedRows(row: applicant), limit: refusedFrom)
    return ReasonVerification(
      reasons, value: found.values[0], found.outcomes[0][0], refusedFrom: refusedFrom)
  }

  /// What a move of all printed factors together says of them.
  init(_ reasons: [String], value: Double, _ move: FactorMove, refusedFrom: Double) {
    moved = reasons
    self.value = value
    meanAfter = move.mean
    flips = move.mean < refusedFrom
    shareApproved = move.shareBelow
  }

  /// The share of refusals whose printed reasons suffice; nil for none.
  public static func flipRate(_ verifications: [ReasonVerification]) -> Double? {
    verifications.isEmpty
      ? nil : Double(verifications.count { $0.flips }) / Double(verifications.count)
  }
}
