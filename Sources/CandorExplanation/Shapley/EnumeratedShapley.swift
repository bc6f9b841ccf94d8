public import CandorData
public import CandorScoring
import CandorNumerics

/// Interventional Shapley values of any scorer by all coalitions, for few players.
///
/// The worth of a coalition S is the mean, over background rows b, of the value of the row that
/// has the applicant's values for S and those of b for the rest; the Shapley value weighs each
/// player's marginal contribution by |S|! (n − |S| − 1)! / n!. Shapley 1953; the marginal game of
/// Janzing, Minorics and Blöbaum 2020, arXiv:1910.13413.
public enum EnumeratedShapley {
  /// The most players with columns that enumeration takes.
  public static let mostPlayers = 16

  /// How many rows one applicant costs: coalitions times background rows.
  public static func cost(players: Players, background: Background) -> Int {
    let active = players.active.count
    return active > 40 ? .max / 2 : (1 << active) * background.count
  }

  /// Explains each row against the background; `2^players · background` model evaluations a row.
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
    let base = background.mean(of: try scorer.values(of: background.rows, as: quantity))
    let explained = try scorer.values(of: rows, as: quantity)
    let coalitions = 1 << active.count
    let blocks = Parallel.blocks(of: coalitions, size: max(1, 2048 / background.count))
    let weights = sizeWeights(players: active.count)
    var results: [Explanation] = []
    for r in 0..<rows.count {
      let applicant = rows.matrix.row(r)
      let worth = try Parallel.map(count: blocks.count, threads: threads) {
        block throws(ExplanationError) -> [Double] in
        var batch = FeatureMask(
          players: players, capacity: blocks[block].count * background.count)
        for coalition in blocks[block] {
          for b in 0..<background.count {
            batch.append(background.rows.matrix.row(b))
            for (bit, player) in active.enumerated() where coalition >> bit & 1 == 1 {
              batch.set(player: player, from: applicant)
            }
          }
        }
        let values = try scorer.values(of: try batch.rows(), as: quantity)
        return (0..<blocks[block].count).map { position in
          background.mean(
            of: Array(values[position * background.count..<(position + 1) * background.count]))
        }
      }.flatMap { $0 }
      var values = [Double](repeating: 0, count: players.count)
      for (bit, player) in active.enumerated() {
        var sum = 0.0
        for coalition in 0..<coalitions where coalition >> bit & 1 == 0 {
          sum +=
            weights[coalition.nonzeroBitCount]
            * (worth[coalition | 1 << bit] - worth[coalition])
        }
        values[player] = sum
      }
      let residual = explained[r] - base - OrderedReduction.sum(values)
      results.append(
        Explanation(
          method: .enumeratedShapley, scale: quantity.scale, background: background,
          baseValue: base, explainedValue: explained[r],
          attributions: zip(players.names, values).map {
            Attribution(source: $0, value: $1, standardError: 0)
          },
          fidelity: try LinearShapley.exactFidelity(
            residual: residual, magnitudes: worth, thresholds: thresholds)))
    }
    return results
  }

  /// `s! (n − s − 1)! / n!` for each size s of the coalition that is joined.
  private static func sizeWeights(players n: Int) -> [Double] {
    guard n > 0 else { return [] }
    var weights = [1 / Double(n)]
    for s in 1..<max(n, 1) {
      weights.append(weights[s - 1] * Double(s) / Double(n - s))
    }
    return weights
  }
}
