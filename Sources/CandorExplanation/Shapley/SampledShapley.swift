public import CandorData
public import CandorNumerics
public import CandorScoring

/// Interventional Shapley values of any scorer from random orders of the players, with standard
/// errors.
///
/// For a background row and an order of the players, a player's marginal contribution is the change
/// of the value when the player switches from the row's values to the applicant's, those before it
/// in the order having switched already. Štrumbelj and Kononenko 2014,
/// doi:10.1007/s10115-013-0679-x. These things keep the error small, and its estimate honest:
///
/// 1. Orders come in pairs with their reverses (Mitchell, Cooper, Frank and Holmes, JMLR 23, 2022),
///    so that effects of one and of two players have no error.
/// 2. The background is a set of strata, not a population to draw from: every row gets the same
///    number of pairs, two at least, and counts with its weight. Only the choice of orders is left to
///    chance; the error is `√(Σ weight² · variance within the row / pairs of the row)`, which no rare
///    background row can hide from.
/// 3. Players in whom the applicant and a background row agree are not played against that row, and
///    a row with few others is played out in full where that costs no more than its draws.
/// 4. Exact values of the raw margin may serve as a control variate (`ControlVariate`); where they are
///    of trees, the margins along an order come from one walk down each tree, not from scored rows.
///
/// Within a pair the contributions add up to the applicant's value less the row's, so that the
/// estimate is additive whatever the draws.
public enum SampledShapley {
  /// The pairs that each background row gets for a wanted number of pairs in all.
  static func pairsEach(for pairs: Int, background: Background) -> Int {
    max(2, (pairs + background.count - 1) / background.count)
  }

  /// Explains each row against the background.
  ///
  /// Costs at most `2 (players − 1) · pairs` model evaluations a row, in batches of about a
  /// thousand; with one or two players there is nothing to sample. The draws of a row depend on the
  /// seeds and on the row's values, not on its place among the rows.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: Any scorer.
  ///   - quantity: What is explained.
  ///   - players: Who shares the value.
  ///   - background: What the applicants are compared with.
  ///   - options: How many orders.
  ///   - control: Exact values of the raw margin; nil where none are known.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  ///   - isOutOfTime: Asked before each further look of each row whether to make do with what there
  ///     is; an answer that depends on a clock makes the result depend on it too.
  /// - Returns: One explanation a row, with standard errors.
  /// - Throws: `ExplanationError` where an option is out of range, shapes differ, the control's values
  ///   do not belong to the game, or the scorer refuses.
  public static func explain(
    _ rows: EncodedRows, of scorer: some Scorer, quantity: ExplainedQuantity, players: Players,
    background: Background, options: SampledShapleyOptions = .init(),
    control: ControlVariate? = nil, seeds: SeedTree, threads: Int = 1,
    thresholds: FidelityThresholds = .standard, isOutOfTime: (() -> Bool)? = nil
  ) throws(ExplanationError) -> [Explanation] {
    let options = try options.validated()
    let games = try CoalitionGame.games(
      rows, of: scorer, quantity: quantity, players: players, background: background,
      threads: threads, trees: control?.game)
    let purpose = seeds.child("shapley")
    var results: [Explanation] = []
    results.reserveCapacity(rows.count)
    for (row, game) in games.enumerated() {
      let applied = try control?.applied(to: game, row: row)
      results.append(
        try explanation(
          of: game, method: .sampledShapley, structure: nil, control: applied, options: options,
          seeds: purpose.child(row: game.applicant), thresholds: thresholds,
          isOutOfTime: isOutOfTime))
    }
    return results
  }

