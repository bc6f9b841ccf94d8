public import CandorData
public import CandorNumerics
public import CandorScoring

/// Interventional Shapley values of any scorer by constrained weighted least squares over coalitions
/// (KernelSHAP), with standard errors.
///
/// Shapley values are the coefficients of the additive game that fits the game best in the weights
/// `(n − 1) / (C(n, s) s (n − s))` of coalitions of size s, its total kept (Charnes, Golany, Keane and
/// Rousseau 1988, doi:10.1007/978-94-009-3677-5_7; Lundberg and Lee 2017, arXiv:1705.07874). Half the
/// difference between a coalition and its complement is regressed on membership less a half: the pair's
/// sum says nothing about the values. Every coalition is valued against the whole background.
///
/// With all coalitions the answer is exact. With a sample (`CoalitionDesign`) it is a regression
/// estimate from strata by size: standard errors come from the residuals, each divided by one less its
/// leverage, with the correction for the finite number of coalitions (Särndal, Swensson and Wretman,
/// "Model Assisted Survey Sampling", 1992, chapter 6). Its bias is of the order of one over the number
/// of pairs. The values add up whatever the sample.
public enum KernelShapley {
  /// The most players that differ from some background row.
  public static let mostPlayers = 62

  /// Explains each row against the background; `2 · pairs · background` model evaluations a row at
  /// most, in batches of about a thousand.
  ///
  /// - Parameters:
  ///   - rows: The applicants, encoded.
  ///   - scorer: Any scorer.
  ///   - quantity: What is explained.
  ///   - players: Who shares the value.
  ///   - background: What the applicants are compared with.
  ///   - pairs: How many pairs of a coalition and its complement, from 64 up; all of them where there
  ///     are no more, and twice the players at least.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  ///   - thresholds: The limits on the evidence.
  /// - Returns: One explanation a row; errors zero where all coalitions were tried.
  /// - Throws: `ExplanationError` where an option is out of range, shapes differ, or the scorer
  ///   refuses.
  public static func explain(
    _ rows: EncodedRows, of scorer: some Scorer, quantity: ExplainedQuantity, players: Players,
    background: Background, pairs: Int = 1024, seeds: SeedTree, threads: Int = 1,
    thresholds: FidelityThresholds = .standard
  ) throws(ExplanationError) -> [Explanation] {
    guard (64...10_000_000).contains(pairs) else {
      throw ExplanationError(.badOption, "pairs is \(pairs); it must be from 64 to 10,000,000.")
    }
    let games = try CoalitionGame.games(
      rows, of: scorer, quantity: quantity, players: players, background: background,
      threads: threads)
    let purpose = seeds.child("kernel shapley")
    var results: [Explanation] = []
    for game in games {
      let playing = Set(game.differing.joined()).sorted()
      guard playing.count <= mostPlayers else {
        throw ExplanationError(
          .unsupported,
          "There are \(playing.count) players; least squares over coalitions take \(mostPlayers) at "
            + "most. Use sampled Shapley values or larger groups.")
      }
      // One player or none: there is nothing to share out.
      if playing.count < 2 {
        results.append(
          try EnumeratedShapley.exactExplanation(
            of: game, method: .kernelShapley, structure: nil, thresholds: thresholds))
        continue
      }
      let design = CoalitionDesign(
        players: playing.count, pairs: pairs, seeds: purpose.child(row: game.applicant))
      results.append(
        try explanation(of: game, playing: playing, design: design, thresholds: thresholds))
    }
    return results
  }

  private static func explanation<S: Scorer>(
    of game: CoalitionGame<S>, playing: [Int], design: CoalitionDesign,
    thresholds: FidelityThresholds
  ) throws(ExplanationError) -> Explanation {
    let chosen = design.strata.flatMap(\.coalitions)
    let all = (UInt64(1) << playing.count) - 1
    let (worths, evaluations) = try CoalitionMeans.worths(
      of: chosen + chosen.map { all ^ $0 }, playing: playing, game: game)
    let targets = chosen.indices.map { 0.5 * (worths[$0] - worths[$0 + chosen.count]) }
    let total = game.whole.value - game.base
    let fit: KernelRegression
    let halves: [KernelRegression]
    do throws(LinearAlgebraError) {
      fit = try KernelRegression(design, targets: targets, total: total, half: nil)
      var parts: [KernelRegression] = []
      for half in 0..<(design.isWhole ? 0 : 2) {
        parts.append(try KernelRegression(design, targets: targets, total: total, half: half))
      }
      halves = parts
    } catch {
      throw ExplanationError(
        .numerical, "The regression over coalitions failed: \(error.description)")
    }
    var values = [Double](repeating: 0, count: game.players.count)
    var errors = values
    for (position, player) in playing.enumerated() {
      values[player] = fit.values[position]
      errors[player] = fit.errors[position]
    }
    let residual = total - OrderedReduction.sum(values)
    let fidelity: Fidelity
    if design.isWhole {
      fidelity = try LinearShapley.exactFidelity(
        residual: residual, magnitudes: values + [game.whole.value, game.base],
        thresholds: thresholds)
    } else {
      let largest = errors.max() ?? 0
      let size = values.reduce(0) { $0 + abs($1) }
      fidelity = Fidelity(
        .sampled(
          SampledEvidence(
            pairs: design.pairs, evaluations: game.background.count + 1 + evaluations,
            largestStandardError: largest, relativeStandardError: size > 0 ? largest / size : 0,
            splitHalfDifference: zip(halves[0].values, halves[1].values).reduce(0) {
              max($0, abs($1.0 - $1.1))
            }, residual: residual, reachedTarget: true, stop: .drawn)), thresholds: thresholds)
    }
    return Explanation(
      method: .kernelShapley, scale: game.quantity.scale, background: game.background,
      baseValue: game.base, explainedValue: game.whole.value,
      attributions: values.indices.map {
        Attribution(
          source: game.players.names[$0], value: values[$0], standardError: errors[$0])
      }, fidelity: fidelity)
  }
}

