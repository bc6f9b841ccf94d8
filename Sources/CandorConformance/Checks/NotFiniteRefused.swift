import CandorData
import CandorNumerics
import CandorScoring

/// An infinite value is refused wherever it stands; a missing cell (NaN) is refused too, unless the
/// scorer takes missing cells, and then has a finite margin.
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
          let found = Trial.margins(scorer, EncodedRows(matrix))
          let place = "row \(r), column \(c)"
          if value.isNaN, scorer.acceptsMissing {
            switch found {
            case .success(let margins) where margins.allSatisfy(\.isFinite): continue
            case .success: findings.append("a missing cell in \(place) gave no finite margin")
            case .failure(let error):
              findings.append("a missing cell in \(place) was refused: \(error.description)")
            }
          } else if case .success = found {
            findings.append("\(value) in \(place) was scored")
          }
        }
      }
      return findings
    })
}
