import CandorData
import CandorNumerics
import CandorScoring

/// A value that is not finite is refused wherever it stands; a missing one (NaN) is scored by a scorer
/// that accepts it.
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
          let isAccepted = value.isNaN && scorer.acceptsMissing
          switch Trial.margins(scorer, EncodedRows(matrix)) {
          case .success where !isAccepted:
            findings.append("\(value) in row \(r), column \(c) was scored")
          case .success(let margins) where !margins.allSatisfy(\.isFinite):
            findings.append("a missing cell in row \(r), column \(c) gave no finite margin")
          case .failure(let error) where isAccepted:
            findings.append("a missing cell was refused: \(error.description)")
          default: break
          }
        }
      }
      return findings
    })
}
