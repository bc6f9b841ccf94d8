/// The families that a reader of bundles knows, by the name that stands in files.
public struct FamilyRegistry: Sendable {
  /// Makes a scorer from an archive.
  public typealias Loader =
    @Sendable (TensorArchive) throws(ScoringError) -> any PersistableScorer

  private var loaders: [String: Loader] = [:]

  /// A registry that knows no family yet.
  public init() {}

  /// Adds a family.
  public mutating func register<Model: PersistableScorer>(_ family: Model.Type) {
    loaders[Model.familyName] = { (archive: TensorArchive) throws(ScoringError) in
      try Model(archive: archive)
    }
  }

  /// The known names, sorted.
  public var familyNames: [String] { loaders.keys.sorted() }

  /// Reads a scorer of a named family.
  ///
  /// - Parameters:
  ///   - family: The name that stands in the file.
  ///   - archive: The scorer's contents.
  /// - Returns: The scorer, validated.
  /// - Throws: `ScoringError` where the family is unknown or the archive does not hold.
  public func load(
    family: String, archive: TensorArchive
  ) throws(ScoringError) -> any PersistableScorer {
    guard let loader = loaders[family] else {
      throw ScoringError(
        .unknownFamily,
        "The model is of family \"\(family)\"; this version knows \(familyNames.joined(separator: ", "))."
      )
    }
    return try loader(archive)
  }
}
