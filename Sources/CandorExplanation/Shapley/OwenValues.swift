public import CandorData
public import CandorNumerics
public import CandorScoring

/// Owen values of any scorer: Shapley values of players that stand in groups.
///
/// The groups share the value as players of their own (the quotient game), and each group's part is
/// shared among its members, who may join any union of other groups but no part of one. The values of
/// a group's members therefore add up to the Shapley value of the group as one player, which the
/// Shapley values of single features as a rule do not. A player is its mean marginal contribution over
/// the orders in which every group's members are neighbours. Owen, "Values of games with a priori
/// unions", 1977, doi:10.1007/978-3-642-45494-3_7. The game is the marginal (interventional) one.
///
/// Groups of one member each, or one group of all, give the Shapley values.
public enum OwenValues {
  /// The most composed rows for one applicant that are tried one by one rather than sampled.
  public static let mostEnumeratedEvaluations = 1 << 20

  /// Explains each row against the background: exactly where all coalitions that count are few, else
  /// from random orders with standard errors.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: Any scorer.
  ///   - quantity: What is explained.
  ///   - players: Who shares the value; source features, as a rule.
  ///   - groups: Which players stand together, by name; a player in none is a group of its own.
  ///   - background: What the applicants are compared with.
  ///   - options: How many orders, where they are sampled.
  ///   - mostEvaluations: The most model evaluations a row for which all coalitions are tried.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row.
  /// - Throws: `ExplanationError` where a group names no player or names one twice, shapes differ, an
  ///   option is out of range, or the scorer refuses.
  public static func explain(
    _ rows: EncodedRows, of scorer: some Scorer, quantity: ExplainedQuantity, players: Players,
    groups: [PlayerGroup], background: Background, options: SampledShapleyOptions = .init(),
    mostEvaluations: Int = mostEnumeratedEvaluations, seeds: SeedTree, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    let options = try options.validated()
    let structure = try Self.structure(players: players, groups: groups)
    let games = try CoalitionGame.games(
      rows, of: scorer, quantity: quantity, players: players, background: background,
      threads: threads)
    let purpose = seeds.child("owen")
    var results: [Explanation] = []
    for game in games {
      let costs = game.differing.map {
        CoalitionPlan.cost(players: $0.count, groups: structure.local($0))
      }
      let isSmall =
        costs.allSatisfy { $0 <= mostEvaluations } && costs.reduce(0, +) <= mostEvaluations
      if isSmall {
        results.append(
          try EnumeratedShapley.exactExplanation(
            of: game, method: .owenValues, structure: structure, thresholds: thresholds))
      } else {
        results.append(
          try SampledShapley.explanation(
            of: game, method: .owenValues, structure: structure, control: nil, options: options,
            seeds: purpose.child(row: game.applicant), thresholds: thresholds, isOutOfTime: nil))
      }
    }
    return results
  }

  private static func structure(
    players: Players, groups: [PlayerGroup]
  ) throws(ExplanationError) -> CoalitionStructure {
    var groupOf: [Int?] = Array(repeating: nil, count: players.count)
    for (position, group) in groups.enumerated() {
      for member in group.members {
        guard let player = players.names.firstIndex(of: member) else {
          throw ExplanationError(
            .unknownFeature,
            "The group \"\(group.name)\" names \"\(member)\", which is no player; name players of "
              + "this explanation.")
        }
        guard groupOf[player] == nil else {
          throw ExplanationError(
            .badOption,
            "The player \"\(member)\" stands in a group twice; a player has one group at most.")
        }
        groupOf[player] = position
      }
    }
    var count = groups.count
    let all = groupOf.map { group in
      if let group { return group }
      count += 1
      return count - 1
    }
    return CoalitionStructure(groupOf: all, count: count)
  }
}
