import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring

/// Shapley values straight from the definition as a mean over all orders of the players: slow,
/// plain, and written without the product's own machinery.
enum BruteForceShapley {
  /// The marginal game of `value` at `x` against background rows.
  static func values(
    of value: ([Double]) -> Double, at x: [Double], background: [[Double]],
    weights: [Double]? = nil, players: [[Int]]
  ) -> [Double] {
    let w = weights ?? background.map { _ in 1 }
    let total = w.reduce(0, +)
    var known: [Set<Int>: Double] = [:]
    func worth(_ coalition: Set<Int>) -> Double {
      if let found = known[coalition] { return found }
      var sum = 0.0
      for (b, weight) in zip(background, w) {
        var row = b
        for player in coalition { for c in players[player] { row[c] = x[c] } }
        sum += weight * value(row)
      }
      known[coalition] = sum / total
      return sum / total
    }
    var sums = [Double](repeating: 0, count: players.count)
    var orders = 0.0
    func extend(_ order: [Int], _ inside: Set<Int>) {
      if order.count == players.count {
        orders += 1
        var coalition: Set<Int> = []
        for player in order {
          let before = worth(coalition)
          coalition.insert(player)
          sums[player] += worth(coalition) - before
        }
        return
      }
      for player in players.indices where !inside.contains(player) {
        extend(order + [player], inside.union([player]))
      }
    }
    extend([], [])
    return sums.map { $0 / orders }
  }
}
