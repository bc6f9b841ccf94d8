public import CandorData
public import CandorNumerics
public import CandorScoring

/// A fitted linear support vector machine: a signed distance, positive towards bad.
public struct LinearSVM: LinearScorer, PersistableScorer {
  /// The family's name in files.
  public static let familyName = "linear-svm"

  private let function: LinearFunction

  /// A machine from its numbers.
  public init(coefficients: [Double], intercept: Double) {
    function = LinearFunction(coefficients: coefficients, intercept: intercept)
  }

  /// One coefficient an encoded column.
  public var coefficients: [Double] { function.coefficients }
  /// The margin of the row of zeros.
  public var intercept: Double { function.intercept }
  /// The number of encoded columns that a row must have.
  public var inputWidth: Int { function.coefficients.count }
  /// A signed distance without a unit.
  public var marginScale: MarginScale { .distance }
  /// The intercept.
  public var constantTerm: Double { function.intercept }

  /// Writes one margin a row; O(rows · columns).
  ///
  /// - Parameters:
  ///   - rows: Encoded rows of width `inputWidth`.
  ///   - output: Where the margins go, in the rows' order.
  /// - Throws: `ScoringError` where the width differs, a value is not finite, or `output` has
  ///   another length.
  public func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    function.margins(of: rows, into: &output)
  }

  /// The gradient of each margin: the coefficients.
  ///
  /// - Parameter rows: Encoded rows of width `inputWidth`.
  /// - Returns: A matrix of the rows' shape with the coefficients in every row.
  /// - Throws: `ScoringError` as in scoring.
  public func gradients(at rows: EncodedRows) throws(ScoringError) -> Matrix {
    try checkInput(rows, places: rows.count)
    return function.gradients(at: rows)
  }

  /// The terms `coefficient · column` of each row.
  ///
  /// - Parameter rows: Encoded rows of width `inputWidth`.
  /// - Returns: A matrix of the rows' shape.
  /// - Throws: `ScoringError` as in scoring.
  public func terms(of rows: EncodedRows) throws(ScoringError) -> Matrix {
    try checkInput(rows, places: rows.count)
    return function.terms(of: rows)
  }

  /// The tensors `coefficients` and `intercept`.
  public var archive: TensorArchive { function.archive }

  /// Reads what `archive` wrote.
  ///
  /// - Parameter archive: The stored tensors.
  /// - Throws: `ScoringError` where a tensor is absent, of another shape, or not finite.
  public init(archive: TensorArchive) throws(ScoringError) {
    function = try LinearFunction(archive: archive)
  }
}
