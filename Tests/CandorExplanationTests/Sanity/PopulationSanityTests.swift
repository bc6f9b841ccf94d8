import CandorData
import CandorEvaluation
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Sanity over a population")
struct PopulationSanityTests {
  private let map = Fixtures.singles(6)

  private func model() throws -> ExplainedModel {
    try ExplainedModel(
      scorer: MinimalScorer(inputWidth: 6, Fixtures.knotted), calibrator: .identity,
      featureMap: map)
  }

  /// The same explanations with each one's attributions dealt anew among the players.
  private func shuffled(_ list: [Explanation], seed: UInt64, background: Background)
    -> [Explanation]
  {
    list.enumerated().map { i, own in
      var generator = SeedTree(seed: seed).child(i).generator()
      let order = Sampling.permutation(own.attributions.count, using: &generator)
      return Explanation(
        method: own.method, scale: own.scale, background: background, baseValue: own.baseValue,
        explainedValue: own.explainedValue,
        attributions: own.attributions.enumerated().map {
          Attribution(
            source: $1.source, value: own.attributions[order[$0]].value, standardError: nil)
        }, fidelity: own.fidelity)
    }
  }

  @Test("True values pass deletion and insertion; attributions dealt at random do not")
  func curves() throws {
    let model = try model()
    let players = try Players(featureMap: map)
    let background = try Background(name: "b", rows: Fixtures.normal(30, 6, seed: 1))
    let rows = Fixtures.normal(40, 6, seed: 2)
    let exact = try MethodSelection.shapley(
      for: model, rows: rows, players: players, background: background, seeds: SeedTree(seed: 1))
    func measure(_ list: [Explanation], threads: Int = 1) throws -> PopulationCurves {
      try PopulationCurves.measure(
        list, rows: rows, model: model, players: players, background: background,
        seeds: SeedTree(seed: 3), threads: threads)
    }
    let good = try measure(exact)
    #expect(try #require(good.deletionAdvantage?.lower) > 0)
    #expect(try #require(good.insertionAdvantage?.lower) > 0)
    let explained = exact.map(\.explainedValue).reduce(0, +) / 40
    #expect(agree(good.deletionCurve[0], explained, within: 1e-12))
    #expect(agree(good.insertionCurve[6], explained, within: 1e-12))
    #expect(agree(good.deletionCurve[6], exact[0].baseValue, within: 1e-12))
    #expect(agree(good.insertionCurve[0], exact[0].baseValue, within: 1e-12))
    #expect(try measure(exact, threads: 3) == good)
    var passed = 0
    for seed in 0..<10 as Range<UInt64> {
      let bad = try measure(shuffled(exact, seed: seed, background: background))
      #expect(try #require(bad.deletionAdvantage?.value) < good.deletionAdvantage?.value ?? 0)
      if try #require(bad.deletionAdvantage?.lower) > 0 { passed += 1 }
    }
    #expect(passed <= 2, "the test let \(passed) of 10 random explainers pass")
  }