/// The constrained regression of half differences on membership less a half.
struct KernelRegression {
  /// The coefficients, adding up to the total.
  let values: [Double]
  /// Their standard errors; zero where every coalition was tried.
  let errors: [Double]

  /// Fits.
  ///
  /// - Parameters:
  ///   - design: The coalitions.
  ///   - targets: One a pair, stratum after stratum.
  ///   - total: What the coefficients add up to.
  ///   - half: Take every other pair of the strata that were sampled, from this one on; nil takes all.
  /// - Throws: `LinearAlgebraError` where LAPACK refuses the design.
  init(
    _ design: CoalitionDesign, targets: [Double], total: Double, half: Int?
  ) throws(LinearAlgebraError) {
    let n = design.players
    var signs: [Double] = []
    var weights: [Double] = []
    var responses: [Double] = []
    var ends: [Int] = []
    var next = 0
    for stratum in design.strata {
      let isHalved = half != nil && !stratum.isWhole && stratum.coalitions.count >= 2 * n
      for (place, coalition) in stratum.coalitions.enumerated() {
        defer { next += 1 }
        if isHalved, place % 2 != half { continue }
        for player in 0..<n { signs.append(coalition >> player & 1 == 1 ? 0.5 : -0.5) }
        weights.append(isHalved ? 2 * stratum.weight : stratum.weight)
        responses.append(targets[next])
      }
      ends.append(weights.count)
    }
    let rows = try Matrix(rows: weights.count, columns: n, values: signs)
    var gram = try BLAS.weightedGram(rows, weights: weights)
    // The constraint fixes the sum, so that a multiple of the matrix of ones changes nothing but makes
    // the matrix definite.
    let lift = (0..<n).reduce(0) { $0 + gram[$1, $1] } / Double(n)
    for r in 0..<n { for c in 0..<n { gram[r, c] += lift } }
    let inverse = try Cholesky(gram).inverse()
    let moments = try BLAS.product(rows, zip(weights, responses).map(*), transpose: true)
    let free = try BLAS.product(inverse, moments)
    let ones = try BLAS.product(inverse, [Double](repeating: 1, count: n))
    let spread = OrderedReduction.sum(ones)
    let missing = (total - OrderedReduction.sum(free)) / spread
    let values = (0..<n).map { free[$0] + missing * ones[$0] }
    self.values = values
    guard half == nil, !design.isWhole else {
      errors = Array(repeating: 0, count: n)
      return
    }
    let projected = Matrix(rows: n, columns: n) { inverse[$0, $1] - ones[$0] * ones[$1] / spread }
    let fitted = try BLAS.product(rows, values)
    // Each row is the influence of one pair on the coefficients.
    var influence = try BLAS.product(rows, projected)
    for j in 0..<weights.count {
      var leverage = 0.0
      for player in 0..<n { leverage += influence[j, player] * rows[j, player] }
      let residual = (responses[j] - fitted[j]) / max(1 - weights[j] * leverage, 1e-6)
      for player in 0..<n { influence[j, player] *= weights[j] * residual }
    }
    var variances = [Double](repeating: 0, count: n)
    for (position, stratum) in design.strata.enumerated() where !stratum.isWhole {
      let own = (position == 0 ? 0 : ends[position - 1])..<ends[position]
      let count = Double(own.count)
      for player in 0..<n {
        var sum = 0.0
        for j in own { sum += influence[j, player] }
        var squares = 0.0
        for j in own {
          let deviation = influence[j, player] - sum / count
          squares += deviation * deviation
        }
        variances[player] +=
          (1 - count / stratum.population) * count / max(count - 1, 1) * squares
      }
    }
    errors = variances.map { $0.squareRoot() }
  }
}
