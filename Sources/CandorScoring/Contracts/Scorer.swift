public import CandorData
import CandorNumerics

/// A fitted model: encoded rows in, raw margins out.
///
/// A margin rises with the risk that the row turns out bad; its unit is the family's own
/// (`marginScale`). Scoring is pure: equal rows give equal bits, alone or in a batch, in any order
/// and on any number of threads. A row with a value that is not finite is refused; a scorer that
/// `acceptsMissing` takes NaN as a missing cell. Dense and compact rows that say the same give equal
/// bits.
public protocol Scorer: Sendable {
  /// The number of encoded columns that a row must have.
  var inputWidth: Int { get }

  /// What a margin of this scorer is.
  var marginScale: MarginScale { get }

  /// Whether a missing cell (NaN) is scored as such; infinity never is.
  var acceptsMissing: Bool { get }

  /// Writes one margin a row; `output` has exactly `rows.count` places.
  ///
  /// - Parameters:
  ///   - rows: Encoded rows of width `inputWidth`.
  ///   - output: Where the margins go, in the rows' order.
  /// - Throws: `ScoringError` where the width differs, a value is not finite, or `output` has
  ///   another length.
  func margins(of rows: EncodedRows, into output: inout MutableSpan<Double>) throws(ScoringError)
}

/// What a raw margin is, before calibration.
public enum MarginScale: String, Sendable, Codable {
  /// Log-odds of bad, fitted as such (logistic regression, a net with a sigmoid output).
  case logOdds
  /// A share in [0, 1] (a forest's mean leaf share of bad).
  case probability
  /// A signed distance without a unit (a support vector machine).
  case distance
  /// The target's own unit (regression, for example a loss given default).
  case target
}

extension Scorer {
  /// Missing cells are refused unless a scorer says otherwise.
  public var acceptsMissing: Bool { false }

  /// One margin a row, in order.
  ///
  /// - Parameter rows: Encoded rows of width `inputWidth`.
  /// - Returns: As many margins as rows.
  /// - Throws: `ScoringError` where the width differs or a value is not finite.
  public func margins(of rows: EncodedRows) throws(ScoringError) -> [Double] {
    var output = [Double](repeating: 0, count: rows.count)
    var span = output.mutableSpan
    try margins(of: rows, into: &span)
    return output
  }

  /// Checks what every scorer checks before it computes.
  ///
  /// - Parameters:
  ///   - rows: The rows to be scored.
  ///   - places: How many results the caller has room for.
  /// - Throws: `ScoringError` with the first thing that does not fit.
  public func checkInput(_ rows: EncodedRows, places: Int) throws(ScoringError) {
    guard rows.width == inputWidth else {
      throw ScoringError(
        .widthMismatch,
        "The rows have \(rows.width) encoded columns where the model takes \(inputWidth).")
    }
    guard places == rows.count else {
      throw ScoringError(
        .widthMismatch, "There is room for \(places) margins where there are \(rows.count) rows.")
    }
    let found =
      acceptsMissing
      ? rows.firstCell { $0.isInfinite } : rows.firstCell { !$0.isFinite }
    if let found {
      throw ScoringError(
        .notFinite,
        "Row \(found.row) has \(found.value) in encoded column \(found.column); "
          + (found.value.isNaN
            ? "the encoder must fill missing values first." : "a value must be finite."))
    }
  }
}
