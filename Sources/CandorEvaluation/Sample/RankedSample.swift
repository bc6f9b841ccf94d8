/// The rows of a sample in ascending order of score, without those of weight zero.
///
/// Ties are ordered by probability, label and weight, so that the arrays, and with them every sum
/// taken along them, do not depend on the order in which the rows came, to the bit.
public struct RankedSample: Sendable, Equatable {
  /// For each place in the ranking the row's position in the sample.
  public let rows: [Int]
  /// Labels in order of score.
  public let labels: [Double]
  /// Probabilities in order of score.
  public let probabilities: [Double]
  /// Scores, ascending.
  public let scores: [Double]
  /// Weights in order of score, 1 each where the sample has none.
  public let weights: [Double]
  /// The ends (exclusive) of the runs of equal scores.
  public let tieEnds: [Int]
  /// Whether the weights differ from one another.
  public let hasUnequalWeights: Bool
  /// The number of bad rows.
  public let badCount: Int
  /// The sum of weights of bads.
  public let badWeight: Double
  /// The sum of weights of goods.
  public let goodWeight: Double

  private struct Row {
    let score: Double
    let probability: Double
    let label: Double
    let weight: Double
    let row: Int
  }

  init(labels: [Double], probabilities: [Double], scores: [Double], weights: [Double]?) {
    var sorted: [Row] = []
    sorted.reserveCapacity(labels.count)
    for i in 0..<labels.count {
      let weight = weights?[i] ?? 1
      if weight > 0 {
        sorted.append(
          Row(
            score: scores[i], probability: probabilities[i], label: labels[i], weight: weight,
            row: i))
      }
    }
    sorted.sort { a, b in
      if a.score != b.score { return a.score < b.score }
      if a.probability != b.probability { return a.probability < b.probability }
      if a.label != b.label { return a.label < b.label }
      return a.weight < b.weight
    }
    var ends: [Int] = []
    var badCount = 0
    var badWeight = 0.0
    var goodWeight = 0.0
    var unequal = false
    for i in 0..<sorted.count {
      if i + 1 == sorted.count || sorted[i + 1].score != sorted[i].score { ends.append(i + 1) }
      if sorted[i].label == 1 {
        badCount += 1
        badWeight += sorted[i].weight
      } else {
        goodWeight += sorted[i].weight
      }
      if sorted[i].weight != sorted[0].weight { unequal = true }
    }
    rows = sorted.map(\.row)
    self.labels = sorted.map(\.label)
    self.probabilities = sorted.map(\.probability)
    self.scores = sorted.map(\.score)
    self.weights = sorted.map(\.weight)
    tieEnds = ends
    hasUnequalWeights = unequal
    self.badCount = badCount
    self.badWeight = badWeight
    self.goodWeight = goodWeight
  }

  /// The number of rows that count.
  public var count: Int { rows.count }
  /// The number of good rows.
  public var goodCount: Int { rows.count - badCount }
  /// The sum of weights.
  public var totalWeight: Double { badWeight + goodWeight }
  /// The share of bads by weight.
  public var badRate: Double { badWeight / totalWeight }

  /// The places of the ranking in ascending order of probability; ties by label and weight.
  package var probabilityOrder: [Int] {
    let p = probabilities
    if (1..<max(p.count, 1)).allSatisfy({ p[$0 - 1] <= p[$0] }) { return Array(0..<p.count) }
    return (0..<p.count).sorted { a, b in
      if p[a] != p[b] { return p[a] < p[b] }
      if labels[a] != labels[b] { return labels[a] < labels[b] }
      return weights[a] < weights[b]
    }
  }
}
