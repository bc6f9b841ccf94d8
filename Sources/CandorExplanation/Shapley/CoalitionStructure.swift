import CandorNumerics

/// Which players stand together: in a random order the members of a group are neighbours.
struct CoalitionStructure: Sendable {
  /// The group of each player, from zero.
  let groupOf: [Int]
  /// The number of groups.
  let count: Int

  /// The groups of some players, as positions among them, without groups that none of them is in.
  func local(_ players: [Int]) -> [[Int]] {
    var members = [[Int]](repeating: [], count: count)
    for (position, player) in players.enumerated() { members[groupOf[player]].append(position) }
    return members.filter { !$0.isEmpty }
  }

  /// A random order of some players as positions among them: groups in a random order, then the
  /// members of each.
  func order(of players: [Int], using generator: inout CounterGenerator) -> [Int] {
    var groups = local(players)
    Sampling.shuffle(&groups, using: &generator)
    var order: [Int] = []
    order.reserveCapacity(players.count)
    for var group in groups {
      Sampling.shuffle(&group, using: &generator)
      order += group
    }
    return order
  }
}
