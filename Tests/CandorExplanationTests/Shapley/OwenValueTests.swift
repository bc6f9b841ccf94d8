import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

@Suite("Owen values")
struct OwenValueTests {
  private let map = Fixtures.singles(6)
  private let players: Players
  private let background: Background
  private let rows = Fixtures.normal(2, 6, seed: 41)
  private let scorer = MinimalScorer(inputWidth: 6, Fixtures.knotted)
  private let groups = [
    PlayerGroup(name: "middle", members: ["x1", "x2", "x4"]),
    PlayerGroup(name: "ends", members: ["x0", "x5"]),
  ]

  init() throws {
    players = try Players(featureMap: map)
    background = try Background(
      name: "b", rows: Fixtures.normal(8, 6, seed: 40), weights: [1, 2, 3, 1, 0, 1, 2, 0.5])
  }

  private func explain(
    _ scorer: some Scorer, groups: [PlayerGroup], threads: Int = 1
  ) throws -> [Explanation] {
    try OwenValues.explain(
      rows, of: scorer, quantity: Fixtures.margin, players: players, groups: groups,
      background: background, seeds: SeedTree(seed: 1), threads: threads)
  }

  /// The mean of marginal contributions over all orders in which groups stand together.
  private func oracle(_ x: [Double], _ groups: [[Int]]) -> [Double] {
    func orders(_ items: [Int]) -> [[Int]] {
      items.isEmpty
        ? [[]] : items.flatMap { i in orders(items.filter { $0 != i }).map { [i] + $0 } }
    }
    let weights = background.weights ?? []
    let total = weights.reduce(0, +)
    func worth(_ coalition: Set<Int>) -> Double {
      var sum = 0.0
      for (row, weight) in zip(Fixtures.arrays(background.rows), weights) {
        let mixed = x.indices.map { coalition.contains($0) ? x[$0] : row[$0] }
        sum += weight * Fixtures.knotted(mixed)
      }
      return sum / total
    }
    var all: [[Int]] = []
    for outer in orders(Array(groups.indices)) {
      var sequences: [[Int]] = [[]]
      for group in outer {
        let inner = orders(groups[group])
        sequences = sequences.flatMap { start in inner.map { start + $0 } }
      }
      all += sequences
    }
    var sums = [Double](repeating: 0, count: x.count)
    for order in all {
      var coalition: Set<Int> = []
      for player in order {
        let before = worth(coalition)
        coalition.insert(player)
        sums[player] += worth(coalition) - before
      }
    }
    return sums.map { $0 / Double(all.count) }
  }

  @Test("They are the mean over all orders that keep groups together")
  func againstOrders() throws {
    let found = try explain(scorer, groups: groups, threads: 2)
    for (x, explanation) in zip(Fixtures.arrays(rows), found) {
      let expected = oracle(x, [[1, 2, 4], [0, 5], [3]])
      #expect(largestDisagreement(Fixtures.values(explanation), expected) < Tolerance.exact)
      #expect(explanation.method == .owenValues)
      #expect(!explanation.method.givesReasons)
    }
  }

