public import CandorData
public import CandorNumerics
public import CandorScoring

/// Interventional Shapley values of any scorer from random orders of the players, with standard
/// errors.
///
/// For a background row and an order of the players, a player's marginal contribution is the change
/// of the value when the player switches from the row's values to the applicant's, those before it
/// in the order having switched already. Štrumbelj and Kononenko 2014,
/// doi:10.1007/s10115-013-0679-x. Two things keep the error small, and its estimate honest:
///
/// 1. Orders come in pairs with their reverses (Mitchell, Cooper, Frank and Holmes, JMLR 23, 2022),
///    so that effects of one and of two players have no error.
/// 2. The background is a set of strata, not a population to draw from: every row gets the same
///    number of pairs, two at least, and counts with its weight. Only the choice of orders is left to
///    chance; the error is `√(Σ weight² · variance within the row / pairs of the row)`, which no rare
///    background row can hide from.
///
/// Within a pair the contributions add up to the applicant's value less the row's, so that the
/// estimate is additive whatever the draws.
public enum SampledShapley {
  /// The fewest rows that one batch should have.
  private static let batchRows = 2048

  /// The pairs that each background row gets for a wanted number of pairs in all.
  static func pairsEach(for pairs: Int, background: Background) -> Int {
    max(2, (pairs + background.count - 1) / background.count)
  }

