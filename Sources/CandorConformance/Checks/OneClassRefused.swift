import CandorNumerics
import CandorScoring

/// Rows of which only one outcome has weight are refused.
enum OneClassRefused {
  static let check = LearnerCheck("rows of one class are refused") { learner, trial in
    refusals(learner, trial)
  }

  private static func refusals(_ learner: some Learner, _ trial: LearnerTrial) -> [String] {
    let training = trial.training
    var findings: [String] = []
    // In a regression the rows of one target, or none of them.
    for outcome in training.task == .classification ? [0.0, 1.0] : training.targets.prefix(2) {
      let weights = training.targets.map { $0 == outcome ? 1.0 : 0.0 }
      do throws(TrainingError) {
        let oneClass = try TrainingRows(
          rows: training.rows, targets: training.targets, weights: weights,
          featureMap: training.featureMap, task: training.task)
        _ = try learner.fit(oneClass, context: TrainingContext(seeds: SeedTree(seed: 11)))
        findings.append("rows that only weigh where the target is \(outcome) were fitted")
      } catch {
        if error.description.isEmpty { findings.append("the refusal has no sentence") }
      }
    }
    return findings
  }
}