  @Test("The members of a group add up to the group's Shapley value")
  func groupLevel() throws {
    let grouped = try Players(featureMap: map, groups: groups)
    let asPlayers = try EnumeratedShapley.explain(
      rows, of: scorer, quantity: Fixtures.margin, players: grouped, background: background)
    for (owen, whole) in zip(try explain(scorer, groups: groups), asPlayers) {
      let sums = try GroupedShapley.sums(of: owen, into: grouped)
      #expect(sums.map(\.source) == whole.attributions.map(\.source))
      #expect(
        largestDisagreement(sums.map(\.value), Fixtures.values(whole)) < Tolerance.exact)
    }
    // Shapley values of the members do not, with interactions across the border.
    let single = try EnumeratedShapley.explain(
      rows, of: scorer, quantity: Fixtures.margin, players: players, background: background)[0]
    let gaps = try GroupedShapley.differences(
      grouped: asPlayers[0], single: single, players: grouped)
    #expect(gaps.contains { abs($0.asPlayer - $0.sumOfMembers) > 0.01 })
  }

  @Test("Groups of one, and one group of all, give the Shapley values")
  func trivialGroups() throws {
    let shapley = try EnumeratedShapley.explain(
      rows, of: scorer, quantity: Fixtures.margin, players: players, background: background)
    let all = [PlayerGroup(name: "all", members: players.names)]
    for groups in [[], all] {
      for (a, b) in zip(try explain(scorer, groups: groups), shapley) {
        #expect(largestDisagreement(Fixtures.values(a), Fixtures.values(b)) < Tolerance.exact)
      }
    }
  }

  @Test("Efficient, symmetric inside a group and between groups, and zero for a null player")
  func axioms() throws {
    // x1 and x2 play the same part, and so do the groups {x1, x2} and {x0, x5}; x3 plays none.
    let symmetric = MinimalScorer(inputWidth: 6) {
      tanh($0[0] + $0[1] + $0[2] + $0[5]) + $0[4] * $0[4]
    }
    let same = Fixtures.rows([[1, 1, 1, 7, 2, 1]])
    let rest = try Background(name: "b", rows: Fixtures.rows([[0, 0, 0, -3, 1, 0]]))
    let found = try OwenValues.explain(
      same, of: symmetric, quantity: Fixtures.margin, players: players,
      groups: [
        PlayerGroup(name: "a", members: ["x1", "x2"]),
        PlayerGroup(name: "b", members: ["x0", "x5"]),
      ], background: rest, seeds: SeedTree(seed: 1))[0]
    let values = Fixtures.values(found)
    #expect(agree(values.reduce(found.baseValue, +), found.explainedValue, within: 1e-12))
    #expect(agree(values[1], values[2], within: 1e-12))
    #expect(agree(values[0] + values[5], values[1] + values[2], within: 1e-12))
    #expect(values[3] == 0)
    #expect(agree(values[4], 3, within: 1e-12))
  }

  @Test("Sampled ones cover the exact ones")
  func coverage() throws {
    let map = Fixtures.singles(9)
    let players = try Players(featureMap: map)
    // Thirty-two rows of four pairs each: playing a row out in full costs more.
    let background = try Background(name: "b", rows: Fixtures.normal(32, 9, seed: 42))
    let groups = [
      PlayerGroup(name: "big", members: ["x1", "x2", "x4", "x6", "x7"]),
      PlayerGroup(name: "small", members: ["x0", "x5", "x8"]),
    ]
    func explain(_ seed: UInt64, most: Int) throws -> [Attribution] {
      try OwenValues.explain(
        Fixtures.normal(1, 9, seed: 43), of: MinimalScorer(inputWidth: 9, Fixtures.knottedNine),
        quantity: Fixtures.margin, players: players, groups: groups, background: background,
        options: .init(pairs: 128), mostEvaluations: most, seeds: SeedTree(seed: seed)
      )[0].attributions
    }
    let exact = try explain(0, most: 1 << 20).map(\.value)
    var covered = 0
    let seeds = 300
    for seed in 0..<seeds {
      for (attribution, value) in zip(try explain(UInt64(seed), most: 0), exact) {
        #expect((attribution.standardError ?? 0) > 0)
        if let lower = attribution.lower, let upper = attribution.upper, value >= lower,
          value <= upper
        {
          covered += 1
        }
      }
    }
    let share = Double(covered) / Double(seeds * 9)
    #expect(share > 0.92 && share < 0.98, "coverage \(share)")
  }

  @Test("A group of unknown players, and a player in two groups, are refused")
  func refusals() throws {
    func code(_ groups: [PlayerGroup]) -> ExplanationError.Code? {
      do {
        _ = try explain(scorer, groups: groups)
        return nil
      } catch { return (error as? ExplanationError)?.code }
    }
    #expect(code([PlayerGroup(name: "a", members: ["x9"])]) == .unknownFeature)
    #expect(
      code([PlayerGroup(name: "a", members: ["x1"]), PlayerGroup(name: "b", members: ["x1"])])
        == .badOption)
  }
}
