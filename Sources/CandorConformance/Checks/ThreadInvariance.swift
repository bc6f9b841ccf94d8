import CandorScoring

/// The number of threads changes no byte.
enum ThreadInvariance {
  static let check = LearnerCheck("threads change no byte of the archive") { learner, trial in
    compare(learner, trial)
  }

  private static func compare<Family: Learner>(
    _ learner: Family, _ trial: LearnerTrial
  ) -> [String] {
    let one = EqualSeeds.fitted(learner, trial, threads: 1)
    for threads in [2, 3] {
      switch (one, EqualSeeds.fitted(learner, trial, threads: threads)) {
      case (.success(let a), .success(let b)):
        if a.archive != b.archive { return ["a fit on \(threads) threads differs from one on 1"] }
      case (.failure(let error), _), (_, .failure(let error)):
        return ["typical rows were refused: \(error.description)"]
      }
    }
    return []
  }
}
