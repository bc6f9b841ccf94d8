import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Linear surrogates")
struct SurrogateTests {
  /// Two numbers, a one-hot block of three levels with all levels kept, and a constant column.
  private let map = Fixtures.blocks([1, 1, 3, 1])
  private let scorer = AffineScorer(coefficients: [0.7, -1.1, 0.5, -0.25, 0, 9], intercept: 0.4)

  private func rows(_ count: Int, seed: UInt64) -> EncodedRows {
    var generator = SeedTree(seed: seed).child("one-hot").generator()
    return Fixtures.rows(
      (0..<count).map { _ in
        let level = generator.nextInteger(below: 3)
        return [generator.nextNormal(), 3 * generator.nextNormal()]
          + (0..<3).map { $0 == level ? 1 : 0 } + [2]
      })
  }

  private func evidence(_ fidelity: Fidelity) throws -> SurrogateEvidence {
    guard case .surrogate(let found) = fidelity.evidence else {
      throw ExplanationError(.numerical, "no surrogate evidence")
    }
    return found
  }

  @Test("On an affine score the local fit is exact, all levels and a constant column included")
  func localOnAffine() throws {
    let background = try Background(name: "b", rows: rows(120, seed: 1))
    let players = try Players(featureMap: map)
    let applicants = rows(3, seed: 2)
    let found = try LocalSurrogate.explain(
      applicants, of: scorer, quantity: Fixtures.margin, players: players, background: background,
      seeds: SeedTree(seed: 1))
    let exact = try LinearShapley.explain(
      applicants, of: scorer, quantity: Fixtures.margin, players: players, background: background)
    for (a, b) in zip(found, exact) {
      #expect(largestDisagreement(Fixtures.values(a), Fixtures.values(b)) < 1e-9)
      let measured = try evidence(a.fidelity)
      #expect(agree(measured.rSquared, 1, within: 1e-12))
      #expect(agree(measured.fittedRSquared, 1, within: 1e-12))
      #expect(measured.columns == 7)
      // Two numbers, two free levels, the intercept.
      #expect(measured.rank == 5)
      #expect(measured.conditionNumber < 100)
      #expect(measured.topOverlap == 1)
      #expect(a.fidelity.warnings.isEmpty)
      #expect(agree(Fixtures.values(a).reduce(a.baseValue, +), a.explainedValue, within: 1e-9))
      #expect(a.attributions.allSatisfy { ($0.standardError ?? 1) < 1e-9 })
    }
  }

