import CandorData
import CandorNumerics
import CandorScoring

/// For learners without chance, a whole-number weight is so many copies of the row.
enum WeightsAsRepeats {
  static let check = LearnerCheck("whole weights equal repeated rows") { learner, trial in
    guard trial.isDeterministic else { return [] }
    return compare(learner, trial)
  }

  private static func compare<Family: Learner>(
    _ learner: Family, _ trial: LearnerTrial
  ) -> [String] {
    let training = trial.training
    let counts = training.targets.indices.map { $0 * 7 % 3 + 1 }
    let repeated = counts.indices.flatMap { Array(repeating: $0, count: counts[$0]) }
    do throws(TrainingError) {
      let context = TrainingContext(seeds: SeedTree(seed: 11))
      let weighted = try learner.fit(
        TrainingRows(
          rows: training.rows, targets: training.targets, weights: counts.map(Double.init),
          featureMap: training.featureMap, task: training.task,
          directions: training.directions), context: context
      ).model
      let copied = try learner.fit(
        TrainingRows(
          rows: training.rows.selecting(rows: repeated),
          targets: repeated.map { training.targets[$0] }, featureMap: training.featureMap,
          task: training.task, directions: training.directions),
        context: context
      ).model
      return Trial.withMargins(weighted, training.rows) { a in
        Trial.withMargins(copied, training.rows) { b in
          for r in a.indices where !Trial.agree(a[r], b[r], within: trial.tolerance) {
            return ["row \(r) has the margin \(a[r]) by weights and \(b[r]) by copies"]
          }
          return []
        }
      }
    } catch {
      return ["typical rows were refused: \(error.description)"]
    }
  }
}
