public import CandorData
public import CandorNumerics
public import CandorScoring

/// Interventional Shapley values of any scorer from antithetic pairs of random orders, with
/// standard errors.
///
/// For a background row b and an order of the players, each player's marginal contribution is the
/// change of the value when the player switches from b's values to the applicant's. Draw k is a
/// background row with an order and its reverse (Mitchell, Cooper, Frank and Holmes, "Sampling
/// permutations for Shapley value estimation", JMLR 23, 2022).
///
/// Two control variates take out what can be had exactly:
/// 1. for every background row and player the mean of the first and the last marginal
///    contribution, `½ (v({j}) − v(∅) + v(N) − v(N∖{j}))`, which is the Shapley value itself where no
///    more than two players interact; its mean over the background is computed in full, and only
///    the rest is sampled;
/// 2. the sum of that rest over the players, whose mean over the background is known too. Removing
///    it by regression makes the estimate additive whatever the draws.
///
/// So additive scores and scores with pairwise interactions have no sampling error, and the
/// standard error of the others speaks of interactions among three and more players only.
public enum SampledShapley {
  /// The fewest rows that one batch should have.
  private static let batchRows = 2048

  /// Explains each row against the background.
  ///
  /// Costs `2 · players · background + 2 (players − 3) · pairs` model evaluations a row, in batches
  /// of about two thousand. The draws of a row depend on the seeds and on the row's values, not on
  /// its place among the rows.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: Any scorer.
  ///   - quantity: What is explained.
  ///   - players: Who shares the value.
  ///   - background: What the applicants are compared with.
  ///   - options: How many orders.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row, with standard errors.
  /// - Throws: `ExplanationError` where an option is out of range, shapes differ, or the scorer
  ///   refuses.
  public static func explain(
    _ rows: EncodedRows, of scorer: some Scorer, quantity: ExplainedQuantity, players: Players,
    background: Background, options: SampledShapleyOptions = .init(), seeds: SeedTree,
    threads: Int = 1, thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    let options = try options.validated()
    try players.check(rows: rows, background: background)
    let baseValues = try scorer.values(of: background.rows, as: quantity)
    let explained = try scorer.values(of: rows, as: quantity)
    var results: [Explanation] = []
    results.reserveCapacity(rows.count)
    for r in 0..<rows.count {
      let game = Game(
        scorer: scorer, quantity: quantity, players: players, active: players.active,
        background: background, applicant: Array(rows.matrix.row(r)), baseValues: baseValues,
        explained: explained[r], threads: threads)
      let estimate = try estimate(
        game, options: options, seeds: seeds.child("shapley").child(row: rows.matrix.row(r)))
      results.append(
        explanation(
          estimate, game: game, options: options, thresholds: thresholds))
    }
    return results
  }

  // MARK: - The game of one applicant

  /// One applicant against the background.
  private struct Game<S: Scorer>: Sendable {
    let scorer: S
    let quantity: ExplainedQuantity
    let players: Players
    let active: [Int]
    let background: Background
    let applicant: [Double]
    let baseValues: [Double]
    let explained: Double
    let threads: Int
  }

  /// First and last marginal contributions for every background row: places `b · players + j`.
  private struct Ends: Sendable {
    var alone: [Double]
    var allBut: [Double]

    func halfSum(_ place: Int, base: Double, full: Double) -> Double {
      0.5 * (alone[place] - base + full - allBut[place])
    }
  }

  private static func ends<S: Scorer>(_ game: Game<S>) throws(ExplanationError) -> Ends {
    let count = game.active.count
    guard count > 0 else { return Ends(alone: [], allBut: []) }
    let blocks = Parallel.blocks(
      of: game.background.count, size: max(1, batchRows / (2 * count)))
    let scored = try Parallel.map(count: blocks.count, threads: game.threads) {
      block throws(ExplanationError) -> [Double] in
      let applicant = game.applicant[...]
      var batch = FeatureMask(
        players: game.players, capacity: blocks[block].count * 2 * count)
      for b in blocks[block] {
        let reference = game.background.rows.matrix.row(b)
        for player in game.active {
          batch.append(reference)
          batch.set(player: player, from: applicant)
        }
        for player in game.active {
          batch.append(applicant)
          batch.set(player: player, from: reference)
        }
      }
      return try game.scorer.values(of: try batch.rows(), as: game.quantity)
    }
    var ends = Ends(alone: [], allBut: [])
    for values in scored {
      for start in stride(from: 0, to: values.count, by: 2 * count) {
        ends.alone.append(contentsOf: values[start..<start + count])
        ends.allBut.append(contentsOf: values[start + count..<start + 2 * count])
      }
    }
    return ends
  }