  @Test("On an affine score the global fit recovers coefficients and contributions")
  func globalOnAffine() throws {
    let sample = try Background(
      name: "sample", rows: rows(200, seed: 3), weights: (0..<200).map { Double(1 + $0 % 2) })
    let players = try Players(featureMap: map)
    let model = try ExplainedModel(
      scorer: scorer, calibrator: .platt(slope: 2, offset: 1), featureMap: map)
    let found = try GlobalSurrogate.fit(to: model, players: players, sample: sample)
    let values = found.coefficients.map(\.value)
    #expect(agree(values[0], 1.4, within: 1e-10))
    #expect(agree(values[1], -2.2, within: 1e-10))
    // Levels are known up to a constant only.
    #expect(agree(values[2] - values[3], 1.5, within: 1e-10))
    #expect(agree(values[2] - values[4], 1, within: 1e-10))
    #expect(values[5] == 0)
    let measured = try evidence(found.fidelity)
    #expect(agree(measured.rSquared, 1, within: 1e-12))
    #expect(measured.rank == 5)
    for player in 0..<players.count {
      let terms = Fixtures.arrays(sample.rows).map { row in
        players.columns[player].reduce(0) { $0 + 2 * scorer.coefficients[$1] * row[$1] }
      }
      #expect(
        agree(
          found.contributions[player].standardDeviation, sample.standardDeviation(of: terms),
          within: 1e-9))
    }
  }

  @Test("A score without linear part is reported as not explained")
  func unfaithful() throws {
    let background = try Background(name: "b", rows: Fixtures.normal(400, 4, seed: 4))
    let players = try Players(featureMap: Fixtures.singles(4))
    let parity = MinimalScorer(inputWidth: 4) { x in
      x.reduce(1) { $0 * ($1 > 0 ? 1 : -1) }
    }
    let local = try LocalSurrogate.explain(
      Fixtures.normal(1, 4, seed: 5), of: parity, quantity: Fixtures.margin, players: players,
      background: background, seeds: SeedTree(seed: 1))[0]
    #expect(try evidence(local.fidelity).rSquared < 0.6)
    #expect(local.fidelity.warnings.contains { $0.code == .surrogateUnfaithful })
    let global = try GlobalSurrogate.fit(
      to: try ExplainedModel(
        scorer: parity, calibrator: .identity, featureMap: Fixtures.singles(4)),
      players: players, sample: background)
    #expect(try evidence(global.fidelity).rSquared < 0.1)
    #expect(global.fidelity.warnings.map(\.code) == [.surrogateUnfaithful])
  }

  @Test("Standard errors over designs cover the answer of very many designs")
  func standardErrors() throws {
    let background = try Background(name: "b", rows: Fixtures.normal(60, 6, seed: 6))
    let players = try Players(featureMap: Fixtures.singles(6))
    let scorer = MinimalScorer(inputWidth: 6, Fixtures.knotted)
    let row = Fixtures.normal(1, 6, seed: 7)
    func explain(_ designs: Int, _ seed: UInt64) throws -> Explanation {
      try LocalSurrogate.explain(
        row, of: scorer, quantity: Fixtures.margin, players: players, background: background,
        options: .init(rows: 200, designs: designs), seeds: SeedTree(seed: seed))[0]
    }
    let truth = Fixtures.values(try explain(1000, 999))
    var covered = 0
    for seed in 0..<200 {
      let found = try explain(6, UInt64(seed))
      for (attribution, expected) in zip(found.attributions, truth) {
        let (lower, upper) = (try #require(attribution.lower), try #require(attribution.upper))
        if lower <= expected && expected <= upper { covered += 1 }
      }
    }
    let share = Double(covered) / 1200
    #expect(share > 0.92 && share < 0.98, "coverage \(share)")
  }

  @Test("Threads and the place among the rows do not change a bit; negation negates")
  func determinism() throws {
    let background = try Background(name: "b", rows: Fixtures.normal(60, 6, seed: 6))
    let players = try Players(featureMap: Fixtures.singles(6))
    let rows = Fixtures.normal(2, 6, seed: 8)
    func explain(
      _ rows: EncodedRows, _ threads: Int, _ sign: Double = 1
    ) throws -> [Explanation] {
      try LocalSurrogate.explain(
        rows, of: MinimalScorer(inputWidth: 6) { sign * Fixtures.knotted($0) },
        quantity: Fixtures.margin, players: players, background: background,
        options: .init(rows: 100, designs: 3), seeds: SeedTree(seed: 1), threads: threads)
    }
    let one = try explain(rows, 1)
    #expect(try explain(rows, 3) == one)
    #expect(try explain(rows.selecting(rows: [1, 0]), 1) == one.reversed())
    for (a, b) in zip(one, try explain(rows, 1, -1)) {
      #expect(largestDisagreement(Fixtures.values(a), Fixtures.values(b).map { -$0 }) < 1e-9)
    }
  }

  @Test("A ridge shrinks the coefficients")
  func ridge() throws {
    let sample = try Background(name: "sample", rows: rows(100, seed: 3))
    let model = try ExplainedModel(scorer: scorer, calibrator: .identity, featureMap: map)
    let players = try Players(featureMap: map)
    let plain = try GlobalSurrogate.fit(to: model, players: players, sample: sample)
    let shrunk = try GlobalSurrogate.fit(to: model, players: players, sample: sample, ridge: 50)
    for c in 0..<2 {
      #expect(abs(shrunk.coefficients[c].value) < abs(plain.coefficients[c].value))
      #expect(abs(shrunk.coefficients[c].value) > 0.3 * abs(plain.coefficients[c].value))
    }
  }
}
