public import CandorData
import CandorNumerics

/// A risk model made ready to score one applicant at a time.
public struct PreparedModel: Sendable {
  /// The model.
  public let model: RiskModel
  private let encoder: RowEncoder

  init(_ model: RiskModel) {
    self.model = model
    encoder = RowEncoder(model.encoder)
  }

  /// The features, in the order of the cells.
  public var features: [String] { encoder.features }

  /// Scores one applicant, to the bit as `RiskModel.score` scores a table of one row.
  ///
  /// - Parameter cells: One cell a feature, in the order of `features`.
  /// - Returns: Margin, PD, points and decision.
  /// - Throws: `DataError` where the cells do not fit the features; `ScoringError` where the scorer
  ///   refuses.
  public func score(_ cells: [Cell]) throws -> ScoredRow {
    let values = try encoder.encode(cells)
    let row = EncodedRows(try Matrix(rows: 1, columns: values.count, values: values))
    return model.scored(try model.scorer.margins(of: row)[0])
  }
}

extension RiskModel {
  /// The model made ready to score one applicant at a time; make it once, O(levels).
  public func prepared() -> PreparedModel { PreparedModel(self) }
}