  // MARK: - The draws

  /// The rest of one pair of orders for every active player.
  private static func rests<S: Scorer>(
    _ game: Game<S>, ends: Ends, draws: Range<Int>, draw: WeightedDraw, seeds: SeedTree
  ) throws(ExplanationError) -> [[Double]] {
    let count = game.active.count
    let inner = max(count - 3, 0)
    let blocks = Parallel.blocks(of: draws.count, size: max(1, batchRows / max(2 * inner, 1)))
    return try Parallel.map(count: blocks.count, threads: game.threads) {
      block throws(ExplanationError) -> [[Double]] in
      let applicant = game.applicant[...]
      var orders: [[Int]] = []
      var references: [Int] = []
      var batch = FeatureMask(
        players: game.players, capacity: blocks[block].count * 2 * inner)
      for k in blocks[block] {
        var generator = seeds.child(draws.lowerBound + k).generator()
        let reference = draw.next(&generator)
        let order = Sampling.permutation(count, using: &generator)
        references.append(reference)
        for sequence in [order, order.reversed()] {
          orders.append(sequence)
          guard inner > 0 else { continue }
          // Coalitions of two to count − 2 players; the ends are known.
          batch.append(game.background.rows.matrix.row(reference))
          batch.set(player: game.active[sequence[0]], from: applicant)
          batch.set(player: game.active[sequence[1]], from: applicant)
          for position in 2..<count - 2 {
            batch.appendCopyOfLast()
            batch.set(player: game.active[sequence[position]], from: applicant)
          }
        }
      }
      let values =
        inner > 0 ? try game.scorer.values(of: try batch.rows(), as: game.quantity) : []
      return (0..<references.count).map { position in
        let b = references[position]
        var rest = [Double](repeating: 0, count: count)
        for side in 0..<2 {
          let sequence = orders[2 * position + side]
          let start = (2 * position + side) * inner
          var before = game.baseValues[b]
          for step in 0..<count {
            let player = sequence[step]
            let after: Double
            if step == count - 1 {
              after = game.explained
            } else if step == 0 {
              after = ends.alone[b * count + player]
            } else if step == count - 2 {
              after = ends.allBut[b * count + sequence[count - 1]]
            } else {
              after = values[start + step - 1]
            }
            rest[player] += 0.5 * (after - before)
            before = after
          }
        }
        for player in 0..<count {
          rest[player] -= ends.halfSum(
            b * count + player, base: game.baseValues[b], full: game.explained)
        }
        return rest
      }
    }.flatMap { $0 }
  }

  /// What the draws say.
  private struct Estimate {
    var values: [Double]
    var errors: [Double]
    var splitHalf: Double
    var pairs: Int
    var evaluations: Int
    var reachedTarget: Bool
  }

