import CandorBundle
import CandorData
import CandorIntegrity
import CandorScoring
import Foundation
import Testing

@Suite("A risk model through a bundle") struct BundleRoundTripTests {
  private let model: RiskModel
  private let bytes: [UInt8]

  init() throws {
    model = try ToyModel.model()
    bytes = try BundleWriter.bytes(of: model)
  }

  private func read(_ bytes: [UInt8]) throws(BundleError) -> RiskModel {
    try BundleReader.read(bytes: bytes, registry: ToyModel.registry)
  }

  @Test("Every part comes back as it was")
  func parts() throws {
    let found = try read(bytes)
    #expect(found.card == model.card)
    #expect(found.schema == model.schema)
    #expect(found.encoder == model.encoder)
    #expect(found.scorer.archive == model.scorer.archive)
    #expect(found.calibrator == model.calibrator)
    #expect(found.cutOff == model.cutOff)
    #expect(found.pointsScale == model.pointsScale)
    #expect(found.catalogue == model.catalogue)
    #expect(found.features == model.features)
  }

  @Test("Scores of new rows agree to the bit")
  func scores() throws {
    let rows = try ToyModel.table(rows: 300, seed: 2)
    let expected = try model.score(rows)
    let found = try read(bytes).score(rows)
    #expect(found.count == 300)
    for (a, b) in zip(found, expected) {
      #expect(a.margin.bitPattern == b.margin.bitPattern)
      #expect(a.logOdds.bitPattern == b.logOdds.bitPattern)
      #expect(a.probability.bitPattern == b.probability.bitPattern)
      #expect(a.points.bitPattern == b.points.bitPattern)
      #expect(a.decision == b.decision)
    }
    #expect(Set(expected.map(\.decision)).count == 2)
  }

  @Test("Equal models give equal bytes, and a model that was read gives the bytes it came from")
  func equalBytes() throws {
    #expect(try BundleWriter.bytes(of: model) == bytes)
    #expect(try BundleWriter.bytes(of: ToyModel.model()) == bytes)
    #expect(try BundleWriter.bytes(of: read(bytes)) == bytes)
  }

  @Test("Reference rows come back to the bit, and have the hash that the bundle names")
  func references() throws {
    let found = try read(bytes).references
    #expect(found.map(\.name) == ["population", "few"])
    for (rows, original) in zip(found, model.references) {
      #expect(rows.description == original.description)
      #expect(rows.hash == original.hash)
      #expect(TableHash.value(of: rows.table).hex == original.hash)
      #expect(rows.table.names == ToyModel.features)
      for (column, expected) in zip(rows.table.columns, original.table.columns) {
        #expect(column.type == expected.type)
        #expect(
          column.numbers?.map(\.bitPattern) == expected.numbers?.map(\.bitPattern))
        #expect(column.codes?.codes == expected.codes?.codes)
        #expect(column.codes?.levels == expected.codes?.levels)
      }
    }
  }

  @Test("Without references the bundle is smaller, names none of their cells, and scores alike")
  func withoutReferences() throws {
    let short = try BundleWriter.bytes(of: model, includingReferences: false)
    #expect(short.count < bytes.count)
    let found = try read(short)
    #expect(found.references.isEmpty)
    #expect(try SafetensorsFile(bytes: short).tensors.map(\.name) == ["scorer/weights"])
    let rows = try ToyModel.table(rows: 20, seed: 3)
    #expect(try found.score(rows) == model.score(rows))
  }

  @Test("A file is read as its bytes are, and faults name the file")
  func files() throws {
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("candor-bundle-\(UUID().uuidString).candor")
    defer { try? FileManager.default.removeItem(at: place) }
    let absent = #expect(throws: BundleError.self) {
      try BundleReader.read(file: place.path, registry: ToyModel.registry)
    }
    #expect(absent?.code == .notReadable)
    try Data(bytes).write(to: place)
    let found = try BundleReader.read(file: place.path, registry: ToyModel.registry)
    #expect(found.card == model.card)
    try Data(bytes.dropLast(3)).write(to: place)
    let cut = #expect(throws: BundleError.self) {
      try BundleReader.read(file: place.path, registry: ToyModel.registry)
    }
    #expect(cut?.code == .truncated)
    #expect(cut?.description.hasPrefix(place.path + ": ") == true)
  }

  @Test("A number that JSON has no form for is refused when it is written")
  func notFinite() throws {
    let broken = try RiskModel(
      card: model.card, schema: model.schema, encoder: model.encoder, scorer: model.scorer,
      calibrator: .platt(slope: .nan, offset: 0), cutOff: model.cutOff,
      pointsScale: model.pointsScale, catalogue: model.catalogue, references: [])
    let error = #expect(throws: BundleError.self) { try BundleWriter.bytes(of: broken) }
    #expect(error?.code == .badHeader)
  }
}
