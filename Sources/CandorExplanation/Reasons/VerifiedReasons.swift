public import CandorData

/// Printed reasons, each tried alone and all tried together on the model.
public struct VerifiedReasons: Sendable, Equatable, Codable {
  /// What each printed factor does alone, moved to the reference.
  public let directions: [ReasonDirection]
  /// What all of them do together.
  public let sufficiency: ReasonVerification
}

extension FactorMoves {
  /// Verifies the printed reasons of many applicants at once.
  ///
  /// - Parameters:
  ///   - printed: The printed factors of each applicant, names of players; nil where there is no list.
  ///   - rows: The applicants, encoded.
  ///   - refusedFrom: The value from which on an applicant is refused, on the model's scale.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: One entry an applicant, nil without a list.
  /// - Throws: `ExplanationError.unknownFeature` where a factor is no player; as `outcomes` does.
  public func verify(
    _ printed: [[String]?], rows: EncodedRows, refusedFrom: Double, threads: Int = 1
  ) throws(ExplanationError) -> [VerifiedReasons?] {
    var moves: [[[Int]]] = []
    for list in printed {
      var positions: [Int] = []
      for subject in list ?? [] { positions.append(try players.position(ofReason: subject)) }
      moves.append(list == nil ? [] : positions.map { [$0] } + [positions])
    }
    let found = try outcomes(of: moves, rows: rows, limit: refusedFrom, threads: threads)
    return printed.indices.map { row in
      guard let list = printed[row], let together = found.outcomes[row].last else { return nil }
      return VerifiedReasons(
        directions: zip(list, found.outcomes[row]).map { ReasonDirection($0, $1) },
        sufficiency: ReasonVerification(
          list, value: found.values[row], together, refusedFrom: refusedFrom))
    }
  }
}