  /// Draws until everything asked for holds or the budget is spent.
  static func explanation<S: Scorer>(
    of game: CoalitionGame<S>, method: ExplanationMethod, structure: CoalitionStructure?,
    control: ControlVariate.Applied?, options: SampledShapleyOptions, seeds: SeedTree,
    thresholds: FidelityThresholds, isOutOfTime: (() -> Bool)?
  ) throws(ExplanationError) -> Explanation {
    let rows = game.background.count
    var each = pairsEach(for: options.pairs, background: game.background)
    var draws = ShapleyDraws(of: game)
    try draws.draw(upTo: each, game: game, structure: structure, seeds: seeds)
    var estimate = ShapleyEstimate(draws, game: game, control: control)
    let goal = SamplingGoal(options: options, firstPairs: each * rows)
    var stop: SamplingStop = options.hasTarget ? .target : .drawn
    while !draws.sampled.isEmpty, let growth = goal.growth(after: estimate) {
      let wanted = min(
        max(each + 1, Int((Double(each) * growth).rounded(.up))), options.mostPairs / rows)
      guard wanted > each else {
        stop = .pairs
        break
      }
      if let most = options.mostEvaluations,
        draws.evaluations + draws.cost(of: wanted, game: game, structure: structure) > most
      {
        stop = .evaluations
        break
      }
      if let isOutOfTime, isOutOfTime() {
        stop = .time
        break
      }
      each = wanted
      try draws.draw(upTo: each, game: game, structure: structure, seeds: seeds)
      estimate = ShapleyEstimate(draws, game: game, control: control)
    }
    let largest = estimate.errors.max() ?? 0
    let total = estimate.values.reduce(0) { $0 + abs($1) }
    let evidence = SampledEvidence(
      pairs: draws.pairs, evaluations: rows + 1 + draws.evaluations,
      largestStandardError: largest, relativeStandardError: total > 0 ? largest / total : 0,
      splitHalfDifference: estimate.splitHalfDifference,
      residual: game.whole.value - game.base - OrderedReduction.sum(estimate.values),
      reachedTarget: stop == .drawn || stop == .target, stop: stop,
      varianceRatio: estimate.varianceRatio,
      orderIsCertain: options.certainOrder.map { _ in
        draws.sampled.isEmpty || goal.orderIsCertain(estimate)
      })
    return Explanation(
      method: method, scale: game.quantity.scale, background: game.background,
      baseValue: game.base, explainedValue: game.whole.value,
      attributions: estimate.values.indices.map {
        Attribution(
          source: game.players.names[$0], value: estimate.values[$0],
          standardError: estimate.errors[$0], quantile: estimate.quantiles[$0])
      }, fidelity: Fidelity(.sampled(evidence), thresholds: thresholds))
  }
}

/// Whether draws are enough for what was asked, and if not, how many more to take.
struct SamplingGoal {
  let options: SampledShapleyOptions
  /// How many looks at the draws the budget allows if each doubles them and the last takes the rest.
  let looks: Int

  init(options: SampledShapleyOptions, firstPairs: Int) {
    self.options = options
    var (looks, pairs) = (1, firstPairs)
    while 2 * pairs <= options.mostPairs {
      pairs *= 2
      looks += 1
    }
    self.looks = pairs < options.mostPairs ? looks + 1 : looks
  }

  /// By what factor the draws should grow; nil where nothing asked for is missing.
  ///
  /// The error falls with the root of the draws, so that a wanted error says how many it takes; the
  /// factor is kept from 1.25 to 2, since an error known from few draws may mislead.
  func growth(after estimate: ShapleyEstimate) -> Double? {
    let largest = estimate.errors.max() ?? 0
    var excess = 0.0
    if let target = options.targetStandardError { excess = max(excess, largest / target) }
    if let target = options.targetRelativeError {
      let total = estimate.values.reduce(0) { $0 + abs($1) }
      if largest > 0 { excess = max(excess, largest / (target * total)) }
    }
    if options.certainOrder != nil, !orderIsCertain(estimate) { return 2 }
    return excess > 1 ? min(max(excess * excess * 1.05, 1.25), 2) : nil
  }

  /// Whether the order asked for is certain.
  func orderIsCertain(_ estimate: ShapleyEstimate) -> Bool {
    guard let asked = options.certainOrder else { return true }
    let values = estimate.values
    let sorted = values.indices.sorted {
      values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1]
    }
    let adverse = values.reduce(0) { $0 + max($1, 0) }
    let level = 1 - 0.05 / Double(asked.top * looks)
    for position in 0..<min(asked.top, sorted.count - 1) {
      let (first, second) = (sorted[position], sorted[position + 1])
      let isReason = values[first] > 0 && values[first] >= asked.leastShare * adverse
      guard isReason else { break }
      let (error, quantile) = estimate.difference(first, second, level: level)
      if error > 0, !(values[first] - values[second] > quantile * error) { return false }
    }
    return true
  }
}
