/// The families that a reader of bundles knows, by the name that stands in files.
public struct FamilyRegistry: Sendable {
  private var families: [String: any PersistableScorer.Type] = [:]

  /// A registry that knows no family yet.
  public init() {}

  /// Adds a family under its own name.
  public mutating func register(_ family: any PersistableScorer.Type) {
    families[family.familyName] = family
  }

  /// The known names, sorted.
  public var familyNames: [String] { families.keys.sorted() }

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
    guard let model = families[family] else {
      throw ScoringError(
        .unknownFamily,
        "The model is of family \"\(family)\"; this version knows "
          + familyNames.joined(separator: ", ") + "."
      )
    }
    return try model.init(archive: archive)
  }
}
