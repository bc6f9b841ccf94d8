import CandorData
import CandorNumerics
import CandorScoring

/// Learns one coefficient a column: the difference of the means of bad and good rows.
struct MeanDifferenceLearner: Learner {
  var settings: [(name: String, value: String)] { [] }

  func fit(
    _ training: TrainingRows, context: TrainingContext
  ) throws(TrainingError) -> Trained<MeanDifferenceScorer> {
    let bads = Double(training.targets.count { $0 == 1 })
    let goods = Double(training.count) - bads
    let coefficients = (0..<training.rows.width).map { c in
      zip(training.rows.matrix.column(c), training.targets).reduce(0) { sum, cell in
        sum + (cell.1 == 1 ? cell.0 / bads : -cell.0 / goods)
      }
    }
    return Trained(model: MeanDifferenceScorer(coefficients: coefficients), log: TrainingLog())
  }
}

/// A linear score that can be stored.
struct MeanDifferenceScorer: LinearScorer, PersistableScorer {
  static let familyName = "mean-difference"
  let coefficients: [Double]
  var intercept: Double { 0 }
  var constantTerm: Double { 0 }
  var inputWidth: Int { coefficients.count }
  var marginScale: MarginScale { .distance }
  var archive: TensorArchive { TensorArchive() }

  init(coefficients: [Double]) { self.coefficients = coefficients }
  init(archive: TensorArchive) throws(ScoringError) { coefficients = [] }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count {
      output[r] = zip(rows.matrix.row(r), coefficients).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    Matrix(rows: rows.count, columns: inputWidth) { _, c in coefficients[c] }
  }

  func terms(of rows: EncodedRows) throws(ScoringError) -> Matrix {
    Matrix(rows: rows.count, columns: inputWidth) { rows.matrix[$0, $1] * coefficients[$1] }
  }
}
