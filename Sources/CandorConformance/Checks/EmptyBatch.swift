import CandorData
import CandorNumerics
import CandorScoring

/// No rows give no margins, and no error.
enum EmptyBatch {
  static let check = ScorerCheck(
    "an empty batch gives no margins",
    every: { scorer, rows in
      switch Trial.margins(scorer, EncodedRows(Matrix(rows: 0, columns: rows.width))) {
      case .success(let margins):
        margins.isEmpty ? [] : ["an empty batch gave \(margins.count) margins"]
      case .failure(let error): ["an empty batch was refused: \(error.description)"]
      }
    })
}
