import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Least squares over coalitions")
struct KernelShapleyTests {
  /// Fourteen columns with interactions of orders two to four.
  private static let tangled: @Sendable ([Double]) -> Double = { x in
    Fixtures.knottedNine(x) + x[9] * x[10] * x[11] + (x[12] > 0 && x[0] > 0 && x[3] > 0 ? 1 : 0)
      + 0.5 * x[13] * x[2] * x[7]
  }

  private func background(_ count: Int, _ width: Int) throws -> Background {
    try Background(
      name: "b", rows: Fixtures.normal(count, width, seed: 30),
      weights: (0..<count).map { Double(1 + $0 % 2) })
  }

  @Test("With all coalitions the values are those of enumeration", arguments: [1, 2, 3, 6, 9])
  func wholeDesign(width: Int) throws {
    let scorer = MinimalScorer(inputWidth: width) { x in
      Fixtures.knottedNine(x + Array(repeating: 0.4, count: 9 - x.count))
    }
    let players = try Players(featureMap: Fixtures.singles(width))
    let rows = Fixtures.normal(3, width, seed: 31)
    let background = try background(7, width)
    let exact = try EnumeratedShapley.explain(
      rows, of: scorer, quantity: Fixtures.margin, players: players, background: background)
    let found = try KernelShapley.explain(
      rows, of: scorer, quantity: Fixtures.margin, players: players, background: background,
      seeds: SeedTree(seed: 1), threads: 2)
    for (a, b) in zip(found, exact) {
      #expect(largestDisagreement(Fixtures.values(a), Fixtures.values(b)) < Tolerance.exact)
      #expect(a.attributions.allSatisfy { $0.standardError == 0 })
      #expect(a.method == .kernelShapley && a.method.game == .interventional)
      guard case .additivity = a.fidelity.evidence else {
        Issue.record("no additivity evidence")
        return
      }
    }
  }

  @Test("From a sample intervals cover the exact values, additively and without bias")
  func coverage() throws {
    let scorer = MinimalScorer(inputWidth: 14, Self.tangled)
    let players = try Players(featureMap: Fixtures.singles(14))
    let rows = Fixtures.normal(1, 14, seed: 32)
    let background = try background(2, 14)
    let exact = Fixtures.values(
      try EnumeratedShapley.explain(
        rows, of: scorer, quantity: Fixtures.margin, players: players, background: background)[0])
    var covered = 0
    var bias = [Double](repeating: 0, count: 14)
    let seeds = 300
    for seed in 0..<seeds {
      let found = try KernelShapley.explain(
        rows, of: scorer, quantity: Fixtures.margin, players: players, background: background,
        pairs: 400, seeds: SeedTree(seed: UInt64(seed)))[0]
      let sum = Fixtures.values(found).reduce(found.baseValue, +)
      #expect(agree(sum, found.explainedValue, within: 1e-10))
      for (p, attribution) in found.attributions.enumerated() {
        let (lower, upper) = (try #require(attribution.lower), try #require(attribution.upper))
        if exact[p] >= lower, exact[p] <= upper { covered += 1 }
        bias[p] += (attribution.value - exact[p]) / (try #require(attribution.standardError))
      }
    }
    let share = Double(covered) / Double(seeds * 14)
    #expect(share > 0.92 && share < 0.98, "coverage \(share)")
    let largest = bias.map { abs($0) / Double(seeds) }.max() ?? 1
    #expect(largest < 0.25, "mean z \(largest)")
  }

  @Test("Additive and pairwise scores have no sampling error; one without interest gets zero")
  func noErrorForPairs() throws {
    let scorer = MinimalScorer(inputWidth: 14) {
      $0[0] - 2 * $0[1] * $0[13] + ($0[2] > 0 && $0[3] > 0 ? 1 : 0)
    }
    let found = try KernelShapley.explain(
      Fixtures.normal(1, 14, seed: 33), of: scorer, quantity: Fixtures.margin,
      players: try Players(featureMap: Fixtures.singles(14)), background: try background(5, 14),
      pairs: 100, seeds: SeedTree(seed: 1))[0]
    #expect(found.attributions.allSatisfy { ($0.standardError ?? 1) < 1e-12 })
    for attribution in found.attributions[4...12] { #expect(abs(attribution.value) < 1e-12) }
  }

  @Test("Threads do not change a bit, seeds do, and negating the margin negates every value")
  func determinism() throws {
    let players = try Players(featureMap: Fixtures.singles(14))
    let background = try background(6, 14)
    let rows = Fixtures.normal(2, 14, seed: 34)
    func explain(_ sign: Double, seed: UInt64, threads: Int) throws -> [Explanation] {
      try KernelShapley.explain(
        rows, of: MinimalScorer(inputWidth: 14) { sign * Self.tangled($0) },
        quantity: Fixtures.margin, players: players, background: background, pairs: 200,
        seeds: SeedTree(seed: seed), threads: threads)
    }
    let one = try explain(1, seed: 1, threads: 1)
    #expect(try explain(1, seed: 1, threads: 3) == one)
    #expect(try explain(1, seed: 2, threads: 1) != one)
    for (a, b) in zip(one, try explain(-1, seed: 1, threads: 1)) {
      #expect(largestDisagreement(Fixtures.values(a), Fixtures.values(b).map { -$0 }) < 1e-12)
    }
  }

  @Test("Equal coalitions are scored once: agreeing players cost nothing")
  func savesEqualRows() throws {
    let scored = LockedState(0)
    let scorer = MinimalScorer(inputWidth: 12) { x in
      scored.withLock { $0 += 1 }
      return x[0] * x[1] * x[2] + x[11]
    }
    var values = Fixtures.arrays(Fixtures.normal(5, 12, seed: 35))
    let applicant = Fixtures.arrays(Fixtures.normal(1, 12, seed: 36))[0]
    for b in values.indices { for c in 4..<12 { values[b][c] = applicant[c] } }
    for c in 0..<4 { values[4][c] = .nan }
    _ = try KernelShapley.explain(
      Fixtures.rows([applicant]), of: scorer, quantity: Fixtures.margin,
      players: try Players(featureMap: Fixtures.singles(12)),
      background: try Background(name: "b", rows: Fixtures.rows(Array(values[..<4]))),
      pairs: 5000, seeds: SeedTree(seed: 1))
    // For each of four rows fourteen coalitions of the four players that differ; five rows as they are.
    let count = scored.withLock { $0 }
    #expect(count == 61)
  }
}
