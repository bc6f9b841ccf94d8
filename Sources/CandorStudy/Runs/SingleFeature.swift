import CandorData
import CandorEvaluation
import CandorScoring

/// What a feature with an order says of the target when it stands alone.
struct SingleFeature {
  /// The AUC of the feature's value as a score, missing cells left out.
  let auc: Estimate
  /// The direction of its effect on the PD; nil where the interval holds one half.
  let direction: Direction?

  /// Measures a numeric, date or ordinal column; nil for names without order and for columns that
  /// leave one class only.
  static func measure(
    _ column: Column, labels: [Double], weights: [Double]?
  ) throws -> SingleFeature? {
    let values: [Double]
    switch (column.type, column.numbers, column.codes) {
    case (_, let numbers?, _): values = numbers
    case (.ordinal, _, let codes?): values = codes.codes.map { $0 < 0 ? .nan : Double($0) }
    default: return nil
    }
    let known = values.indices.filter { !values[$0].isNaN }
    let outcomes = known.map { labels[$0] }
    guard outcomes.contains(0), outcomes.contains(1) else { return nil }
    let scores = known.map { values[$0] }
    let sample = try ScoredSample(
      labels: outcomes, probabilities: scores.map { _ in 0.5 }, scores: scores,
      weights: weights.map { all in known.map { all[$0] } })
    let auc = try DeLong.estimate(of: sample)
    var direction: Direction?
    if let lower = auc.lower, lower > 0.5 { direction = .increasing }
    if let upper = auc.upper, upper < 0.5 { direction = .decreasing }
    return SingleFeature(auc: auc, direction: direction)
  }
}
