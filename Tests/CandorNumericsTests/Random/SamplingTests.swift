import CandorNumerics
import CandorTestSupport
import Testing

@Suite("Sampling")
struct SamplingTests {
  @Test("A permutation holds each index once and all 24 orders of four are equally likely")
  func permutations() {
    var generator = SeedTree(seed: 1).generator()
    for count in [0, 1, 2, 17, 300] {
      #expect(
        Sampling.permutation(count, using: &generator).sorted() == Array(0..<count))
    }
    #expect(Sampling.permutation(-3, using: &generator).isEmpty)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 { counts[Sampling.permutation(4, using: &generator), default: 0] += 1 }
    #expect(counts.count == 24)
    let statistic = counts.values.sorted().reduce(0.0) {
      $0 + (Double($1) - 1000) * (Double($1) - 1000) / 1000
    }
    #expect(ChiSquared.survival(statistic, degreesOfFreedom: 23) > 1e-4)
  }

  @Test("A shuffled array has the same elements, and a permutation applies to any element type")
  func shuffling() {
    var generator = SeedTree(seed: 2).generator()
    var letters = Array("abcdefghij")
    let before = letters
    Sampling.shuffle(&letters, using: &generator)
    #expect(letters != before)
    #expect(letters.sorted() == before)
  }

  @Test(
    "Subsets are sorted, distinct, complete at the limits, and include each index equally often",
    arguments: [(3, 40), (10, 40), (39, 40)])
  func subsets(size: Int, count: Int) {
    var generator = SeedTree(seed: 3).child(size).generator()
    var included = [Int](repeating: 0, count: count)
    let repeats = 8000
    for _ in 0..<repeats {
      let subset = Sampling.withoutReplacement(size, from: count, using: &generator)
      #expect(subset.count == size)
      #expect(zip(subset, subset.dropFirst()).allSatisfy { $0 < $1 })
      for index in subset { included[index] += 1 }
    }
    let share = Double(size) / Double(count)
    let expected = share * Double(repeats)
    // Inclusion counts of a sample of fixed size: variance n·p·(1−p)·N/(N−1), N − 1 free.
    let scale = expected * (1 - share) * Double(count) / Double(count - 1)
    let statistic = included.reduce(0.0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / scale
    }
    #expect(ChiSquared.survival(statistic, degreesOfFreedom: Double(count - 1)) > 1e-4)
    #expect(ChiSquared.cumulative(statistic, degreesOfFreedom: Double(count - 1)) > 1e-4)
  }

  @Test("Subsets larger than the population are the population")
  func wholePopulation() {
    var generator = SeedTree(seed: 4).generator()
    #expect(Sampling.withoutReplacement(9, from: 4, using: &generator) == [0, 1, 2, 3])
    #expect(Sampling.withoutReplacement(0, from: 4, using: &generator).isEmpty)
    #expect(Sampling.withoutReplacement(2, from: 0, using: &generator).isEmpty)
  }

  @Test("Bootstrap counts are the tally of the bootstrap indices of the same stream")
  func bootstrap() {
    for count in [0, 1, 5, 1000] {
      var a = SeedTree(seed: 5).child(count).generator()
      var b = a
      let indices = Sampling.bootstrapIndices(count, using: &a)
      var tally = [Int32](repeating: 0, count: count)
      for index in indices { tally[index] += 1 }
      #expect(tally == Sampling.bootstrapCounts(count, using: &b))
      #expect(indices.count == count)
    }
  }

  @Test("Weighted draws follow their weights and never take a weight of zero")
  func weightedDraws() {
    let weights = [0.0, 2, 0, 1, 5, 0]
    var running = 0.0
    let cumulative = weights.map { weight in
      running += weight
      return running
    }
    var generator = SeedTree(seed: 6).generator()
    var counts = [Int](repeating: 0, count: weights.count)
    for _ in 0..<16_000 {
      counts[Sampling.weightedIndex(cumulative: cumulative, using: &generator)] += 1
    }
    #expect(counts[0] == 0 && counts[2] == 0 && counts[5] == 0)
    var statistic = 0.0
    for index in [1, 3, 4] {
      let expected = weights[index] * 2000
      statistic +=
        (Double(counts[index]) - expected) * (Double(counts[index]) - expected) / expected
    }
    #expect(ChiSquared.survival(statistic, degreesOfFreedom: 2) > 1e-4)
  }
}
