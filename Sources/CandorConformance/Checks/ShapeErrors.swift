import CandorData
import CandorNumerics
import CandorScoring

/// Rows of another width, and an output of another length, are refused with an error.
enum ShapeErrors {
  static let check = ScorerCheck(
    "rows of another width are refused",
    every: { scorer, rows in
      var findings: [String] = []
      for width in [rows.width - 1, rows.width + 1] where width >= 0 {
        let other = EncodedRows(
          Matrix(rows: rows.count, columns: width) { $1 < rows.width ? rows.matrix[$0, $1] : 0 })
        if case .success = Trial.margins(scorer, other) {
          findings.append("rows of \(width) columns were scored by a model of \(rows.width)")
        }
      }
      for places in [rows.count - 1, rows.count + 1] where accepts(scorer, rows, places: places) {
        findings.append("\(rows.count) rows were scored into \(places) places")
      }
      return findings
    })

  private static func accepts(_ scorer: any Scorer, _ rows: EncodedRows, places: Int) -> Bool {
    var output = [Double](repeating: 0, count: places)
    var span = output.mutableSpan
    do throws(ScoringError) {
      try scorer.margins(of: rows, into: &span)
      return true
    } catch {
      return false
    }
  }
}