  private static func estimate<S: Scorer>(
    _ game: Game<S>, options: SampledShapleyOptions, seeds: SeedTree
  ) throws(ExplanationError) -> Estimate {
    let count = game.active.count
    let rowCount = game.background.count
    let ends = try ends(game)
    let known = (0..<count).map { player in
      game.background.mean(
        of: (0..<rowCount).map {
          ends.halfSum(
            $0 * count + player, base: game.baseValues[$0], full: game.explained)
        })
    }
    let base = game.background.mean(of: game.baseValues)
    let ended = rowCount * (2 * count + 1) + 1
    guard count > 2 else {
      // One or two players: first and last contributions are all there is.
      return Estimate(
        values: known, errors: Array(repeating: 0, count: count), splitHalf: 0, pairs: 0,
        evaluations: ended, reachedTarget: true)
    }
    let wantedSum = game.explained - base - OrderedReduction.sum(known)
    let draw = WeightedDraw(game.background)
    var rests: [[Double]] = []
    while true {
      let next = min(
        options.targetStandardError == nil ? options.pairs : options.round,
        options.pairs - rests.count)
      rests += try Self.rests(
        game, ends: ends, draws: rests.count..<rests.count + next, draw: draw, seeds: seeds)
      let (corrections, errors) = regressed(rests[...], wantedSum: wantedSum)
      let target = options.targetStandardError ?? .infinity
      let reached = (errors.max() ?? 0) <= target
      if (reached && options.targetStandardError != nil) || rests.count >= options.pairs {
        let middle = rests.count / 2
        let (first, _) = regressed(rests[..<middle], wantedSum: wantedSum)
        let (second, _) = regressed(rests[middle...], wantedSum: wantedSum)
        return Estimate(
          values: zip(known, corrections).map { $0 + $1 }, errors: errors,
          splitHalf: zip(first, second).map { abs($0 - $1) }.max() ?? 0, pairs: rests.count,
          evaluations: ended + rests.count * 2 * max(count - 3, 0), reachedTarget: reached)
      }
    }
  }

  /// Means of the rests, moved along the regression on their sum to the known sum; and standard
  /// errors of the result.
  ///
  /// The coefficients add up to one, since the rests add up to the regressor: the moved means add
  /// up to `wantedSum` exactly.
  private static func regressed(
    _ rests: ArraySlice<[Double]>, wantedSum: Double
  ) -> (means: [Double], errors: [Double]) {
    guard let players = rests.first?.count else { return ([], []) }
    let n = Double(rests.count)
    let totals = rests.map { $0.reduce(0, +) }
    let totalMean = OrderedReduction.sum(totals) / n
    let totalSquares = OrderedReduction.sum(totals.map { ($0 - totalMean) * ($0 - totalMean) })
    var means: [Double] = []
    var errors: [Double] = []
    for player in 0..<players {
      let own = rests.map { $0[player] }
      let mean = OrderedReduction.sum(own) / n
      var slope = 1 / Double(players)
      if totalSquares > 0 {
        slope =
          OrderedReduction.sum(
            zip(own, totals).map { ($0 - mean) * ($1 - totalMean) }) / totalSquares
      }
      let left = OrderedReduction.sum(
        zip(own, totals).map { value, total in
          let deviation = value - mean - slope * (total - totalMean)
          return deviation * deviation
        })
      // The gap's own square is the usual term of a prediction away from the mean of a regressor.
      let gap = wantedSum - totalMean
      let leverage = totalSquares > 0 ? gap * gap / totalSquares : 0
      means.append(mean + slope * gap)
      errors.append((left / max(n - 2, 1) * (1 / n + leverage)).squareRoot())
    }
    return (means, errors)
  }

  private static func explanation<S: Scorer>(
    _ estimate: Estimate, game: Game<S>, options: SampledShapleyOptions,
    thresholds: FidelityThresholds
  ) -> Explanation {
    var values = [Double](repeating: 0, count: game.players.count)
    var errors = values
    for (position, player) in game.active.enumerated() {
      values[player] = estimate.values[position]
      errors[player] = estimate.errors[position]
    }
    let base = game.background.mean(of: game.baseValues)
    let largest = errors.max() ?? 0
    let total = values.reduce(0) { $0 + abs($1) }
    let evidence = SampledEvidence(
      pairs: estimate.pairs, evaluations: estimate.evaluations, largestStandardError: largest,
      relativeStandardError: total > 0 ? largest / total : 0,
      splitHalfDifference: estimate.splitHalf,
      residual: game.explained - base - OrderedReduction.sum(values),
      reachedTarget: estimate.reachedTarget)
    return Explanation(
      method: .sampledShapley, scale: game.quantity.scale, background: game.background,
      baseValue: base, explainedValue: game.explained,
      attributions: (0..<values.count).map {
        Attribution(
          source: game.players.names[$0], value: values[$0], standardError: errors[$0])
      }, fidelity: Fidelity(.sampled(evidence), thresholds: thresholds))
  }
}
