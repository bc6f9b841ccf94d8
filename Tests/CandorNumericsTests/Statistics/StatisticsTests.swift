import CandorNumerics
import CandorTestSupport
import Testing

private struct StatisticsReference: Decodable {
  let x: [Double]
  let y: [Double]
  let weights: [Double]
  let ranks: [Double]
  let levels: [Double]
  let quantiles: [Double]
  let weightedQuantiles: [Double]
  let pearson: Double
  let spearman: Double
  let kendall: Double
  let mean: Double
  let variance: Double
  let weightedMean: Double
  let weightedVariance: Double
}

@Suite("Statistics of lists")
struct StatisticsTests {
  @Test("Ranks, quantiles, moments and correlations agree with NumPy and SciPy")
  func agreeWithSciPy() throws {
    let r: StatisticsReference = try ReferenceValues.decode(from: "scipy/statistics.json")
    #expect(Ranks.average(r.x) == r.ranks)
    for (index, level) in r.levels.enumerated() {
      #expect(agree(Quantiles.value(of: r.x, at: level), r.quantiles[index], within: 1e-14))
      #expect(
        Quantiles.weighted(values: r.x, weights: r.weights, at: level)
          == r.weightedQuantiles[index])
    }
    #expect(agree(Correlation.pearson(r.x, r.y), r.pearson, within: 1e-13))
    #expect(agree(Correlation.spearman(r.x, r.y), r.spearman, within: 1e-13))
    #expect(agree(Correlation.kendallTau(r.x, r.y), r.kendall, within: 1e-13))
    #expect(agree(Moments.mean(r.x), r.mean, within: 1e-14))
    #expect(agree(Moments.variance(r.x), r.variance, within: 1e-13))
    #expect(agree(Moments.mean(r.x, weights: r.weights), r.weightedMean, within: 1e-14))
    #expect(agree(Moments.variance(r.x, weights: r.weights), r.weightedVariance, within: 1e-13))
  }

  @Test("The sorting permutation is stable, with NaN last and the two zeros equal, at any length")
  func stableOrder() {
    var generator = SeedTree(seed: 21).generator()
    for count in [0, 1, 2, 50, 511, 512, 513, 5000] {
      let special = [
        0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
        1e308,
      ]
      let values = (0..<count).map { _ -> Double in
        let pick = generator.nextInteger(below: 30)
        return pick < special.count
          ? special[pick] : (generator.nextNormal() * 8).rounded() * 0.25
      }
      // Insertion by a plain comparison is the oracle.
      let expected = values.indices.map { $0 }.sorted { a, b in
        let left = values[a]
        let right = values[b]
        if left.isNaN || right.isNaN { return left.isNaN == right.isNaN ? a < b : right.isNaN }
        return left == right ? a < b : left < right
      }
      #expect(Ranks.order(values) == expected)
      let ranks = Ranks.average(values)
      #expect(ranks.reduce(0, +) == Double(count * (count + 1)) / 2)
      for index in values.indices.prefix(60) where !values[index].isNaN {
        let below = values.count { $0 < values[index] }
        let equal = values.count { $0 == values[index] }
        #expect(ranks[index] == Double(below) + Double(equal + 1) / 2)
      }
    }
  }

  @Test("Integer weights give what repeated values give")
  func weightsAreRepeats() {
    var generator = SeedTree(seed: 22).generator()
    for _ in 0..<50 {
      let count = 2 + generator.nextInteger(below: 20)
      let values = (0..<count).map { _ in generator.nextNormal() }
      let weights = (0..<count).map { _ in Double(1 + generator.nextInteger(below: 3)) }
      let ones = [Double](repeating: 1, count: count)
      let other = values.map { $0 * 0.3 + generator.nextNormal() }
      let places = (0..<count).flatMap { Array(repeating: $0, count: Int(weights[$0])) }
      let repeated = places.map { values[$0] }
      let a = Moments(values, weights: weights)
      let b = Moments(repeated)
      #expect(agree(a.mean, b.mean, within: 1e-13))
      #expect(agree(a.variance, b.variance, within: 1e-12))
      #expect(
        agree(
          Correlation.pearson(values, other, weights: weights),
          Correlation.pearson(repeated, places.map { other[$0] }), within: 1e-12))
      for p in [0, 0.1, 0.37, 0.5, 0.93, 1] {
        let long = Quantiles.weighted(
          values: repeated, weights: repeated.map { _ in 1 }, at: p)
        #expect(Quantiles.weighted(values: values, weights: weights, at: p) == long)
        #expect(
          Quantiles.weighted(values: values, weights: ones, at: p)
            == Quantiles.weighted(values: values, weights: ones.map { $0 * 8 }, at: p))
      }
    }
  }

  @Test("Kendall's τ-b equals the count over all pairs")
  func kendallOracle() {
    var generator = SeedTree(seed: 23).generator()
    for _ in 0..<60 {
      let count = 3 + generator.nextInteger(below: 30)
      let x = (0..<count).map { _ in Double(generator.nextInteger(below: 6)) }
      let y = (0..<count).map { _ in Double(generator.nextInteger(below: 9)) }
      var difference = 0.0
      var untiedX = 0.0
      var untiedY = 0.0
      for a in 0..<count {
        for b in 0..<a {
          let signX = Double((x[a] - x[b] > 0 ? 1 : 0) - (x[a] - x[b] < 0 ? 1 : 0))
          let signY = Double((y[a] - y[b] > 0 ? 1 : 0) - (y[a] - y[b] < 0 ? 1 : 0))
          difference += signX * signY
          untiedX += abs(signX)
          untiedY += abs(signY)
        }
      }
      guard untiedX > 0, untiedY > 0 else { continue }
      let expected = difference / (untiedX * untiedY).squareRoot()
      #expect(agree(Correlation.kendallTau(x, y), expected, within: 1e-12))
    }
    #expect(Correlation.kendallTau([1, 1, 1], [1, 2, 3]).isNaN)
    #expect(Correlation.pearson([1, 1, 1], [1, 2, 3]).isNaN)
    #expect(agree(Correlation.pearson([1, 2, 3], [2, 4, 6]), 1, within: 1e-15))
  }

  @Test("The compensated sum keeps what plain addition loses, and keeps infinities")
  func compensatedSum() {
    #expect(CompensatedSum.of([1, 1e100, 1, -1e100]) == 2)
    let tenths = [Double](repeating: 0.1, count: 1_000_000)
    #expect(CompensatedSum.of(tenths) == 100_000)
    #expect(tenths.reduce(0, +) != 100_000)
    #expect(CompensatedSum.of([1, .infinity, 2]) == .infinity)
    #expect(CompensatedSum.of([.infinity, -.infinity]).isNaN)
  }

  @Test("The variance of numbers far from zero keeps its digits")
  func shiftedVariance() {
    let values = [4.0, 7, 13, 16].map { $0 + 1e9 }
    #expect(Moments.variance(values) == 30)
    #expect(Moments([]).mean.isNaN)
    #expect(Moments.variance([3]).isNaN)
  }

  @Test("Quantiles of empty lists and outside 0…1 are NaN")
  func quantileLimits() {
    #expect(Quantiles.value(of: [], at: 0.5).isNaN)
    #expect(Quantiles.value(of: [1], at: 1.5).isNaN)
    #expect(Quantiles.value(of: [3], at: 0.4) == 3)
    #expect(Quantiles.weighted(values: [1], weights: [0], at: 0.5).isNaN)
    #expect(Quantiles.weighted(values: [1, 9], weights: [0, 2], at: 0) == 9)
  }
}
