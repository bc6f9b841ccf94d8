/// Source features that share one reason.
public struct FeatureGroup: Sendable, Equatable, Codable {
  /// The group's name, as in the study.
  public let name: String
  /// The source features in it.
  public let members: [String]

  /// Joins a name to its members.
  public init(name: String, members: [String]) {
    self.name = name
    self.members = members
  }
}

/// The wording of reasons: one entry a source feature or group.
public struct ReasonCatalogue: Sendable, Equatable, Codable {
  /// What is said when a feature or group is a principal reason.
  public struct Entry: Sendable, Equatable, Codable {
    /// The source feature or group that the entry speaks for.
    public let subject: String
    /// The institution's code, for example `R03`.
    public let code: String?
    /// The wording by language tag (`en`, `zh-Hans`).
    public let wording: [String: String]
    /// Whether the applicant cannot change the factor soon; it is printed all the same.
    public let immutable: Bool

    /// Joins a subject to its code and wording.
    public init(subject: String, code: String?, wording: [String: String], immutable: Bool = false)
    {
      self.subject = subject
      self.code = code
      self.wording = wording
      self.immutable = immutable
    }
  }

  /// The entries; their order is the priority that breaks ties.
  public let entries: [Entry]
  /// The groups; a feature stands in one group at most.
  public let groups: [FeatureGroup]

  /// Joins entries and groups.
  public init(entries: [Entry] = [], groups: [FeatureGroup] = []) {
    self.entries = entries
    self.groups = groups
  }

  /// The entry for a source feature or group, nil where the catalogue has none.
  public func entry(for subject: String) -> Entry? { entries.first { $0.subject == subject } }

  /// The players of reasons: groups, then the features that stand in none, in the features' order.
  ///
  /// - Parameter features: The model's source features.
  /// - Returns: Each player with its members, restricted to these features; a group without any is
  ///   left out.
  public func players(for features: [String]) -> [FeatureGroup] {
    var players: [FeatureGroup] = []
    var placed: Set<String> = []
    for feature in features where !placed.contains(feature) {
      if let group = groups.first(where: { $0.members.contains(feature) }) {
        let members = features.filter { group.members.contains($0) }
        players.append(FeatureGroup(name: group.name, members: members))
        placed.formUnion(members)
      } else {
        players.append(FeatureGroup(name: feature, members: [feature]))
        placed.insert(feature)
      }
    }
    return players
  }

  /// The groups among those players: every player whose name is not that of its only member.
  public func declaredGroups(for features: [String]) -> [FeatureGroup] {
    players(for: features).filter { $0.members != [$0.name] }
  }

  /// The wording for a subject in a language, or the subject's own name where there is none.
  public func wording(for subject: String, language: String) -> String {
    entry(for: subject)?.wording[language] ?? subject
  }
}
