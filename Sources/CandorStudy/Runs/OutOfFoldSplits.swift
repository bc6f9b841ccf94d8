package import CandorData
import CandorNumerics

/// The folds of the training rows, on which everything that is chosen is judged.
package enum OutOfFoldSplits {
  /// Folds of positions in `split.train`: stratified by the target, or where the study splits by
  /// group, with every group in one fold, since a customer in both parts would flatter the model.
  package static func make(_ study: Study, data: StudyData) throws -> [Split] {
    let rows = data.split.train
    let labels = rows.map { data.labels[$0] }
    let seeds = SeedTree(seed: study.seed).child("folds")
    if case .group(let column, _) = study.split {
      return try GroupFolds.make(
        groups: data.table.requiredColumn(column).selecting(rows: rows), folds: study.folds,
        labels: labels, seeds: seeds)
    }
    return try StratifiedFolds.make(labels: labels, folds: study.folds, seeds: seeds)
  }
}
