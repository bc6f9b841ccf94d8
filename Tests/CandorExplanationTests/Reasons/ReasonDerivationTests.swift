import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Reasons from a model")
struct ReasonDerivationTests {
  private let map = Fixtures.singles(18)
  /// Four clear factors, then two that differ by little and interact in threes.
  private let scorer = MinimalScorer(inputWidth: 18) { x in
    let triple = 2 * x[3] * x[4] * x[5] + x[6] * x[7] * x[8] * x[9]
    return 3 * x[0] + 2.5 * x[1] + 2 * x[2] + x[3] + 0.98 * x[4] + 0.5 * x[5] + triple - 4
  }

  private func derive(mostPairs: Int, threads: Int = 1) throws -> ReasonDerivation {
    let model = try ExplainedModel(scorer: scorer, calibrator: .identity, featureMap: map)
    let reference = try Background(
      name: "approved",
      rows: EncodedRows(
        Matrix(rows: 40, columns: 18) { r, c in Double((r * 7 + c * 3) % 5) / 5 - 0.4 }))
    return try ReasonDerivation.derive(
      for: model, applicant: Array(repeating: 1, count: 18), players: try Players(featureMap: map),
      reference: reference,
      subjects: map.sourceNames.map { ReasonSubject(name: $0, members: [$0], priority: 0) },
      refusedFrom: 0, sampling: .init(pairs: 80, mostPairs: mostPairs), seeds: SeedTree(seed: 1),
      threads: threads)
  }

  @Test("More orders are drawn while the reasons are not settled, and no more than allowed")
  func growth() throws {
    let first = try derive(mostPairs: 80)
    let later = try derive(mostPairs: 6000)
    #expect(first.rounds == 1 && first.explanation.method == .sampledShapley)
    #expect(!first.isSettled || first.reasons.tieStraddlesLimit)
    #expect(later.rounds > 1)
    guard case .sampled(let evidence) = later.explanation.fidelity.evidence else {
      Issue.record("Not the kind that was looked for.")
      return
    }
    #expect(evidence.pairs > 80 && evidence.pairs <= 6000)
    #expect(later.reasons.changeProbability <= first.reasons.changeProbability)
    #expect(Array(later.reasons.reasons.map(\.subject).prefix(3)) == ["x0", "x1", "x2"])
    #expect(try derive(mostPairs: 6000, threads: 3) == later)
  }

  @Test("Resampled backgrounds show which tops are safe")
  func stability() throws {
    let map = Fixtures.singles(3)
    let players = try Players(featureMap: map)
    let background = try Background(name: "b", rows: Fixtures.normal(100, 3, seed: 1))
    let model = try ExplainedModel(
      scorer: AffineScorer(coefficients: [3, 1, 1], intercept: 0), calibrator: .identity,
      featureMap: map)
    func measure(_ applicant: [Double], top: Int) throws -> BackgroundStability {
      try BackgroundStability.measure(
        model, applicant: applicant, players: players, background: background, resamples: 200,
        top: top, seeds: SeedTree(seed: 1))
    }
    let clear = try measure([2, 1, -1], top: 1)
    #expect(clear.meanJaccard == 1)
    // The bootstrap's deviation of a mean is the column's over the root of the rows.
    for (c, coefficient) in [3.0, 1, 1].enumerated() {
      let expected =
        coefficient * background.standardDeviation(of: background.rows.matrix.column(c)) / 10
      #expect(abs(clear.standardDeviations[c] - expected) < 0.2 * expected)
    }
    let means = background.meanRow
    let unclear = try measure([5, means[1] + 0.01, means[2] - 0.01], top: 2)
    #expect(unclear.meanJaccard < 0.9)
  }
}
