import CandorData
public import CandorNumerics

/// How far the top features of one explanation depend on which background rows were at hand.
///
/// The background is resampled with replacement (Efron 1979), by weights, and the Shapley values are
/// computed anew each time.
public struct BackgroundStability: Sendable, Equatable, Codable {
  /// How many top players were compared.
  public let top: Int
  /// The resamples.
  public let resamples: Int
  /// The mean Jaccard index of the top set with that of the whole background.
  public let meanJaccard: Double
  /// The mean of Kendall's tau-b of the signed attributions with those of the whole background; nil
  /// where it has no value in a resample.
  public let meanKendallTau: Double?
  /// The standard deviation of each player's value over the resamples, in the players' order.
  public let standardDeviations: [Double]

  /// Measures one applicant's stability; costs as many explanations as resamples, and one.
  ///
  /// - Parameters:
  ///   - model: The score function.
  ///   - applicant: The applicant's encoded row.
  ///   - players: Who shares the value.
  ///   - background: The background.
  ///   - resamples: How many, from 2 up.
  ///   - top: How many top players to compare.
  ///   - options: For sampled values.
  ///   - seeds: The randomness.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Returns: The stability.
  /// - Throws: `ExplanationError` where there are fewer than two resamples, or as the method does.
  public static func measure(
    _ model: ExplainedModel, applicant: [Double], players: Players, background: Background,
    resamples: Int = 20, top: Int = 4, options: SampledShapleyOptions = .init(),
    seeds: SeedTree, threads: Int = 1
  ) throws(ExplanationError) -> BackgroundStability {
    guard resamples >= 2 else {
      throw ExplanationError(.badOption, "resamples is \(resamples); it must be 2 or more.")
    }
    func values(_ background: Background) throws(ExplanationError) -> [Double] {
      try MethodSelection.shapley(
        for: model, rows: EncodedRows(row: applicant), players: players, background: background,
        options: options, seeds: seeds, threads: threads)[0].attributions.map(\.value)
    }
    let perRow = try ReferenceContributions(
      model, applicant: applicant, players: players, background: background, threads: threads)
    let whole = try values(background)
    let wholeTop = TopSets.positions(whole, top: top)
    let own = background.weights ?? Array(repeating: 1, count: background.count)
    var jaccards: [Double] = []
    var taus: [Double] = []
    var drawn: [[Double]] = []
    for resample in 0..<resamples {
      var generator = seeds.child("background resample").child(resample).generator()
      var weights: [Double]
      repeat {
        let counts = Sampling.bootstrapCounts(background.count, using: &generator)
        weights = zip(own, counts).map { $0 * Double($1) }
      } while !weights.contains { $0 > 0 }
      let again: [Double]
      if let perRow {
        again = perRow.explanation(weights: weights).attributions.map(\.value)
      } else {
        again = try values(
          try Background(
            name: background.name, rows: background.rows, weights: weights, hash: background.hash))
      }
      let set = TopSets.positions(again, top: top)
      let union = wholeTop.union(set).count
      jaccards.append(
        union == 0 ? 1 : Double(wholeTop.intersection(set).count) / Double(union))
      taus.append(whole.count > 1 ? Correlation.kendallTau(whole, again) : .nan)
      drawn.append(again)
    }
    let deviations = whole.indices.map { player in
      Moments.standardDeviation(drawn.map { $0[player] })
    }
    let tau = OrderedReduction.sum(taus) / Double(resamples)
    return BackgroundStability(
      top: top, resamples: resamples,
      meanJaccard: OrderedReduction.sum(jaccards) / Double(resamples),
      meanKendallTau: tau.isFinite ? tau : nil, standardDeviations: deviations)
  }
}
