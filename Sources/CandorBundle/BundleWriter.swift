import CandorData
import CandorIntegrity
public import CandorScoring
import Foundation

/// Writes a risk model as the bytes of a `.candor` file.
public enum BundleWriter {
  /// The bytes of a bundle; equal models give equal bytes.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - includingReferences: Whether the rows that explanations compare with travel along; without
  ///     them the bundle scores but does not explain.
  /// - Returns: A file in the safetensors layout.
  /// - Throws: `BundleError` where the model cannot be written.
  public static func bytes(
    of model: RiskModel, includingReferences: Bool = true
  ) throws(BundleError) -> [UInt8] {
    let archive = model.scorer.archive
    var tensors: [(name: String, tensor: TensorArchive.Tensor)] = []
    for name in archive.tensors.keys.sorted() {
      if let tensor = archive.tensors[name] {
        tensors.append((BundleHeader.scorerTensor(name), tensor))
      }
    }
    var references: [BundleHeader.Reference] = []
    for (position, rows) in (includingReferences ? model.references : []).enumerated() {
      for (place, column) in rows.table.columns.enumerated() {
        tensors.append((BundleHeader.referenceTensor(position, place), tensor(of: column)))
      }
      references.append(
        BundleHeader.Reference(
          name: rows.name, description: rows.description, hash: rows.hash,
          rows: rows.table.rowCount,
          columns: rows.table.columns.map {
            BundleHeader.ReferenceColumn(
              name: $0.name, type: $0.type, levels: $0.codes?.levels.levels)
          }))
    }
    let header = BundleHeader(
      format: BundleHeader.currentFormat, card: model.card, schema: model.schema,
      encoder: model.encoder, attributes: archive.attributes, calibrator: model.calibrator,
      cutOff: model.cutOff, pointsScale: model.pointsScale, catalogue: model.catalogue,
      references: references)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json: Data
    do {
      json = try encoder.encode(header)
    } catch {
      throw BundleError(
        .badHeader,
        "The model's header cannot be written as JSON: \(CodingFault.sentence(error)).")
    }
    let text = String(decoding: json, as: UTF8.self)
    return try SafetensorsFile(
      tensors: tensors,
      metadata: [
        BundleHeader.metadataKey: text,
        BundleHash.metadataKey: BundleHash.value(header: text, tensors: tensors).hex,
      ]
    ).bytes()
  }

  private static func tensor(of column: Column) -> TensorArchive.Tensor {
    switch column.storage {
    case .numbers(let numbers):
      TensorArchive.Tensor(shape: [numbers.count], elements: .float64(numbers))
    case .codes(let codes, _):
      TensorArchive.Tensor(shape: [codes.count], elements: .int32(codes))
    }
  }
}
