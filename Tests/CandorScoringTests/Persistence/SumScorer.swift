import CandorData
import CandorNumerics
import CandorScoring

/// A scorer that can be saved: a weighted sum of the columns.
struct SumScorer: PersistableScorer, Equatable {
  static let familyName = "weighted-sum"

  let weights: [Double]
  var inputWidth: Int { weights.count }
  var marginScale: MarginScale { .logOdds }

  init(weights: [Double]) { self.weights = weights }

  init(archive: TensorArchive) throws(ScoringError) {
    weights = try archive.doubles("weights")
    guard weights.allSatisfy(\.isFinite) else {
      throw ScoringError(.invalidModel, "A weight is not finite.")
    }
  }

  var archive: TensorArchive {
    var archive = TensorArchive()
    archive.set("weights", weights)
    return archive
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count {
      output[r] = weights.indices.reduce(0) { $0 + rows.matrix[r, $1] * weights[$1] }
    }
  }
}
