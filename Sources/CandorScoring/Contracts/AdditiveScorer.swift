public import CandorData
public import CandorNumerics

/// A scorer whose margin is a constant plus one term an encoded column.
public protocol AdditiveScorer: Scorer {
  /// The margin that remains when every term is zero.
  var constantTerm: Double { get }

  /// The terms of each row.
  ///
  /// - Parameter rows: Encoded rows of width `inputWidth`.
  /// - Returns: A matrix of the rows' shape whose row sums plus `constantTerm` are the margins.
  /// - Throws: `ScoringError` as in scoring.
  func terms(of rows: EncodedRows) throws(ScoringError) -> Matrix
}