  @Test("Insertion in the order of exact values rises from the base to the value")
  func insertion() throws {
    let model = try ExplainedModel(
      scorer: AffineScorer(coefficients: [1, 2, 3, -1], intercept: 0), calibrator: .identity,
      featureMap: Fixtures.singles(4))
    let players = try Players(featureMap: Fixtures.singles(4))
    let background = try Background(name: "b", rows: Fixtures.normal(40, 4, seed: 1))
    let row = [1.0, 1, 1, 1]
    let exact = try MethodSelection.shapley(
      for: model, rows: Fixtures.rows([row]), players: players, background: background,
      seeds: SeedTree(seed: 1))[0]
    let found = try Insertion.test(
      exact, applicant: row, model: model, players: players, background: background)
    #expect(found.order == ["x2", "x1", "x0", "x3"])
    for (step, name) in found.order.enumerated() {
      let value = try #require(exact.attribution(of: name)).value
      #expect(agree(found.curve[step + 1] - found.curve[step], value, within: 1e-11))
    }
    #expect(found.advantage > 0)
    #expect(throws: ExplanationError.self) {
      try Insertion.test(
        exact, applicant: row, model: model.on(.margin), players: players, background: background)
    }
  }

  @Test("Agreement has an interval over applicants, full with oneself and near none with chance")
  func agreement() throws {
    let players = try Players(featureMap: map)
    let background = try Background(name: "b", rows: Fixtures.normal(20, 6, seed: 1))
    let exact = try MethodSelection.shapley(
      for: try model(), rows: Fixtures.normal(60, 6, seed: 2), players: players,
      background: background, seeds: SeedTree(seed: 1))
    let own = try PopulationAgreement.between(exact, exact, seeds: SeedTree(seed: 1))
    #expect(own.rankCorrelation?.value == 1 && own.rankCorrelation?.lower == 1)
    #expect(own.topOverlap?.value == 1 && own.signAgreement?.value == 1 && own.sameBackground)
    let random = shuffled(exact, seed: 9, background: background)
    let chance = try PopulationAgreement.between(exact, random, top: 2, seeds: SeedTree(seed: 1))
    #expect(try #require(chance.rankCorrelation).contains(0))
    #expect(try #require(chance.topOverlap).contains(2.0 / 6))
    #expect(try #require(chance.rankCorrelation?.upper) < 0.5)
    #expect(chance.applicants == 60)
    // By hand: the mean of single agreements.
    var sum = 0.0
    for (a, b) in zip(exact, random) {
      sum += try #require(try MethodAgreement.between(a, b, top: 2).rankCorrelation)
    }
    #expect(agree(try #require(chance.rankCorrelation?.value), sum / 60, within: 1e-12))
    #expect(
      try PopulationAgreement.table([exact, random, exact], seeds: .init(seed: 1)).count == 3)
    #expect(throws: ExplanationError.self) {
      try PopulationAgreement.between(exact, [], seeds: SeedTree(seed: 1))
    }
  }

  @Test("The interval over applicants covers the mean that it estimates")
  func coverage() throws {
    var covered = 0
    for seed in 0..<200 as Range<UInt64> {
      let values = Fixtures.normal(60, 1, seed: seed).matrix.values
      let found = try #require(
        ApplicantMean.estimate(values, replicates: 200, seeds: SeedTree(seed: seed)))
      if found.contains(0) { covered += 1 }
    }
    #expect(covered > 176 && covered < 200)
    #expect(ApplicantMean.estimate([nil, nil], seeds: SeedTree(seed: 1)) == nil)
    #expect(ApplicantMean.estimate([2, nil], seeds: SeedTree(seed: 1))?.lower == nil)
  }

  @Test("An exact method does not depend on the seed, few draws do")
  func seedStability() throws {
    let model = try model()
    let players = try Players(featureMap: map)
    let background = try Background(name: "b", rows: Fixtures.normal(8, 6, seed: 1))
    let rows = Fixtures.normal(15, 6, seed: 2)
    let exact = try SeedStability.measure(seeds: SeedTree(seed: 1)) {
      seeds throws(ExplanationError) in
      try EnumeratedShapley.explain(
        rows, of: model.scorer, quantity: model.quantity, players: players, background: background)
    }
    #expect(exact.topOverlap?.value == 1 && exact.largestDeviation == 0 && exact.applicants == 15)
    // More players than are played out exactly.
    let wide = Fixtures.singles(12)
    let scorer = MinimalScorer(inputWidth: 12) { x in
      Fixtures.knotted(x) + x[6] * x[7] * x[8] + x[9] * x[10] * x[11]
    }
    let others = try Players(featureMap: wide)
    let far = try Background(name: "b", rows: Fixtures.normal(8, 12, seed: 1))
    let applicants = Fixtures.normal(15, 12, seed: 2)
    func sampled(_ pairs: Int) throws -> SeedStability {
      try SeedStability.measure(runs: 4, top: 2, seeds: SeedTree(seed: 1)) {
        seeds throws(ExplanationError) in
        try SampledShapley.explain(
          applicants, of: scorer, quantity: model.quantity, players: others, background: far,
          options: .init(pairs: pairs), seeds: seeds)
      }
    }
    let few = try sampled(64)
    let many = try sampled(1024)
    #expect(few.largestDeviation > 2 * many.largestDeviation && many.largestDeviation > 0)
    #expect(
      try #require(few.rankCorrelation?.value) < (try #require(many.rankCorrelation?.value)))
    #expect(throws: ExplanationError.self) {
      try SeedStability.measure(runs: 1, seeds: SeedTree(seed: 1)) {
        _ throws(ExplanationError) in []
      }
    }
  }
}
