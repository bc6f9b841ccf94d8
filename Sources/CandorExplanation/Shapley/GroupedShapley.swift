/// What grouping does to Shapley values.
///
/// A group as one player and the sum of its members' values agree exactly where the score is
/// additive; in general they agree up to the interactions that cross the group's border with three
/// and more players (Owen's and Shapley's values differ). Candor gives a group one player; this
/// measures what the sum would have said.
public enum GroupedShapley {
  /// The comparison for one group.
  public struct Difference: Sendable, Equatable, Codable {
    /// The group's name.
    public let group: String
    /// The group's value as one player.
    public let asPlayer: Double
    /// The sum of its members' values.
    public let sumOfMembers: Double
    /// The standard error of the difference, where both sides have one: an upper bound, the errors
    /// added up.
    public let standardError: Double?
  }

  /// Sums an explanation on source features into groups: exact for additive scores only.
  ///
  /// - Parameters:
  ///   - explanation: An explanation whose players are source features.
  ///   - players: The groups wanted.
  /// - Returns: One attribution a player of `players`; standard errors are the sums of the
  ///   members', an upper bound whatever their correlation.
  /// - Throws: `ExplanationError.unknownFeature` where a member has no attribution.
  public static func sums(
    of explanation: Explanation, into players: Players
  ) throws(ExplanationError) -> [Attribution] {
    var result: [Attribution] = []
    for (name, members) in zip(players.names, players.members) {
      var value = 0.0
      var error: Double? = 0
      for member in members {
        guard let attribution = explanation.attribution(of: member) else {
          throw ExplanationError(
            .unknownFeature,
            "The explanation has no attribution of \"\(member)\"; explain source features first.")
        }
        value += attribution.value
        error = attribution.standardError.flatMap { own in error.map { $0 + own } }
      }
      result.append(Attribution(source: name, value: value, standardError: error))
    }
    return result
  }

  /// Sets groups as players beside the sums of their members.
  ///
  /// - Parameters:
  ///   - grouped: The explanation with groups as players.
  ///   - single: The explanation of the same row with source features as players.
  ///   - players: The players of `grouped`.
  /// - Returns: One difference for each player with more than one member.
  /// - Throws: `ExplanationError` where scales differ or a member is missing.
  public static func differences(
    grouped: Explanation, single: Explanation, players: Players
  ) throws(ExplanationError) -> [Difference] {
    guard grouped.scale == single.scale else {
      throw ExplanationError(
        .mixedScales,
        "Groups on the scale \(grouped.scale.rawValue) cannot be compared with features on "
          + "\(single.scale.rawValue); explain both on one scale.")
    }
    let sums = try Self.sums(of: single, into: players)
    var found: [Difference] = []
    for (position, sum) in sums.enumerated() where players.members[position].count > 1 {
      guard let own = grouped.attribution(of: sum.source) else {
        throw ExplanationError(
          .unknownFeature, "The grouped explanation has no player \"\(sum.source)\".")
      }
      let error = own.standardError.flatMap { a in sum.standardError.map { $0 + a } }
      found.append(
        Difference(
          group: sum.source, asPlayer: own.value, sumOfMembers: sum.value, standardError: error))
    }
    return found
  }
}
