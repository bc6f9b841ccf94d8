import CandorEvaluation

/// Turns the study's rule into a cut-off on out-of-fold PDs.
enum CutOffChoice {
  /// A cut-off of zero would refuse everybody and has no log-odds; the least one that a model takes.
  static let least = 1e-6
  /// A cut-off of one would approve everybody and has no log-odds either.
  static let greatest = 1 - 1e-9

  static func make(
    _ setting: Study.CutOffSetting, sample: ScoredSample
  ) throws(EvaluationError) -> CutOff {
    switch setting {
    case .cost(let falseGood, let falseBad):
      try CutOff(
        .minimumCost(DecisionCosts(falseGood: falseGood, falseBad: falseBad)), on: sample)
    case .probability(let value): try CutOff(.fixed(value), on: sample)
    case .approvalRate(let rate): try CutOff(.approvalRate(rate), on: sample)
    }
  }
}
