import CandorData
import CandorIntegrity
public import CandorScoring
import Foundation

/// Reads a `.candor` file: data alone, nothing in it is run, and nothing in it is believed
/// unchecked.
public enum BundleReader {
  /// Reads a bundle from a file.
  ///
  /// - Parameters:
  ///   - path: The file, as the user named it.
  ///   - registry: The families that may be in it.
  /// - Returns: The model, every part validated.
  /// - Throws: `BundleError` with the file's name and what is wrong.
  public static func read(
    file path: String, registry: FamilyRegistry
  ) throws(BundleError) -> RiskModel {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw BundleError(.notReadable, "\(path): there is no readable file here.")
    }
    do {
      return try read(bytes: Array(data), registry: registry)
    } catch {
      throw BundleError(error.code, "\(path): \(error.description)")
    }
  }

  /// Reads a bundle from its bytes.
  ///
  /// - Parameters:
  ///   - bytes: The file's bytes.
  ///   - registry: The families that may be in it.
  /// - Returns: The model, every part validated.
  /// - Throws: `BundleError` with what is wrong.
  public static func read(
    bytes: [UInt8], registry: FamilyRegistry
  ) throws(BundleError) -> RiskModel {
    let file = try SafetensorsFile(bytes: bytes)
    guard let json = file.metadata[BundleHeader.metadataKey] else {
      throw BundleError(.badHeader, "This is a safetensors file but not a Candor bundle.")
    }
    try checkVersion(json)
    try checkHash(of: file, header: json)
    let header = try decodedHeader(json)
    let tensors = Dictionary(
      file.tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    var archive = TensorArchive(attributes: header.attributes)
    let prefix = BundleHeader.scorerTensor("")
    for (name, tensor) in tensors where name.hasPrefix(prefix) {
      archive.tensors[String(name.dropFirst(prefix.count))] = tensor
    }
    do throws(ScoringError) {
      let scorer = try registry.load(family: header.card.family, archive: archive)
      var references: [ReferenceRows] = []
      for position in header.references.indices {
        references.append(
          try reference(header.references[position], position: position, tensors: tensors))
      }
      return try RiskModel(
        card: header.card, schema: header.schema, encoder: header.encoder, scorer: scorer,
        calibrator: header.calibrator, cutOff: header.cutOff, pointsScale: header.pointsScale,
        catalogue: header.catalogue, references: references)
    } catch {
      throw BundleError(.badModel, error.description)
    }
  }

  private struct Version: Decodable { let format: Int }

  /// The version comes first: another one may keep its hash elsewhere.
  private static func checkVersion(_ json: String) throws(BundleError) {
    let version: Int
    do {
      version = try JSONDecoder().decode(Version.self, from: Data(json.utf8)).format
    } catch {
      throw BundleError(.badHeader, "The bundle's header names no format version.")
    }
    guard version == BundleHeader.currentFormat else {
      throw BundleError(
        .unknownVersion,
        "The bundle has format version \(version); this version of Candor reads "
          + "\(BundleHeader.currentFormat).")
    }
  }

  private static func checkHash(
    of file: SafetensorsFile, header: String
  ) throws(BundleError) {
    guard let claimed = file.metadata[BundleHash.metadataKey] else {
      throw BundleError(
        .badHeader, "The bundle carries no SHA-256 of its contents; write it again.")
    }
    guard BundleHash.value(header: header, tensors: file.tensors).hex == claimed else {
      throw BundleError(
        .altered,
        "The bundle's contents do not have the SHA-256 that it carries; it was altered or damaged "
          + "after it was written.")
    }
  }

  private static func decodedHeader(_ json: String) throws(BundleError) -> BundleHeader {
    let header: BundleHeader
    do {
      header = try JSONDecoder().decode(BundleHeader.self, from: Data(json.utf8))
    } catch {
      throw BundleError(
        .badHeader,
        "The bundle's header does not hold what it must: \(CodingFault.sentence(error)).")
    }
    try check(header.card)
    try check(header.pointsScale)
    return header
  }

  /// The ranges are those of a study.
  private static func check(_ card: ModelCard) throws(BundleError) {
    guard (1...4).contains(card.reasonsAtMost) else {
      throw BundleError(
        .badModel,
        "The bundle asks for \(card.reasonsAtMost) reasons at most; it must be 1 to 4.")
    }
    guard (64...100_000).contains(card.permutations) else {
      throw BundleError(
        .badModel,
        "The bundle asks for \(card.permutations) pairs of permutations; it must be 64 to 100000.")
    }
  }

  private static func check(_ scale: PointsScale) throws(BundleError) {
    guard scale.basePoints.isFinite, scale.baseOdds.isFinite, scale.pointsToDoubleOdds.isFinite,
      scale.baseOdds > 0, scale.pointsToDoubleOdds > 0
    else {
      throw BundleError(
        .badModel,
        "The bundle's scale of points, \(scale.basePoints) at odds of \(scale.baseOdds) with "
          + "\(scale.pointsToDoubleOdds) to double them, is none: odds and steps must be above 0.")
    }
  }

  private static func reference(
    _ header: BundleHeader.Reference, position: Int, tensors: [String: TensorArchive.Tensor]
  ) throws(ScoringError) -> ReferenceRows {
    var columns: [Column] = []
    for (place, column) in header.columns.enumerated() {
      let name = BundleHeader.referenceTensor(position, place)
      let holdsNumbers = column.type == .numeric || column.type == .date
      switch (tensors[name]?.elements, column.levels) {
      case (.float64(let numbers)?, nil) where numbers.count == header.rows && holdsNumbers:
        guard !numbers.contains(where: \.isInfinite) else {
          throw ScoringError(
            .invalidModel, "The reference column \"\(column.name)\" has an infinite number.")
        }
        columns.append(Column(name: column.name, numbers: numbers, type: column.type))
      case (.int32(let codes)?, let levels?) where codes.count == header.rows && !holdsNumbers:
        guard codes.allSatisfy({ $0 >= -1 && $0 < levels.count }) else {
          throw ScoringError(
            .invalidModel, "The reference column \"\(column.name)\" has a code without a level.")
        }
        columns.append(
          Column(
            name: column.name, codes: codes, levels: CategoryDictionary(levels: levels),
            type: column.type))
      default:
        throw ScoringError(
          .invalidModel,
          "The reference column \"\(column.name)\" is absent or of the wrong type or length.")
      }
    }
    let table: Table
    do throws(DataError) {
      table = try Table(columns: columns)
    } catch {
      throw ScoringError(.invalidModel, error.description)
    }
    guard TableHash.value(of: table).hex == header.hash else {
      throw ScoringError(
        .invalidModel,
        "The reference rows \"\(header.name)\" do not have the hash that the bundle claims; it was "
          + "altered after it was written.")
    }
    return ReferenceRows(
      name: header.name, description: header.description, table: table, hash: header.hash)
  }
}
