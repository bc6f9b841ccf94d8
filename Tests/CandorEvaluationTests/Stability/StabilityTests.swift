import CandorEvaluation
import CandorNumerics
import CandorTestSupport
import Testing

@Suite("Stability")
struct StabilityTests {
  @Test("The index of given shares has its known value")
  func knownAnswer() {
    let value = PopulationStability.value(
      expected: [0.10, 0.20, 0.30, 0.25, 0.15], actual: [0.08, 0.18, 0.29, 0.27, 0.18])
    #expect(agree(value, 0.0139179644, within: 1e-9))
  }

  @Test("Categories give the index of their shares, and new ones are named")
  func categories() throws {
    func repeated(_ counts: [(String?, Int)]) -> [String?] {
      counts.flatMap { Array(repeating: $0.0, count: $0.1) }
    }
    let reference = repeated([("a", 10), ("b", 20), ("c", 30), ("d", 25), ("e", 15)])
    let current = repeated([("e", 18), ("d", 27), ("c", 29), ("b", 18), ("a", 8)])
    let index = try PopulationStability(
      referenceCategories: reference, currentCategories: current)
    #expect(agree(index.value, 0.0139179644, within: 1e-9))
    #expect(index.bins.map(\.label) == ["a", "b", "c", "d", "e"])
    // (1/100 + 1/100) · 9.487729036781154, the 95% point of χ² with 4 degrees of freedom.
    #expect(agree(index.samplingLimit ?? 0, 0.1897545807, within: 1e-9))
    #expect(index.band == .stable && index.emptyBins.isEmpty)
    let moved = try CharacteristicStability(
      name: "x", referenceCategories: reference,
      currentCategories: repeated([("f", 50), ("a", 49), (nil, 1)]))
    #expect(moved.newCategories == ["f"])
    #expect(moved.vanishedCategories == ["b", "c", "d", "e"])
    #expect(moved.index.band == .act && moved.index.bins.last?.label == nil)
    #expect(moved.index.emptyBins == [1, 2, 3, 4, 5, 6])
  }

  @Test("Numbers fall into deciles of the reference; nothing changed gives zero")
  func numbers() throws {
    let reference = (0..<1_000).map { Double($0) }
    let same = try PopulationStability(reference: reference, current: reference.reversed())
    #expect(same.value == 0 && same.bins.count == 10)
    #expect(same.bins.allSatisfy { $0.referenceRows == 100 && $0.currentRows == 100 })
    let upper = try PopulationStability(
      reference: reference, current: reference.filter { $0 >= 100 } + [.nan])
    #expect(upper.bins.count == 11 && upper.emptyBins == [0, 10])
    #expect(upper.bins.last?.label == nil && upper.bins.last?.currentRows == 1)
    // Ends are inclusive: the largest value of a bin stays in it.
    #expect(same.bins[0].upper == 99)
    let edges = try PopulationStability(
      reference: [1, 2, 3, 4], current: [1, 1, 3, 4], uppers: [2])
    #expect(edges.bins.map(\.referenceRows) == [2, 2])
    let constant = try PopulationStability(reference: [1, 1, 1], current: [1, 1])
    #expect(constant.bins.count == 1 && constant.value == 0 && constant.samplingLimit == nil)
  }

  @Test("Integer weights are repeated rows")
  func weights() throws {
    let reference = (0..<60).map { Double($0 * 7 % 30) }
    let current = (0..<40).map { Double($0 * 11 % 25) }
    let w = (0..<60).map { Double($0 % 3 + 1) }
    let v = (0..<40).map { Double($0 % 4) }
    let weighted = try PopulationStability(
      reference: reference, current: current, referenceWeights: w, currentWeights: v)
    let repeated = try PopulationStability(
      reference: zip(reference, w).flatMap { Array(repeating: $0.0, count: Int($0.1)) },
      current: zip(current, v).flatMap { Array(repeating: $0.0, count: Int($0.1)) })
    #expect(agree(weighted.value, repeated.value, within: 1e-12))
    #expect(weighted.bins.map(\.upper) == repeated.bins.map(\.upper))
  }

  @Test("Without change the sampling limit is crossed in about 5 of 100 samples")
  func samplingLimit() throws {
    var crossed = 0
    for seed in 0..<600 {
      var generator = SeedTreeSource.generator("psi", seed)
      let reference = (0..<400).map { _ in generator.nextNormal() }
      let current = (0..<400).map { _ in generator.nextNormal() }
      let index = try PopulationStability(reference: reference, current: current)
      if index.value > index.samplingLimit ?? 0 { crossed += 1 }
    }
    // 30 expected, standard deviation 5.3; the χ² form is approximate.
    #expect((14...50).contains(crossed), "crossed \(crossed)")
  }

  @Test("Empty samples and lengths that differ are refused")
  func refusals() {
    #expect(throws: EvaluationError.self) {
      try PopulationStability(reference: [], current: [1])
    }
    #expect(throws: EvaluationError.self) {
      try PopulationStability(reference: [1], current: [])
    }
    #expect(throws: EvaluationError.self) {
      try PopulationStability(reference: [1], current: [1], currentWeights: [1, 2])
    }
    #expect(throws: EvaluationError.self) {
      try PopulationStability(reference: [1], current: [1], uppers: [2, 1])
    }
  }
}
