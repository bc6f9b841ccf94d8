public import CandorScoring

/// How much a row counts by its outcome, on top of its own weight.
public enum ClassWeights: Sendable, Equatable {
  /// Every row counts by its own weight.
  case none
  /// Both outcomes together count equally: a row's weight is multiplied by half the total weight
  /// over the weight of its outcome.
  case balanced
  /// A row's weight is multiplied by the number of its outcome.
  case explicit(good: Double, bad: Double)

  /// Checks the numbers of `explicit`.
  ///
  /// - Returns: The same value.
  /// - Throws: `TrainingError` where a class weight is not a finite number above zero.
  public func validated() throws(TrainingError) -> ClassWeights {
    guard case .explicit(let good, let bad) = self else { return self }
    for (name, value) in [("good", good), ("bad", bad)] where !(value > 0 && value.isFinite) {
      throw TrainingError(
        .badOption,
        "The class weight of \(name) rows is \(value); it must be a finite number above 0.")
    }
    return self
  }

  /// The factor of each outcome; O(rows).
  ///
  /// - Parameters:
  ///   - targets: One target a row, 1 where bad.
  ///   - weights: One weight a row; nil means one each.
  /// - Returns: The factors of good and of bad rows.
  /// - Throws: `TrainingError` where `balanced` meets an outcome without weight.
  public func factors(
    targets: [Double], weights: [Double]?
  ) throws(TrainingError) -> (good: Double, bad: Double) {
    switch self {
    case .none: return (1, 1)
    case .explicit(let good, let bad): return (good, bad)
    case .balanced:
      var good = 0.0
      var bad = 0.0
      for (row, target) in targets.enumerated() {
        let weight = weights?[row] ?? 1
        if target == 1 { bad += weight } else { good += weight }
      }
      guard good > 0, bad > 0 else {
        throw TrainingError(
          .oneClassOnly, "Balanced class weights need good and bad rows with weight above 0.")
      }
      let half = (good + bad) / 2
      return (half / good, half / bad)
    }
  }

  /// The weight of each row: its own times the factor of its outcome.
  ///
  /// - Parameters:
  ///   - targets: One target a row, 1 where bad.
  ///   - weights: One weight a row, as many as targets; nil means one each.
  /// - Returns: One weight a row, or nil where every one of them is one.
  /// - Throws: `TrainingError` where `balanced` meets an outcome without weight.
  public func rowWeights(
    targets: [Double], weights: [Double]?
  ) throws(TrainingError) -> [Double]? {
    if case .none = self { return weights }
    let factor = try factors(targets: targets, weights: weights)
    return targets.indices.map { row in
      (weights?[row] ?? 1) * (targets[row] == 1 ? factor.bad : factor.good)
    }
  }

  /// The value in the study file's words: `none`, `balanced` or `good 1, bad 5`.
  public var name: String {
    switch self {
    case .none: "none"
    case .balanced: "balanced"
    case .explicit(let good, let bad): "good \(good), bad \(bad)"
    }
  }
}
