public import CandorNumerics

/// Everything this target says about one model on one part of the data.
public struct Evaluation: Sendable, Equatable, Codable {
  /// Rows that count.
  public let rows: Int
  /// Bad rows that count.
  public let badRows: Int
  /// The sum of weights.
  public let totalWeight: Double
  /// The sum of weights of bads.
  public let badWeight: Double
  /// The share of bads with Wilson's interval.
  public let badRate: Estimate
  /// The weighted mean probability of bad.
  public let meanProbability: Double
  /// The area under the ROC curve.
  public let auc: Estimate
  /// The Gini coefficient.
  public let gini: Estimate
  /// The Kolmogorov-Smirnov distance with a bootstrap interval.
  public let ks: Estimate
  /// Where the distance is reached.
  public let kolmogorovSmirnov: KolmogorovSmirnov
  /// Average precision with a bootstrap interval; read it beside `badRate`.
  public let averagePrecision: Estimate
  /// The Brier score, its skill and parts.
  public let brier: BrierScore
  /// Logarithmic loss.
  public let logLoss: Estimate
  /// The number of probabilities that logarithmic loss clipped.
  public let clippedProbabilities: Int
  /// Intercept, slope and tests of calibration.
  public let calibration: CalibrationSummary
  /// Observed against expected in bins.
  public let reliability: ReliabilityCurve
  /// Decisions at the cut-off.
  public let confusion: ConfusionMatrix
  /// The gains table.
  public let gains: Gains
  /// The ROC curve.
  public let roc: ROCCurve
  /// Goods and bads by probability.
  public let histogram: ScoreHistogram

  /// Evaluates a model's answers on one part.
  ///
  /// The area has DeLong's interval (a bootstrap's with unequal weights), means have the normal
  /// interval, shares Wilson's. The Kolmogorov-Smirnov distance is a maximum and so biased
  /// upwards, in the replicates once more: its interval is the reflected bootstrap's. One
  /// bootstrap serves all; O(n · replicates).
  /// - Parameters:
  ///   - sample: Labels, probabilities, scores and weights.
  ///   - cutOff: The probability of bad from which rows are refused.
  ///   - seeds: Where the bootstrap's randomness comes from.
  ///   - threads: The number of threads; results do not depend on it.
  ///   - replicates: The number of bootstrap replicates.
  ///   - fittedOnThisSample: Whether these are the rows that the model was fitted to.
  ///   - level: The nominal coverage of intervals.
  /// - Returns: All statistics.
  /// - Throws: `EvaluationError` where a class is missing or an option is wrong.
  public static func run(
    sample: ScoredSample, cutOff: Double, seeds: SeedTree, threads: Int = 1,
    replicates: Int = 500, fittedOnThisSample: Bool = false, level: Double = 0.95
  ) throws(EvaluationError) -> Evaluation {
    guard level > 0, level < 1 else {
      throw EvaluationError(.badOption, "The level is \(level); it must lie between 0 and 1.")
    }
    try sample.requireBothClasses(for: "An evaluation")
    let ranked = sample.ranked
    let bootstrap = try Bootstrap(replicates: replicates, seeds: seeds, threads: threads)
    var statistics: [Bootstrap.Statistic] = [
      { KolmogorovSmirnov.value(of: $0, weights: $1) },
      { PrecisionRecall.averagePrecision(of: $0, weights: $1) },
    ]
    if ranked.hasUnequalWeights { statistics.append { AUC.value(of: $0, weights: $1) } }
    let drawn = try bootstrap.run(ranked, statistics: statistics)
    let auc =
      ranked.hasUnequalWeights
      ? drawn[2].estimate(level: level) : try DeLong.estimate(of: sample, level: level)
    let ks = drawn[0].estimate(.reflected, level: level)
    var bads = WeightedShare()
    for i in 0..<ranked.count { bads.add(weight: ranked.weights[i], hit: ranked.labels[i] == 1) }
    guard let badRate = bads.estimate(level: level) else {
      throw EvaluationError(.emptySample, "There are no rows to evaluate.")
    }
    return Evaluation(
      rows: ranked.count, badRows: ranked.badCount, totalWeight: ranked.totalWeight,
      badWeight: ranked.badWeight, badRate: badRate,
      meanProbability: weightedMean(ranked.probabilities, ranked.weights) ?? 0, auc: auc,
      gini: AUC.gini(auc),
      ks: Estimate(
        value: ks.value, standardError: ks.standardError, lower: ks.lower.map { max(0, $0) },
        upper: ks.upper.map { min(1, $0) }, level: level, method: ks.method),
      kolmogorovSmirnov: try KolmogorovSmirnov(of: sample),
      averagePrecision: drawn[1].estimate(level: level),
      brier: BrierScore(of: sample, level: level),
      logLoss: LogLoss.estimate(of: sample, level: level),
      clippedProbabilities: LogLoss.clippedRows(of: sample),
      calibration: try CalibrationSummary(
        of: sample, fittedOnThisSample: fittedOnThisSample, level: level),
      reliability: try ReliabilityCurve(of: sample, level: level),
      confusion: try ConfusionMatrix(of: sample, cutOff: cutOff, level: level),
      gains: try Gains(of: sample, level: level), roc: try ROCCurve(of: sample),
      histogram: ScoreHistogram(of: sample))
  }
}
