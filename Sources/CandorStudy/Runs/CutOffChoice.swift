import CandorEvaluation

/// Turns the study's rule into a cut-off on out-of-fold PDs.
enum CutOffChoice {
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
