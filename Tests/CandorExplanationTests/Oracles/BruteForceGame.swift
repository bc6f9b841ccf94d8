/// A game given by the worth of every coalition, and its values straight from their definitions.
struct BruteForceGame {
  let count: Int
  let worth: (Set<Int>) -> Double

  /// The mean marginal contribution over all orders of the players.
  var values: [Double] {
    let table = Self.subsets(Array(0..<count)).reduce(into: [Set<Int>: Double]()) {
      $0[$1] = worth($1)
    }
    var sums = [Double](repeating: 0, count: count)
    var orders = 0.0
    func extend(_ order: [Int]) {
      guard order.count < count else {
        orders += 1
        var coalition: Set<Int> = []
        for player in order {
          let before = table[coalition] ?? .nan
          coalition.insert(player)
          sums[player] += (table[coalition] ?? .nan) - before
        }
        return
      }
      for player in 0..<count where !order.contains(player) { extend(order + [player]) }
    }
    extend([])
    return sums.map { $0 / orders }
  }

  /// The matrix of interaction values: off the diagonal half the mean, over orders in which a pair
  /// enters as one, of what the pair adds beyond its members.
  var interactions: [[Double]] {
    let table = Self.subsets(Array(0..<count)).reduce(into: [Set<Int>: Double]()) {
      $0[$1] = worth($1)
    }
    func value(_ coalition: Set<Int>) -> Double { table[coalition] ?? .nan }
    func factorial(_ n: Int) -> Double { n < 2 ? 1 : Double(n) * factorial(n - 1) }
    var matrix = [[Double]](
      repeating: [Double](repeating: 0, count: count), count: count)
    for i in 0..<count {
      for j in 0..<count where j != i {
        for rest in Self.subsets((0..<count).filter { $0 != i && $0 != j }) {
          let weight =
            factorial(rest.count) * factorial(count - rest.count - 2) / factorial(count - 1)
          let difference =
            value(rest.union([i, j])) - value(rest.union([i])) - value(rest.union([j]))
            + value(rest)
          matrix[i][j] += 0.5 * weight * difference
        }
      }
    }
    for (i, own) in values.enumerated() { matrix[i][i] = own - matrix[i].reduce(0, +) }
    return matrix
  }

  private static func subsets(_ members: [Int]) -> [Set<Int>] {
    (0..<1 << members.count).map { bits in
      Set(members.indices.filter { bits >> $0 & 1 == 1 }.map { members[$0] })
    }
  }
}
