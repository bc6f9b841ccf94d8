import CandorNumerics
import CandorTestSupport
import Testing

@Suite("Counter-based randomness")
struct CounterGeneratorTests {
  @Test("Philox 4×32-10 gives the known answers of Random123")
  func knownAnswers() {
    let zero = CounterGenerator.block(counter: (0, 0, 0, 0), key: (0, 0))
    #expect(zero == (0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    let all = UInt32.max
    let ones = CounterGenerator.block(counter: (all, all, all, all), key: (all, all))
    #expect(ones == (0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
    let digitsOfPi = CounterGenerator.block(
      counter: (0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
      key: (0xA409_3822, 0x299F_31D0))
    #expect(digitsOfPi == (0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
  }

  @Test("The stream is the blocks of the counter in order, low words first")
  func streamIsBlocks() {
    var generator = CounterGenerator(key: 0x0123_4567_89AB_CDEF)
    for index in 0..<5 {
      let block = CounterGenerator.block(
        counter: (UInt32(index), 0, 0, 0), key: (0x89AB_CDEF, 0x0123_4567))
      let first = generator.next()
      let second = generator.next()
      #expect(first == UInt64(block.0) | UInt64(block.1) << 32)
      #expect(second == UInt64(block.2) | UInt64(block.3) << 32)
    }
  }

  @Test("Children of a seed tree have distinct streams, equal ones for equal paths")
  func seedTreeIsDistinct() {
    var seen = Set<UInt64>()
    var made = 0
    for seed in 0..<20 {
      let root = SeedTree(seed: UInt64(seed))
      for purpose in ["forest", "folds", "bootstrap", "", "a", "b"] {
        let branch = root.child(purpose)
        var generator = branch.generator()
        seen.insert(generator.next())
        made += 1
        for index in -5..<200 {
          var leaf = branch.child(index).generator()
          seen.insert(leaf.next())
          made += 1
        }
      }
    }
    #expect(seen.count == made)
    var a = SeedTree(seed: 7).child("x").child(3).generator()
    var b = SeedTree(seed: 7).child("x").child(3).generator()
    #expect((0..<10).allSatisfy { _ in a.next() == b.next() })
    #expect(SeedTree(seed: 7).child("x").child("y") != SeedTree(seed: 7).child("y").child("x"))
    #expect(SeedTree(seed: 7).child(1).child(2) != SeedTree(seed: 7).child(2).child(1))
  }

  /// 300 χ² p-values, one a seed, must themselves be uniform: their own χ² over ten bins.
  @Test("Uniform numbers, bounded integers and neighbouring streams pass χ² tests over 300 seeds")
  func uniformity() {
    func pValue(_ counts: [Int]) -> Double {
      let expected = Double(counts.reduce(0, +)) / Double(counts.count)
      let statistic = counts.reduce(0.0) {
        $0 + (Double($1) - expected) * (Double($1) - expected) / expected
      }
      return ChiSquared.survival(statistic, degreesOfFreedom: Double(counts.count - 1))
    }
    func histogram(_ values: [Double], bins: Int) -> [Int] {
      var counts = [Int](repeating: 0, count: bins)
      for value in values { counts[min(Int(value * Double(bins)), bins - 1)] += 1 }
      return counts
    }
    var uniform: [Double] = []
    var integers: [Double] = []
    var acrossChildren: [Double] = []
    for seed in 0..<300 {
      let root = SeedTree(seed: UInt64(seed))
      var generator = root.generator()
      uniform.append(
        pValue(histogram((0..<4000).map { _ in generator.nextUniform() }, bins: 50)))
      var dice = [Int](repeating: 0, count: 37)
      for _ in 0..<4000 { dice[generator.nextInteger(below: 37)] += 1 }
      integers.append(pValue(dice))
      let firsts = (0..<2000).map { index in
        var child = root.child(index).generator()
        return child.nextUniform()
      }
      acrossChildren.append(pValue(histogram(firsts, bins: 50)))
    }
    for values in [uniform, integers, acrossChildren] {
      #expect(pValue(histogram(values, bins: 10)) > 1e-4)
      #expect(values.min() ?? 0 > 1e-6)
    }
  }

  @Test("Normal numbers have the normal distribution function (Kolmogorov's bound, 50 seeds)")
  func normality() {
    var largest = 0.0
    for seed in 0..<50 {
      var generator = SeedTree(seed: UInt64(seed)).child("normal").generator()
      let sorted = (0..<2000).map { _ in generator.nextNormal() }.sorted()
      for (place, value) in sorted.enumerated() {
        let f = Normal.cumulative(value)
        largest = max(largest, abs(f - Double(place) / 2000), abs(f - Double(place + 1) / 2000))
      }
    }
    // P(one statistic · √2000 > 2.2) is about 1.2e-4; over 50 seeds below 1 %.
    #expect(largest * 2000.0.squareRoot() < 2.2)
  }
}
