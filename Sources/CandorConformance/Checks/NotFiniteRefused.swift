import CandorData
import CandorNumerics
import CandorScoring

/// A value that is not finite is refused wherever it stands.
enum NotFiniteRefused {
  static let check = ScorerCheck(
    "values that are not finite are refused",
    every: { scorer, rows in
      guard rows.width > 0 else { return [] }
      var findings: [String] = []
      for value in [Double.nan, .infinity, -.infinity] {
        for (r, c) in [(0, 0), (rows.count - 1, rows.width - 1)] {
          var matrix = rows.matrix
          matrix[r, c] = value
          if case .success = Trial.margins(scorer, EncodedRows(matrix)) {
            findings.append("\(value) in row \(r), column \(c) was scored")
          }
        }
      }
      return findings
    })
}
