import CandorEvaluation
import CandorNumerics
import Foundation

/// Simulated rows whose labels are drawn from known probabilities.
enum Samples {
  /// Rows with a score that ranks well but not perfectly; rounding makes ties.
  static func drawn(
    rows: Int, seed: UInt64, digits: Double? = 100, weighted: Bool = false
  ) throws -> ScoredSample {
    var generator = SeedTree(seed: seed).child("sample").generator()
    var labels: [Double] = []
    var probabilities: [Double] = []
    var weights: [Double] = []
    for row in 0..<rows {
      let x = generator.nextNormal()
      let truth = 1 / (1 + exp(1 - 1.2 * x))
      // The first two rows are one of each class, so that no draw is without one.
      let label = row < 2 ? Double(row) : generator.nextUniform() < truth ? 1.0 : 0.0
      labels.append(label)
      var p = 1 / (1 + exp(1 - 0.9 * x - 0.5 * generator.nextNormal()))
      if let digits { p = (p * digits).rounded() / digits }
      probabilities.append(min(max(p, 0.01), 0.99))
      weights.append(0.25 + 2 * generator.nextUniform())
    }
    return try ScoredSample(
      labels: labels, probabilities: probabilities, weights: weighted ? weights : nil)
  }

  /// A permutation of the rows.
  static func shuffled(_ sample: ScoredSample, seed: UInt64) throws -> ScoredSample {
    var generator = SeedTree(seed: seed).child("order").generator()
    let keys = (0..<sample.count).map { ($0, generator.next()) }
    return try sample.selecting(rows: keys.sorted { $0.1 < $1.1 }.map(\.0))
  }

  /// The ten rows of the written-out example.
  static let ten = (
    labels: [0, 0, 0, 0, 1, 0, 1, 1, 0, 1] as [Double],
    probabilities: [0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.45, 0.60, 0.65, 0.80]
  )
}

/// The definitions over all pairs, with weights.
enum PairOracle {
  static func psi(_ bad: Double, _ good: Double) -> Double {
    bad > good ? 1 : bad == good ? 0.5 : 0
  }

  static func area(_ sample: ScoredSample) -> Double {
    var sum = 0.0
    var total = 0.0
    for i in 0..<sample.count where sample.labels[i] == 1 {
      for j in 0..<sample.count where sample.labels[j] == 0 {
        let w = (sample.weights?[i] ?? 1) * (sample.weights?[j] ?? 1)
        sum += w * psi(sample.scores[i], sample.scores[j])
        total += w
      }
    }
    return sum / total
  }

  /// DeLong's variance of an area, or of the difference of two on the same rows.
  static func variance(_ sample: ScoredSample, minus other: ScoredSample? = nil) -> Double {
    let bads = (0..<sample.count).filter { sample.labels[$0] == 1 }
    let goods = (0..<sample.count).filter { sample.labels[$0] == 0 }
    func kernel(_ i: Int, _ j: Int) -> Double {
      psi(sample.scores[i], sample.scores[j])
        - (other.map { psi($0.scores[i], $0.scores[j]) } ?? 0)
    }
    let v10 = bads.map { i in goods.reduce(0) { $0 + kernel(i, $1) } / Double(goods.count) }
    let v01 = goods.map { j in bads.reduce(0) { $0 + kernel($1, j) } / Double(bads.count) }
    return sampleVariance(v10) / Double(bads.count) + sampleVariance(v01) / Double(goods.count)
  }

  static func sampleVariance(_ x: [Double]) -> Double {
    let mean = x.reduce(0, +) / Double(x.count)
    return x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count - 1)
  }
}
