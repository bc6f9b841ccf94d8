import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Sampled Shapley values")
struct SampledShapleyTests {
  private let players: Players
  private let background: Background
  private let rows = Fixtures.normal(2, 9, seed: 11)
  // Nine players, so that playing a row out in full costs more than the draws.
  private let scorer = MinimalScorer(inputWidth: 9, Fixtures.knottedNine)

  init() throws {
    players = try Players(featureMap: Fixtures.singles(9))
    background = try Background(name: "background", rows: Fixtures.normal(25, 9, seed: 10))
  }

  private func explain(
    pairs: Int, seed: UInt64, threads: Int = 1, rows: EncodedRows? = nil,
    background: Background? = nil, target: Double? = nil, mostPairs: Int = 60_000
  ) throws -> [Explanation] {
    try SampledShapley.explain(
      rows ?? self.rows, of: scorer, quantity: Fixtures.margin, players: players,
      background: background ?? self.background,
      options: .init(
        pairs: pairs, targetStandardError: target, mostPairs: target == nil ? pairs : mostPairs),
      seeds: SeedTree(seed: seed), threads: threads)
  }

  @Test("Standard errors are honest: 95% intervals cover the exact value in about 95% of seeds")
  func coverage() throws {
    // Few background rows with many pairs each, and many rows with the least, two.
    for count in [25, 150] {
      let background = try Background(
        name: "background", rows: Fixtures.normal(count, 9, seed: 10),
        weights: (0..<count).map { Double(1 + $0 % 3) })
      let exact = try EnumeratedShapley.explain(
        rows, of: scorer, quantity: Fixtures.margin, players: players, background: background
      ).map(Fixtures.values)
      var covered = 0
      var squares: [Double] = []
      var sums = [Double](repeating: 0, count: 18)
      var ownSquares = sums
      let seeds = 250
      for seed in 0..<seeds {
        let found = try explain(pairs: 256, seed: UInt64(seed), background: background)
        for (r, explanation) in found.enumerated() {
          for (p, attribution) in explanation.attributions.enumerated() {
            let error = try #require(attribution.standardError)
            let difference = attribution.value - exact[r][p]
            let (lower, upper) = (try #require(attribution.lower), try #require(attribution.upper))
            if exact[r][p] > lower - 1e-10, exact[r][p] < upper + 1e-10 { covered += 1 }
            if error > 1e-10 {
              squares.append(difference * difference / error / error)
              sums[r * 9 + p] += difference
              ownSquares[r * 9 + p] += difference * difference
            }
          }
        }
      }
      let share = Double(covered) / Double(seeds * 18)
      #expect(share > 0.93 && share < 0.98, "coverage \(share) with \(count) background rows")
      let spread = squares.reduce(0, +) / Double(squares.count)
      #expect(spread > 0.85 && spread < 1.5, "mean squared z \(spread)")
      // A mean of 250 differences has the standard deviation 0.063 of theirs. The mean z-score would
      // not do: of skewed contributions the estimate and its error are correlated.
      let bias =
        zip(sums, ownSquares).map { abs($0) / ($1 * Double(seeds)).squareRoot() }.max() ?? 1
      #expect(bias < 0.25, "bias \(bias) of the standard deviation")
    }
  }

  @Test("Values add up to the difference from the background whatever the draws")
  func additive() throws {
    for pairs in [64, 75, 100] {
      for explanation in try explain(pairs: pairs, seed: 5) {
        let sum = Fixtures.values(explanation).reduce(explanation.baseValue, +)
        #expect(agree(sum, explanation.explainedValue, within: 1e-11))
        guard case .sampled(let evidence) = explanation.fidelity.evidence else {
          Issue.record("no evidence of sampling")
          return
        }
        #expect(evidence.pairs == (pairs == 100 ? 100 : 75))
        #expect(abs(evidence.residual) < 1e-11)
      }
    }
  }

  @Test("Additive and pairwise scores have no sampling error")
  func noErrorForPairs() throws {
    let pairwise: @Sendable ([Double]) -> Double = {
      $0[0] - 2 * $0[1] + 3 * $0[2] * $0[3] - $0[4] * $0[5] + ($0[0] > 0 && $0[1] > 0 ? 1 : 0)
    }
    // Six players, so that the oracle's orders are few; three pairs a row do not play them out.
    let rows = Fixtures.normal(3, 6, seed: 11)
    let players = try Players(featureMap: Fixtures.singles(6))
    let background = try Background(name: "b", rows: Fixtures.normal(25, 6, seed: 10))
    let found = try SampledShapley.explain(
      rows, of: MinimalScorer(inputWidth: 6, pairwise), quantity: Fixtures.margin,
      players: players, background: background, options: .init(pairs: 64),
      seeds: SeedTree(seed: 1))
    for (row, explanation) in zip(Fixtures.arrays(rows), found) {
      let expected = BruteForceShapley.values(
        of: pairwise, at: row, background: Fixtures.arrays(background.rows),
        players: players.columns)
      #expect(largestDisagreement(Fixtures.values(explanation), expected) < 1e-10)
      #expect(explanation.attributions.allSatisfy { ($0.standardError ?? 1) < 1e-12 })
    }
  }

  @Test("A constant score gets zeros, and a dropped feature stays a player with zero")
  func constants() throws {
    // Reference case E10.
    let map = Fixtures.blocks([1, 0, 2, 1])
    let players = try Players(featureMap: map)
    let background = try Background(name: "b", rows: Fixtures.normal(8, 4, seed: 3))
    let found = try SampledShapley.explain(
      Fixtures.normal(2, 4, seed: 4), of: MinimalScorer(inputWidth: 4) { _ in 1.25 },
      quantity: Fixtures.margin, players: players, background: background,
      seeds: SeedTree(seed: 1))
    #expect(found.allSatisfy { $0.attributions.allSatisfy { $0.value == 0 } })
    let knotted = try SampledShapley.explain(
      Fixtures.normal(1, 4, seed: 4), of: MinimalScorer(inputWidth: 4) { $0[0] * $0[1] * $0[3] },
      quantity: Fixtures.margin, players: players, background: background,
      seeds: SeedTree(seed: 1))[0]
    #expect(knotted.attribution(of: "x1")?.value == 0)
    #expect(knotted.attribution(of: "x1")?.standardError == 0)
  }

  @Test("Threads, batches and the place among the rows do not change a bit; seeds do")
  func determinism() throws {
    let one = try explain(pairs: 300, seed: 9)
    #expect(try explain(pairs: 300, seed: 9, threads: 4) == one)
    let reversed = try explain(pairs: 300, seed: 9, rows: rows.selecting(rows: [1, 0]))
    #expect(reversed == one.reversed())
    #expect(try explain(pairs: 300, seed: 10) != one)
  }

  @Test("Sampling stops once the wanted standard error is reached, and says so where it is not")
  func stopping() throws {
    let loose = try explain(pairs: 64, seed: 1, target: 0.04)
    for explanation in loose {
      guard case .sampled(let evidence) = explanation.fidelity.evidence else {
        Issue.record("Not the kind that was looked for.")
        return
      }
      #expect(evidence.largestStandardError <= 0.04)
      #expect(evidence.reachedTarget)
      #expect(evidence.pairs > 75 && evidence.pairs < 60_000)
    }
    let tight = try explain(pairs: 64, seed: 1, target: 1e-6, mostPairs: 500)[0]
    #expect(tight.fidelity.warnings.contains { $0.code == .targetNotReached })
  }

  @Test("Negating the margin negates every attribution")
  func negation() throws {
    let negated = MinimalScorer(inputWidth: 9) { -Fixtures.knottedNine($0) }
    let one = try explain(pairs: 64, seed: 2)
    let other = try SampledShapley.explain(
      rows, of: negated, quantity: Fixtures.margin, players: players, background: background,
      options: .init(pairs: 64), seeds: SeedTree(seed: 2))
    for (a, b) in zip(one, other) {
      #expect(largestDisagreement(Fixtures.values(a), Fixtures.values(b).map { -$0 }) < 1e-12)
    }
  }

  @Test("Batches are large: few scorings, each of many rows")
  func batching() throws {
    let map = Fixtures.singles(20)
    let counting = MinimalScorer(inputWidth: 20) { $0[0] * $0[1] * $0[2] }
    _ = try SampledShapley.explain(
      Fixtures.normal(1, 20, seed: 1), of: counting, quantity: Fixtures.margin,
      players: try Players(featureMap: map),
      background: try Background(name: "b", rows: Fixtures.normal(500, 20, seed: 2)),
      seeds: SeedTree(seed: 1))
    // A thousand pairs of nineteen coalitions on each side: 38,000 rows, and those of the two ends.
    #expect(counting.batches.withLock { $0 } <= 2 + 38)
  }
}