  /// Explains each row against the background.
  ///
  /// Costs `2 (players − 1) · pairs` model evaluations a row, in batches of about two thousand; with
  /// one or two players there is nothing to sample. The draws of a row depend on the seeds and on the
  /// row's values, not on its place among the rows.
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
        explained: explained[r], threads: threads,
        seeds: seeds.child("shapley").child(row: rows.matrix.row(r)))
      results.append(try explanation(of: game, options: options, thresholds: thresholds))
    }
    return results
  }

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
    let seeds: SeedTree

    /// How many coalitions between none and all one order passes through.
    var inner: Int { max(active.count - 1, 0) }
  }

  /// The contributions of one pair of orders, the mean of both, for every active player; pair k
  /// belongs to background row `k mod rows`.
  private static func contributions<S: Scorer>(
    _ game: Game<S>, pairs: Range<Int>
  ) throws(ExplanationError) -> [[Double]] {
    let inner = game.inner
    let blocks = Parallel.blocks(of: pairs.count, size: max(1, batchRows / max(2 * inner, 1)))
    return try Parallel.map(count: blocks.count, threads: game.threads) {
      block throws(ExplanationError) -> [[Double]] in
      let drawn = blocks[block].map { pairs.lowerBound + $0 }
      let applicant = game.applicant[...]
      var orders: [[Int]] = []
      var batch = FeatureMask(players: game.players, capacity: drawn.count * 2 * inner)
      for pair in drawn {
        var generator = game.seeds.child(pair).generator()
        let order = Sampling.permutation(game.active.count, using: &generator)
        let reference = game.background.rows.matrix.row(pair % game.background.count)
        for sequence in [order, order.reversed()] {
          orders.append(sequence)
          for step in 0..<inner {
            if step == 0 { batch.append(reference) } else { batch.appendCopyOfLast() }
            batch.set(player: game.active[sequence[step]], from: applicant)
          }
        }
      }
      let values =
        inner > 0 ? try game.scorer.values(of: try batch.rows(), as: game.quantity) : []
      return drawn.indices.map { position in
        var own = [Double](repeating: 0, count: game.active.count)
        for side in [2 * position, 2 * position + 1] {
          var before = game.baseValues[drawn[position] % game.background.count]
          for (step, player) in orders[side].enumerated() {
            let after = step < inner ? values[side * inner + step] : game.explained
            own[player] += 0.5 * (after - before)
            before = after
          }
        }
        return own
      }
    }.flatMap { $0 }
  }

  /// What the draws say about the active players.
  private struct Estimate {
    var values: [Double]
    var errors: [Double]
    var quantiles: [Double]
  }

  /// The stratified mean of some of each row's pairs, its standard error, and the quantile of the
  /// 95% interval.
  ///
  /// Where few rows make up the variance, it is known from few draws: the quantile is Student's with
  /// the degrees of freedom of Satterthwaite 1946, doi:10.2307/3002019, in the form that is not biased
  /// for few draws a stratum, `(Σ v)² / Σ (v² / (m + 1)) − 2`.
  private static func estimate<S: Scorer>(
    _ game: Game<S>, _ drawn: [[Double]], pairsOfRow: Range<Int>
  ) -> Estimate {
    let rows = game.background.count
    let weights = game.background.weights ?? Array(repeating: 1, count: rows)
    let total = OrderedReduction.sum(weights)
    let m = Double(pairsOfRow.count)
    var values: [Double] = []
    var errors: [Double] = []
    var quantiles: [Double] = []
    for player in game.active.indices {
      var means: [Double] = []
      var variances: [Double] = []
      for b in 0..<rows {
        let share = weights[b] / total
        var sum = 0.0
        for k in pairsOfRow { sum += drawn[k * rows + b][player] }
        let mean = sum / m
        var squares = 0.0
        for k in pairsOfRow {
          let deviation = drawn[k * rows + b][player] - mean
          squares += deviation * deviation
        }
        means.append(share * mean)
        variances.append(m > 1 ? share * share * squares / (m - 1) / m : 0)
      }
      values.append(OrderedReduction.sum(means))
      let variance = OrderedReduction.sum(variances)
      errors.append(variance.squareRoot())
      let fourth = OrderedReduction.sum(variances.map { $0 * $0 / (m + 1) })
      let freedom = fourth > 0 ? max(variance * variance / fourth - 2, 1) : .infinity
      quantiles.append(
        freedom < 1000
          ? StudentT.quantile(0.975, degreesOfFreedom: freedom) : NormalQuantile.of95)
    }
    return Estimate(values: values, errors: errors, quantiles: quantiles)
  }

  private static func explanation<S: Scorer>(
    of game: Game<S>, options: SampledShapleyOptions, thresholds: FidelityThresholds
  ) throws(ExplanationError) -> Explanation {
    let rows = game.background.count
    // A pair of orders is all orders of one or two players.
    let needsSampling = game.active.count > 2
    var each = needsSampling ? pairsEach(for: options.pairs, background: game.background) : 1
    var drawn = try contributions(game, pairs: 0..<each * rows)
    var found = estimate(game, drawn, pairsOfRow: 0..<each)
    let target = options.targetStandardError ?? .infinity
    while needsSampling, (found.errors.max() ?? 0) > target, 2 * each * rows <= options.mostPairs {
      drawn += try contributions(game, pairs: each * rows..<2 * each * rows)
      each *= 2
      found = estimate(game, drawn, pairsOfRow: 0..<each)
    }
    var splitHalf = 0.0
    if needsSampling {
      let first = estimate(game, drawn, pairsOfRow: 0..<each / 2)
      let second = estimate(game, drawn, pairsOfRow: each / 2..<each)
      splitHalf = zip(first.values, second.values).map { abs($0 - $1) }.max() ?? 0
    }
    var values = [Double](repeating: 0, count: game.players.count)
    var errors = values
    var quantiles = values
    for (position, player) in game.active.enumerated() {
      values[player] = found.values[position]
      errors[player] = found.errors[position]
      quantiles[player] = found.quantiles[position]
    }
    let base = game.background.mean(of: game.baseValues)
    let largest = errors.max() ?? 0
    let total = values.reduce(0) { $0 + abs($1) }
    let evidence = SampledEvidence(
      pairs: each * rows, evaluations: rows + 1 + each * rows * 2 * game.inner,
      largestStandardError: largest, relativeStandardError: total > 0 ? largest / total : 0,
      splitHalfDifference: splitHalf,
      residual: game.explained - base - OrderedReduction.sum(values),
      reachedTarget: largest <= target)
    return Explanation(
      method: .sampledShapley, scale: game.quantity.scale, background: game.background,
      baseValue: base, explainedValue: game.explained,
      attributions: (0..<values.count).map {
        Attribution(
          source: game.players.names[$0], value: values[$0], standardError: errors[$0],
          quantile: quantiles[$0])
      }, fidelity: Fidelity(.sampled(evidence), thresholds: thresholds))
  }
}
