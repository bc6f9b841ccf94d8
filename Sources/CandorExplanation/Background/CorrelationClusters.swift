public import CandorData
import CandorNumerics

/// Which players say much the same, whatever a model makes of them.
///
/// The association of two source features is the absolute Spearman correlation of two numbers, the
/// bias-corrected V of Cramér of two sets of levels, and of a number and levels the bias-corrected
/// correlation ratio of the number's ranks (`Association`); that of two groups is the largest among
/// their members. Players are joined from the bottom (agglomerative clustering with distance
/// `1 − association`) as long as the linkage's distance is at most `1 − cut`.
public struct CorrelationClusters: Sendable, Equatable, Codable {
  /// What the distance of two clusters is.
  public enum Linkage: String, Sendable, Codable {
    /// The largest distance of two members: in a cluster every two are associated at least at the
    /// cut.
    case complete
    /// The mean distance of two members.
    case average
  }

  /// One joining of two clusters, numbered as in SciPy: players first, then the joinings in order.
  public struct Join: Sendable, Equatable, Codable {
    /// The lower number of the two.
    public let first: Int
    /// The higher number.
    public let second: Int
    /// Their distance.
    public let distance: Double
    /// The players in both together.
    public let size: Int
  }

  /// The players' names.
  public let names: [String]
  /// The association of every two players, row by row, 1 on the diagonal.
  public let associations: [Double]
  /// The distance between clusters.
  public let linkage: Linkage
  /// The association from which players stand together.
  public let cut: Double
  /// All joinings, by rising distance.
  public let joins: [Join]
  /// The clusters by their first player, single players included.
  public let clusters: [[String]]

  /// Measures associations and joins players; O(players² · rows + players³).
  ///
  /// - Parameters:
  ///   - rows: Encoded rows, at least three.
  ///   - featureMap: Which encoded columns are which source feature.
  ///   - players: Source features, or groups, of this map.
  ///   - linkage: The distance between clusters.
  ///   - cut: The association from which players stand together, above 0 and at most 1.
  ///   - threads: At most so many threads; the result does not depend on it.
  /// - Throws: `ExplanationError` where shapes differ or the cut is out of range.
  public init(
    rows: EncodedRows, featureMap: FeatureMap, players: Players, linkage: Linkage = .complete,
    cut: Double = 0.7, threads: Int = 1
  ) throws(ExplanationError) {
    try players.check(rows: rows)
    guard featureMap.width == rows.width, rows.count >= 3 else {
      throw ExplanationError(
        .badShape,
        "Clusters need at least three rows of \(featureMap.width) encoded columns; there are "
          + "\(rows.count) of \(rows.width).")
    }
    let matrix = rows.matrix
    var features: [String: Association.Feature] = [:]
    for source in featureMap.sources {
      features[source.name] = Association.Feature(
        matrix, columns: Array(source.columns), levelCounts: featureMap.levelCounts)
    }
    let members = players.members.map { $0.compactMap { features[$0] } }
    let count = players.count
    let pairs = (0..<count).flatMap { a in (0..<a).map { (a, $0) } }
    let found = Parallel.map(count: pairs.count, threads: threads) { index -> Double in
      let (a, b) = pairs[index]
      var largest = 0.0
      for first in members[a] {
        for second in members[b] { largest = max(largest, Association.of(first, second)) }
      }
      return largest
    }
    var associations = [Double](repeating: 1, count: count * count)
    for ((a, b), value) in zip(pairs, found) {
      associations[a * count + b] = value
      associations[b * count + a] = value
    }
    try self.init(names: players.names, associations: associations, linkage: linkage, cut: cut)
  }

  /// Joins players by given associations, row by row; throws where these are no symmetric matrix of
  /// numbers from 0 to 1, or the cut is out of range.
  public init(
    names: [String], associations: [Double], linkage: Linkage = .complete, cut: Double = 0.7
  ) throws(ExplanationError) {
    let count = names.count
    guard associations.count == count * count,
      associations.allSatisfy({ $0 >= 0 && $0 <= 1 }),
      (0..<count).allSatisfy({ a in
        (0..<a).allSatisfy { associations[a * count + $0] == associations[$0 * count + a] }
      })
    else {
      throw ExplanationError(
        .badShape,
        "Associations of \(count) players must be a symmetric matrix of numbers from 0 to 1.")
    }
    guard cut > 0, cut <= 1 else {
      throw ExplanationError(
        .badOption, "The cut of the clusters is \(cut); it must be above 0 and at most 1.")
    }
    self.names = names
    self.associations = associations
    self.linkage = linkage
    self.cut = cut
    joins = Self.joins(associations, count: count, linkage: linkage)
    var groups: [Int: [Int]] = [:]
    for i in 0..<count { groups[i] = [i] }
    for (i, join) in joins.enumerated() where join.distance <= 1 - cut + 1e-12 {
      // Distances never fall, so that both parts were joined before.
      let both = (groups[join.first] ?? []) + (groups[join.second] ?? [])
      groups[join.first] = nil
      groups[join.second] = nil
      groups[count + i] = both.sorted()
    }
    clusters = groups.values.sorted { ($0.first ?? 0) < ($1.first ?? 0) }.map {
      $0.map { names[$0] }
    }
  }

  /// The association of two players, nil where one is unknown.
  public func association(_ first: String, _ second: String) -> Double? {
    guard let a = names.firstIndex(of: first), let b = names.firstIndex(of: second) else {
      return nil
    }
    return associations[a * names.count + b]
  }

  /// The players that stand together with this one, itself included; alone where it is unknown.
  public func cluster(of player: String) -> [String] {
    clusters.first { $0.contains(player) } ?? [player]
  }

  /// The clusters of two players or more.
  public var joined: [[String]] { clusters.filter { $0.count > 1 } }

  /// Joins the two nearest clusters until one is left (Lance and Williams 1967,
  /// doi:10.1093/comjnl/9.4.373); of equal distances the one of the lowest numbers.
  private static func joins(_ associations: [Double], count: Int, linkage: Linkage) -> [Join] {
    var distances = associations.map { 1 - $0 }
    // The number and the size of the cluster in each place; places of joined ones are empty.
    var numbers: [Int?] = Array(0..<count)
    var sizes = [Int](repeating: 1, count: count)
    var joins: [Join] = []
    while joins.count + 1 < count {
      var best = (a: -1, b: -1, distance: Double.infinity)
      for a in 0..<count where numbers[a] != nil {
        for b in 0..<a where numbers[b] != nil {
          let distance = distances[a * count + b]
          if distance < best.distance { best = (a, b, distance) }
        }
      }
      guard best.a >= 0, let one = numbers[best.a], let other = numbers[best.b] else { break }
      let size = sizes[best.a] + sizes[best.b]
      joins.append(
        Join(
          first: min(one, other), second: max(one, other), distance: best.distance, size: size))
      for c in 0..<count where numbers[c] != nil && c != best.a && c != best.b {
        let first = distances[best.a * count + c]
        let second = distances[best.b * count + c]
        let joined: Double
        switch linkage {
        case .complete: joined = max(first, second)
        case .average:
          joined =
            (Double(sizes[best.a]) * first + Double(sizes[best.b]) * second) / Double(size)
        }
        distances[best.b * count + c] = joined
        distances[c * count + best.b] = joined
      }
      numbers[best.a] = nil
      numbers[best.b] = count + joins.count - 1
      sizes[best.b] = size
    }
    return joins
  }
}
