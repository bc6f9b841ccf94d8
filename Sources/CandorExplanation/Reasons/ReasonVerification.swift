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
    let own = EncodedRows(row: applicant)
    try players.check(rows: own, background: reference)
    var moving: [Int] = []
    for reason in reasons {
      guard let player = players.names.firstIndex(of: reason) else {
        throw ExplanationError(
          .unknownFeature, "The reason \"\(reason)\" is no player; verify with the reasons' own.")
      }
      moving.append(player)
    }
    var batch = FeatureMask(players: players, capacity: reference.count)
    for b in 0..<reference.count {
      batch.append(applicant[...])
      for player in moving { batch.set(player: player, from: reference.rows.matrix.row(b)) }
    }
    let values = try model.values(of: try batch.rows())
    let mean = reference.mean(of: values)
    return ReasonVerification(
      moved: reasons, value: try model.values(of: own)[0], meanAfter: mean,
      flips: mean < refusedFrom,
      shareApproved: reference.mean(of: values.map { $0 < refusedFrom ? 1 : 0 }))
  }

  /// The share of refusals whose printed reasons suffice; nil for none.
  public static func flipRate(_ verifications: [ReasonVerification]) -> Double? {
    verifications.isEmpty
      ? nil : Double(verifications.count { $0.flips }) / Double(verifications.count)
  }
}
