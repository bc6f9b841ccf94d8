import CandorData
import CandorNumerics
import CandorScoring

/// Columns that are constant, at zero and elsewhere, do not keep a learner from fitting.
enum ConstantColumn {
  static let check = LearnerCheck("constant columns are harmless") { learner, trial in
    fitWithConstants(learner, trial)
  }

  private static func fitWithConstants<Family: Learner>(
    _ learner: Family, _ trial: LearnerTrial
  ) -> [String] {
    let training = trial.training
    let width = training.rows.width
    let wider = EncodedRows(
      Matrix(rows: training.count, columns: width + 2) {
        $1 < width ? training.rows.matrix[$0, $1] : $1 == width ? 0 : 3
      })
    let map = FeatureMap(
      sources: training.featureMap.sources + [
        .init(name: "constant zero", columns: width..<width + 1),
        .init(name: "constant three", columns: width + 1..<width + 2),
      ], columnNames: training.featureMap.columnNames + ["constant zero", "constant three"],
      levelCounts: training.featureMap.levelCounts)
    do throws(TrainingError) {
      let model = try learner.fit(
        TrainingRows(
          rows: wider, targets: training.targets, weights: training.weights, featureMap: map,
          task: training.task, directions: training.directions),
        context: TrainingContext(seeds: SeedTree(seed: 11))
      ).model
      return Trial.withMargins(model, wider) { margins in
        margins.allSatisfy(\.isFinite) ? [] : ["a margin is not finite"]
      }
    } catch {
      return ["rows with constant columns were refused: \(error.description)"]
    }
  }
}
