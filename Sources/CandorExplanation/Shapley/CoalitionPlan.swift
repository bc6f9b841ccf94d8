/// All coalitions that the exact values of a small game need, and how their worths become values.
///
/// Players are counted from zero, a coalition is a word with a bit a player. Without groups these are
/// all coalitions, and the value weighs a player's marginal contribution to a coalition of s others by
/// `s! (n − s − 1)! / n!` (Shapley 1953). With groups they are the unions of whole groups and part of
/// one further group, and the weight is the product of two such weights, one for the groups that
/// have joined and one for the members of the player's own (Owen 1977,
/// doi:10.1007/978-3-642-45494-3_7).
struct CoalitionPlan: Sendable {
  /// The most players of a game without groups.
  static let mostPlayers = 24
  /// The most players of a game with groups.
  static let mostGroupedPlayers = 62

  /// The number of players.
  let count: Int
  /// The players of each group; nil without groups.
  let groups: [[Int]]?
  /// With groups: the coalitions that count, rising, without the empty and the whole one.
  private let chosen: [UInt64]
  private let placeOf: [UInt64: Int]

  /// Makes the plan of a game without groups, for `mostPlayers` at most.
  init(players count: Int) {
    self.count = count
    groups = nil
    chosen = []
    placeOf = [:]
  }

  /// Makes the plan of a game whose players are in groups, each in one.
  init(groups: [[Int]]) {
    count = groups.reduce(0) { $0 + $1.count }
    self.groups = groups
    let whole = Self.whole(count)
    var found: Set<UInt64> = []
    Self.forEachPart(groups) { joined, _, own in
      for subset in 0..<(UInt64(1) << own.count) {
        found.insert(joined | Self.coalition(subset, of: own))
      }
    }
    chosen = found.filter { $0 != 0 && $0 != whole }.sorted()
    var places: [UInt64: Int] = [:]
    for (place, coalition) in chosen.enumerated() { places[coalition] = place }
    placeOf = places
  }

  /// How many coalitions a game of so many players in these groups has, the empty and the whole one
  /// left out, or an upper bound of it; a large number where it would not fit.
  static func cost(players: Int, groups: [[Int]]?) -> Int {
    guard let groups else {
      return players > mostPlayers ? .max / 4 : max((1 << players) - 2, 0)
    }
    guard players <= mostGroupedPlayers, groups.count <= mostPlayers,
      groups.allSatisfy({ $0.count <= mostPlayers })
    else { return .max / 4 }
    return groups.reduce(1 << groups.count) {
      $0 + (1 << (groups.count - 1)) * max((1 << $1.count) - 2, 0)
    }
  }

  /// The number of coalitions to be valued.
  var coalitions: Int { groups == nil ? max((1 << count) - 2, 0) : chosen.count }

  /// The coalition at a place, from zero.
  func coalition(_ place: Int) -> UInt64 {
    groups == nil ? UInt64(place + 1) : chosen[place]
  }

  /// The players' values.
  ///
  /// - Parameters:
  ///   - worths: One number a coalition, in the plan's order.
  ///   - empty: The worth of the empty coalition.
  ///   - whole: The worth of all players.
  /// - Returns: One value a player.
  func values(of worths: [Double], empty: Double, whole: Double) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    guard let groups else {
      let weights = Self.sizeWeights(count)
      let last = (1 << count) - 1
      for joined in 0..<max(last, 0) {
        let before = joined == 0 ? empty : worths[joined - 1]
        let weight = weights[joined.nonzeroBitCount]
        for player in 0..<count where joined >> player & 1 == 0 {
          let after = joined | 1 << player
          result[player] += weight * ((after == last ? whole : worths[after - 1]) - before)
        }
      }
      return result
    }
    let all = Self.whole(count)
    func worth(_ coalition: UInt64) -> Double {
      if coalition == 0 { return empty }
      if coalition == all { return whole }
      return placeOf[coalition].map { worths[$0] } ?? .nan
    }
    let outer = Self.sizeWeights(groups.count)
    Self.forEachPart(groups) { joined, size, own in
      let inner = Self.sizeWeights(own.count)
      let part = (0..<(1 << own.count)).map {
        worth(joined | Self.coalition(UInt64($0), of: own))
      }
      for subset in part.indices {
        let weight = outer[size] * inner[min(subset.nonzeroBitCount, own.count - 1)]
        for (bit, player) in own.enumerated() where subset >> bit & 1 == 0 {
          result[player] += weight * (part[subset | 1 << bit] - part[subset])
        }
      }
    }
    return result
  }

  /// `s! (n − s − 1)! / n!` for each size s of the coalition that is joined.
  static func sizeWeights(_ n: Int) -> [Double] {
    guard n > 0 else { return [] }
    var weights = [1 / Double(n)]
    for s in 1..<max(n, 1) { weights.append(weights[s - 1] * Double(s) / Double(n - s)) }
    return weights
  }

  private static func whole(_ count: Int) -> UInt64 { (UInt64(1) << count) - 1 }

  private static func coalition(_ subset: UInt64, of members: [Int]) -> UInt64 {
    var result: UInt64 = 0
    for (bit, member) in members.enumerated() where subset >> bit & 1 == 1 {
      result |= 1 << member
    }
    return result
  }

  /// Calls `body` with every union of other groups, how many they are, and the group that is next.
  private static func forEachPart(
    _ groups: [[Int]], _ body: (_ joined: UInt64, _ size: Int, _ own: [Int]) -> Void
  ) {
    let unions = groups.map { coalition((UInt64(1) << $0.count) - 1, of: $0) }
    for (position, own) in groups.enumerated() {
      for others in 0..<(1 << groups.count) where others >> position & 1 == 0 {
        var joined: UInt64 = 0
        for other in groups.indices where others >> other & 1 == 1 { joined |= unions[other] }
        body(joined, others.nonzeroBitCount, own)
      }
    }
  }
}
