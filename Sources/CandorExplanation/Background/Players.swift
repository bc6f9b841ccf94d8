public import CandorData

/// A declared group of source features that move together and share one attribution.
public struct PlayerGroup: Sendable, Equatable, Codable {
  /// The group's name.
  public let name: String
  /// The source features in it.
  public let members: [String]

  /// Names a group.
  public init(name: String, members: [String]) {
    self.name = name
    self.members = members
  }
}

/// Who shares the explained value: source features, or groups of them.
///
/// All encoded columns of a source feature (one-hot levels, missing flag, derived copies) move
/// together. A source feature that the encoder dropped stays a player whose attribution is zero.
public struct Players: Sendable, Equatable, Codable {
  /// The players' names: groups stand where their first member stood.
  public let names: [String]
  /// The source features of each player.
  public let members: [[String]]
  /// The encoded columns of each player, rising.
  public let columns: [[Int]]
  /// The number of encoded columns.
  public let width: Int
  /// The encoded columns that hold level codes, with their number of levels.
  public let levelCounts: [Int: Int]

  /// Makes players from a feature map; throws where a group names an unknown feature, is empty,
  /// shares a member with another group, or has the name of another player.
  public init(
    featureMap: FeatureMap, groups: [PlayerGroup] = []
  ) throws(ExplanationError) {
    var groupOf: [String: Int] = [:]
    let sources = featureMap.sourceNames
    for (position, group) in groups.enumerated() {
      guard !group.members.isEmpty else {
        throw ExplanationError(.badOption, "The group \"\(group.name)\" has no members.")
      }
      for member in group.members {
        guard sources.contains(member) else {
          let advice =
            nearestName(to: member, among: sources).map { "; did you mean \"\($0)\"?" } ?? "."
          throw ExplanationError(
            .unknownFeature,
            "The group \"\(group.name)\" names the unknown feature \"\(member)\"\(advice)")
        }
        guard groupOf.updateValue(position, forKey: member) == nil else {
          throw ExplanationError(
            .badOption,
            "The feature \"\(member)\" stands in a group twice; a feature has one group at most.")
        }
      }
    }
    var names: [String] = []
    var members: [[String]] = []
    var columns: [[Int]] = []
    var placeOfGroup: [Int: Int] = [:]
    for source in featureMap.sources {
      if let group = groupOf[source.name] {
        if let place = placeOfGroup[group] {
          members[place].append(source.name)
          columns[place].append(contentsOf: source.columns)
          continue
        }
        placeOfGroup[group] = names.count
        names.append(groups[group].name)
      } else {
        names.append(source.name)
      }
      members.append([source.name])
      columns.append(Array(source.columns))
    }
    for (position, group) in groups.enumerated() {
      guard !groups[..<position].contains(where: { $0.name == group.name }) else {
        throw ExplanationError(
          .badOption, "Two groups are named \"\(group.name)\"; rename one of them.")
      }
      if sources.contains(group.name), groupOf[group.name] == nil {
        throw ExplanationError(
          .badOption,
          "The group \"\(group.name)\" of \(group.members.map { "\"\($0)\"" }.joined(separator: ", "))"
            + " has the name of the feature \"\(group.name)\", which is not in it; rename the group."
        )
      }
    }
    guard Set(names).count == names.count else {
      throw ExplanationError(
        .badOption, "Two features of the model have one name; rename one of the columns.")
    }
    self.names = names
    self.members = members
    self.columns = columns
    width = featureMap.width
    levelCounts = featureMap.levelCounts
  }

  /// The number of players.
  public var count: Int { names.count }

  /// The positions of the players that have encoded columns.
  package var active: [Int] { columns.indices.filter { !columns[$0].isEmpty } }

  /// The signed sum of one number an encoded column over each player's columns.
  package func sums(of perColumn: some RandomAccessCollection<Double>) -> [Double] {
    columns.map { block in
      block.reduce(0) { $0 + perColumn[perColumn.index(perColumn.startIndex, offsetBy: $1)] }
    }
  }

  /// Checks that rows and a background have the players' width.
  package func check(
    rows: EncodedRows, background: Background? = nil
  ) throws(ExplanationError) {
    guard rows.width == width else {
      throw ExplanationError(
        .badShape,
        "The rows have \(rows.width) encoded columns where the feature map has \(width).")
    }
    if let background, background.rows.width != width {
      throw ExplanationError(
        .badShape,
        "The background \"\(background.name)\" has \(background.rows.width) encoded columns where "
          + "the feature map has \(width).")
    }
  }
}
