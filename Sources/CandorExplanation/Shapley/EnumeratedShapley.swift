public import CandorData
public import CandorScoring
import CandorNumerics

/// Interventional Shapley values of any scorer by all coalitions, for few players.
///
/// The worth of a coalition S is the mean, over background rows b, of the value of the row that
/// has the applicant's values for S and those of b for the rest; the Shapley value weighs each
/// player's marginal contribution by |S|! (n − |S| − 1)! / n!. Shapley 1953; the marginal game of
/// Janzing, Minorics and Blöbaum 2020, arXiv:1910.13413. The mean over background rows is taken last:
/// in the game of one row only the players that differ from the applicant are tried, which gives the
/// same values from fewer rows.
public enum EnumeratedShapley {
  /// The most players with columns that enumeration takes.
  public static let mostPlayers = 16

  /// How many rows one applicant costs at most: coalitions times background rows.
  public static func cost(players: Players, background: Background) -> Int {
    let active = players.active.count
    return active > 40 ? .max / 2 : (1 << active) * background.count
  }

  /// Explains each row against the background; `2^players · background` model evaluations a row at
  /// most, in batches of four thousand.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: Any scorer.
  ///   - quantity: What is explained.
  ///   - players: Who shares the value; at most `mostPlayers` with encoded columns.
  ///   - background: What the applicants are compared with.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row, errors zero.
  /// - Throws: `ExplanationError` where there are too many players or the scorer refuses.
  public static func explain(
    _ rows: EncodedRows, of scorer: some Scorer, quantity: ExplainedQuantity, players: Players,
    background: Background, threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    try players.check(rows: rows, background: background)
    let active = players.active
    guard active.count <= mostPlayers else {
      throw ExplanationError(
        .unsupported,
        "There are \(active.count) players; all coalitions are tried for \(mostPlayers) at most. "
          + "Use sampled Shapley values or larger groups.")
    }
    let games = try CoalitionGame.games(
      rows, of: scorer, quantity: quantity, players: players, background: background,
      threads: threads)
    var results: [Explanation] = []
    for game in games {
      results.append(
        try exactExplanation(
          of: game, method: .enumeratedShapley, structure: nil, thresholds: thresholds))
    }
    return results
  }

  /// The mean over all background rows of their games' exact values.
  static func exactExplanation<S: Scorer>(
    of game: CoalitionGame<S>, method: ExplanationMethod, structure: CoalitionStructure?,
    thresholds: FidelityThresholds
  ) throws(ExplanationError) -> Explanation {
    let found = try ExactGames.values(
      of: game, rows: Array(0..<game.background.count), structure: structure)
    var values = [Double](repeating: 0, count: game.players.count)
    for player in values.indices {
      values[player] = OrderedReduction.sum(
        found.indices.map { game.shares[$0] * found[$0].values[player] })
    }
    let residual = game.whole.value - game.base - OrderedReduction.sum(values)
    return Explanation(
      method: method, scale: game.quantity.scale, background: game.background,
      baseValue: game.base, explainedValue: game.whole.value,
      attributions: zip(game.players.names, values).map {
        Attribution(source: $0, value: $1, standardError: 0)
      },
      fidelity: try LinearShapley.exactFidelity(
        residual: residual, magnitudes: values + [game.whole.value, game.base],
        thresholds: thresholds))
  }
}

/// Exact values of the games of single background rows.
enum ExactGames {
  /// The values of one row's game: of the explained quantity and of the margin, one a player.
  struct Values: Sendable {
    var values: [Double]
    var margins: [Double]
  }

  /// The most composed rows that are held at a time.
  private static let slab = 1 << 19

  /// The exact values of the games of some background rows, in their order.
  static func values<S: Scorer>(
    of game: CoalitionGame<S>, rows: [Int], structure: CoalitionStructure?
  ) throws(ExplanationError) -> [Values] {
    var results: [Values] = []
    results.reserveCapacity(rows.count)
    var plans: [[[Int]]: CoalitionPlan] = [:]
    var next = 0
    while next < rows.count {
      var members: [(row: Int, plan: CoalitionPlan)] = []
      var filled = 0
      while next < rows.count, members.isEmpty || filled < slab {
        let row = rows[next]
        let differing = game.differing[row]
        let groups = structure?.local(differing)
        // Without groups the number of players says all.
        let key = groups ?? [[differing.count]]
        let plan =
          plans[key]
          ?? (groups.map { CoalitionPlan(groups: $0) }
            ?? CoalitionPlan(players: differing.count))
        plans[key] = plan
        members.append((row, plan))
        filled += plan.coalitions
        next += 1
      }
      results += try values(of: game, members)
    }
    return results
  }

  private static func values<S: Scorer>(
    of game: CoalitionGame<S>, _ members: [(row: Int, plan: CoalitionPlan)]
  ) throws(ExplanationError) -> [Values] {
    // Units of at most one batch, so that a large game is spread over threads as well.
    var units: [(member: Int, places: Range<Int>)] = []
    for (position, member) in members.enumerated() {
      for places in Parallel.blocks(of: member.plan.coalitions, size: CoalitionBatches.rows) {
        units.append((position, places))
      }
    }
    let runs = CoalitionBatches.runs(ofSizes: units.map(\.places.count))
    let applicant = game.applicant[...]
    let references = game.background.rows.matrix
    let (fixed, all) = (units, members)
    let worths = try Parallel.map(count: runs.count, threads: game.threads) {
      run throws(ExplanationError) -> [CoalitionGame<S>.Worth] in
      let own = fixed[runs[run]]
      var batch = FeatureMask(
        players: game.players, capacity: own.reduce(0) { $0 + $1.places.count })
      for unit in own {
        let member = all[unit.member]
        let differing = game.differing[member.row]
        for place in unit.places {
          batch.append(references.row(member.row))
          var coalition = member.plan.coalition(place)
          while coalition != 0 {
            batch.set(player: differing[coalition.trailingZeroBitCount], from: applicant)
            coalition &= coalition - 1
          }
        }
      }
      return try game.worths(of: batch)
    }
    var flat = worths.joined().makeIterator()
    return members.map { member in
      var values: [Double] = []
      var margins: [Double] = []
      values.reserveCapacity(member.plan.coalitions)
      margins.reserveCapacity(member.plan.coalitions)
      for _ in 0..<member.plan.coalitions {
        guard let worth = flat.next() else { break }
        values.append(worth.value)
        margins.append(worth.margin)
      }
      let empty = game.empty[member.row]
      return Values(
        values: spread(
          member.plan.values(of: values, empty: empty.value, whole: game.whole.value), member.row,
          game),
        margins: spread(
          member.plan.values(of: margins, empty: empty.margin, whole: game.whole.margin),
          member.row, game))
    }
  }

  private static func spread<S: Scorer>(
    _ local: [Double], _ row: Int, _ game: CoalitionGame<S>
  ) -> [Double] {
    var result = [Double](repeating: 0, count: game.players.count)
    for (position, player) in game.differing[row].enumerated() {
      result[player] = local[position]
    }
    return result
  }
}
