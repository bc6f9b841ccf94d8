import CandorData
import CandorScoring

/// What a bundle's header says beside its tensors: one JSON text in the file's metadata.
struct BundleHeader: Codable {
  /// The version of the layout that this code writes and reads.
  static let currentFormat = 1
  /// The key of the JSON text in the metadata.
  static let metadataKey = "candor"

  /// A set of reference rows; its columns are tensors `reference/<position>/<column>`.
  struct Reference: Codable {
    let name: String
    let description: String
    let hash: String
    let rows: Int
    let columns: [ReferenceColumn]
  }

  /// One column of reference rows: numbers where it has no levels, else codes.
  struct ReferenceColumn: Codable {
    let name: String
    let type: ColumnType
    let levels: [String]?
  }

  let format: Int
  let card: ModelCard
  let schema: Schema
  let encoder: Encoder
  let attributes: [String: String]
  let calibrator: Calibrator
  let cutOff: Double
  let pointsScale: PointsScale
  let catalogue: ReasonCatalogue
  let references: [Reference]

  static func scorerTensor(_ name: String) -> String { "scorer/\(name)" }

  static func referenceTensor(_ reference: Int, _ column: Int) -> String {
    "reference/\(reference)/\(column)"
  }
}
