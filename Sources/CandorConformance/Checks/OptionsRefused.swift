import CandorNumerics
import CandorScoring

/// The learners that the caller knows to have options out of range refuse to fit.
enum OptionsRefused {
  static let check = LearnerCheck("options out of range are refused by a sentence") { _, trial in
    trial.outOfRange.enumerated().flatMap { refusal($1, $0, trial) }
  }

  private static func refusal(
    _ learner: some Learner, _ position: Int, _ trial: LearnerTrial
  ) -> [String] {
    do throws(TrainingError) {
      _ = try learner.fit(trial.training, context: TrainingContext(seeds: SeedTree(seed: 11)))
      return ["learner \(position) with an option out of range was fitted"]
    } catch {
      guard error.code == .badOption, !error.description.isEmpty else {
        return ["learner \(position) refused with \(error.code.rawValue): \(error.description)"]
      }
      return []
    }
  }
}
