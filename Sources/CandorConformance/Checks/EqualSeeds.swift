import CandorNumerics
import CandorScoring

/// Equal rows, options and seed give equal archives; another seed may give another.
enum EqualSeeds {
  static let check = LearnerCheck("equal seeds give equal archives") { learner, trial in
    compare(learner, trial)
  }

  private static func compare<Family: Learner>(
    _ learner: Family, _ trial: LearnerTrial
  ) -> [String] {
    let first = fitted(learner, trial, threads: 1)
    let second = fitted(learner, trial, threads: 1)
    switch (first, second) {
    case (.success(let a), .success(let b)):
      return a.archive == b.archive ? [] : ["two fits with one seed differ"]
    case (.failure(let error), _), (_, .failure(let error)):
      return ["typical rows were refused: \(error.description)"]
    }
  }

  /// Fits with the trial's rows and one seed.
  static func fitted<Family: Learner>(
    _ learner: Family, _ trial: LearnerTrial, threads: Int
  ) -> Result<Family.Model, TrainingError> {
    do throws(TrainingError) {
      return .success(
        try learner.fit(
          trial.training, context: TrainingContext(seeds: SeedTree(seed: 11), threads: threads)
        ).model)
    } catch {
      return .failure(error)
    }
  }
}
