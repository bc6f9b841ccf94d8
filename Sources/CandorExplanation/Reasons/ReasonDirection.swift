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
    let moves = try subjects.map { subject throws(ExplanationError) in
      [try players.position(ofReason: subject)]
    }
    let found = try FactorMoves(model, players: players, reference: reference).outcomes(
      of: [moves], rows: EncodedRows(row: applicant), limit: 0)
    return zip(subjects, found.outcomes[0]).map { ReasonDirection($0, $1) }
  }

  /// What a move of one factor alone says of it.
  init(_ subject: String, _ move: FactorMove) {
    self.subject = subject
    meanChange = move.meanChange
    shareLowered = move.shareLowered
    agrees = move.meanChange < 0
  }
}

extension Players {
  /// The position of the player that a printed reason names.
  func position(ofReason subject: String) throws(ExplanationError) -> Int {
    guard let player = names.firstIndex(of: subject) else {
      throw ExplanationError(
        .unknownFeature, "The reason \"\(subject)\" is no player; verify with the reasons' own.")
    }
    return player
  }
}
