import CandorData
import CandorNumerics
import CandorScoring

/// What several checks do with a scorer.
enum Trial {
  /// The margins, or the sentence in which the scorer refused.
  static func margins(
    _ scorer: some Scorer, _ rows: EncodedRows
  ) -> Result<[Double], ScoringError> {
    do throws(ScoringError) {
      return .success(try scorer.margins(of: rows))
    } catch {
      return .failure(error)
    }
  }

  /// Compares two lists of margins bit for bit.
  ///
  /// - Parameters:
  ///   - found: What the scorer gave.
  ///   - expected: What it should have given.
  ///   - what: How the first was computed, for the finding.
  /// - Returns: The first difference, in a sentence, or nothing.
  static func difference(
    _ found: [Double], from expected: [Double], _ what: String
  ) -> [String] {
    guard found.count == expected.count else {
      return ["\(what) gives \(found.count) margins instead of \(expected.count)"]
    }
    for r in found.indices where found[r].bitPattern != expected[r].bitPattern {
      return ["\(what) gives \(found[r]) for row \(r) instead of \(expected[r])"]
    }
    return []
  }

  /// Runs a check on the margins of all rows, or reports why there are none.
  static func withMargins(
    _ scorer: some Scorer, _ rows: EncodedRows, _ body: ([Double]) -> [String]
  ) -> [String] {
    switch margins(scorer, rows) {
    case .success(let margins): body(margins)
    case .failure(let error): ["typical rows were refused: \(error.description)"]
    }
  }

  /// Whether two numbers agree to a tolerance relative to the larger, absolute below one.
  static func agree(_ a: Double, _ b: Double, within tolerance: Double) -> Bool {
    abs(a - b) <= tolerance * max(1, abs(a), abs(b))
  }

  /// Two ways to compute one thing in `Double`.
  static let exact = 1e-9
}
