public import CandorData
import CandorNumerics

/// The applicants over whom effects are averaged: raw cells, as a reader sees them, beside the
/// encoded rows that the model scores.
public struct EffectSample: Sendable {
  /// From cells to encoded columns.
  public let encoder: Encoder
  /// The raw cells, with a column for each feature of the encoder.
  public let table: Table
  /// The encoded rows, named, weighted and hashed.
  public let background: Background

  /// Encodes a sample.
  ///
  /// - Parameters:
  ///   - name: The name that a reader sees, for example `training sample`.
  ///   - table: The applicants.
  ///   - encoder: The model's encoder.
  ///   - weights: One non-negative weight a row; nil means one each.
  ///   - hash: The rows' hash, where the caller has one.
  /// - Throws: `ExplanationError` where the table does not fit the encoder, or has no rows.
  public init(
    name: String, table: Table, encoder: Encoder, weights: [Double]? = nil, hash: String? = nil
  ) throws(ExplanationError) {
    let rows: EncodedRows
    do throws(DataError) {
      rows = try encoder.encode(table)
    } catch {
      throw ExplanationError(data: error)
    }
    self.encoder = encoder
    self.table = table
    background = try Background(name: name, rows: rows, weights: weights, hash: hash)
  }

  private init(encoder: Encoder, table: Table, background: Background) {
    self.encoder = encoder
    self.table = table
    self.background = background
  }

  /// The number of applicants.
  public var count: Int { background.count }

  /// The rows at these positions, in this order, under the same name with a hash of their own; the
  /// whole sample as it is where no row would be left out.
  package func selecting(rows: [Int]) throws(ExplanationError) -> EffectSample {
    if rows.count == count { return self }
    return EffectSample(
      encoder: encoder, table: table.selecting(rows: rows),
      background: try Background(
        name: background.name, rows: background.rows.selecting(rows: rows),
        weights: background.weights.map { weights in rows.map { weights[$0] } }))
  }

  /// The raw cells of a feature.
  func column(of feature: String) throws(ExplanationError) -> Column {
    do throws(DataError) {
      _ = try encoder.requiredStep(of: feature)
      return try table.requiredColumn(feature)
    } catch {
      throw ExplanationError(data: error)
    }
  }

  /// The encoded columns of a feature.
  func columns(of feature: String) -> Range<Int> {
    encoder.featureMap.sources.first { $0.name == feature }?.columns ?? 0..<0
  }
}

extension ExplanationError {
  /// Passes on what is wrong with cells that an explanation read.
  init(data error: DataError) {
    self.init(
      error.code == .missingColumn ? .unknownFeature : .badShape,
      "The sample of the explanation does not fit the model: \(error.description).")
  }

  /// Passes on a failure of the numerics.
  init(numerical error: LinearAlgebraError) { self.init(.numerical, error.description) }
}
