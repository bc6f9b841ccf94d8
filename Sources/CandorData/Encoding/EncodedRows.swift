public import CandorNumerics

/// Rows as a scorer sees them: finite numbers, one column an encoded column.
///
/// Today the rows are dense. Scorers go through `matrix`, so that a sparse or binned form can stand
/// beside it later.
@frozen
public struct EncodedRows: Sendable, Equatable {
  /// The encoded values, a row an applicant.
  public let matrix: Matrix

  /// Wraps encoded values.
  @inlinable
  public init(_ matrix: Matrix) { self.matrix = matrix }

  /// The number of rows.
  @inlinable
  public var count: Int { matrix.rows }

  /// The number of encoded columns.
  @inlinable
  public var width: Int { matrix.columns }

  /// The rows at these positions, in this order, copied.
  public func selecting(rows: [Int]) -> EncodedRows { EncodedRows(matrix.selecting(rows: rows)) }
}
