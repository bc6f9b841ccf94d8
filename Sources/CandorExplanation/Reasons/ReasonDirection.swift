import CandorData
import CandorNumerics

/// The direction of one printed reason, verified on the model: what happens to the applicant's value
/// when this factor alone has the reference's values.
///
/// A contribution is an average over coalitions; a letter that says a factor spoke against the
/// applicant is held to the plainest coalition as well, the applicant as it is.
public struct ReasonDirection: Sendable, Equatable, Codable {
  /// The factor that was moved.
  public let subject: String
  /// The weighted mean change of the value; negative is towards approval.
  public let meanChange: Double
  /// The weighted share of reference rows whose value of the factor lowers the applicant's value.
  public let shareLowered: Double
  /// Whether the mean change is towards approval, as the reason says.
  public let agrees: Bool

  /// Moves each printed factor alone to the reference; one batch of reference size a factor.
  ///
  /// - Parameters:
  ///   - subjects: The printed factors: names of players.
  ///   - applicant: The applicant's encoded row.
  ///   - model: The score function.
  ///   - players: The players, by whose encoded columns factors move.
  ///   - reference: The reference.
  /// - Returns: One direction a factor, in order.
  /// - Throws: `ExplanationError.unknownFeature` where a factor is no player; as the model does.
  public static func verify(
    _ subjects: [String], applicant: [Double], model: ExplainedModel, players: Players,
    reference: Background
  ) throws(ExplanationError) -> [ReasonDirection] {
    let own = EncodedRows(row: applicant)
    try players.check(rows: own, background: reference)
    let value = try model.values(of: own)[0]
    var directions: [ReasonDirection] = []
    for subject in subjects {
      guard let player = players.names.firstIndex(of: subject) else {
        throw ExplanationError(
          .unknownFeature, "The reason \"\(subject)\" is no player; verify with the reasons' own.")
      }
      var batch = FeatureMask(players: players, capacity: reference.count)
      for b in 0..<reference.count {
        batch.append(applicant[...])
        batch.set(player: player, from: reference.rows.matrix.row(b))
      }
      let changes = try model.values(of: try batch.rows()).map { $0 - value }
      let mean = reference.mean(of: changes)
      directions.append(
        ReasonDirection(
          subject: subject, meanChange: mean,
          shareLowered: reference.mean(of: changes.map { $0 < 0 ? 1 : 0 }), agrees: mean < 0))
    }
    return directions
  }
}
