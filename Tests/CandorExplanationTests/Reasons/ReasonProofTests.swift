import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Reasons with proof")
struct ReasonProofTests {
  private let map = Fixtures.singles(3)
  private let names = ["x0", "x1", "x2"]

  private func found(
    _ applicant: [Double], coefficients: [Double], reference: Background, atMost: Int = 4,
    refusedFrom: Double = 0
  ) throws -> ReasonCase {
    try ReasonCase(
      model: ExplainedModel(
        scorer: AffineScorer(coefficients: coefficients, intercept: 0), calibrator: .identity,
        featureMap: map),
      applicant: applicant, players: Players(featureMap: map), reference: reference,
      subjects: names.map { ReasonSubject(name: $0, members: [$0], priority: 0) },
      refusedFrom: refusedFrom, options: PrincipalReasonOptions(atMost: atMost))
  }

  private func explanation(of one: ReasonCase) throws -> Explanation {
    try MethodSelection.shapley(
      for: one.model, rows: Fixtures.rows([one.applicant]), players: one.players,
      background: one.reference, seeds: SeedTree(seed: 1))[0]
  }

  private func derive(_ one: ReasonCase) throws -> PrincipalReasons {
    try PrincipalReasons.derive(
      from: explanation(of: one),
      subjects: one.subjects, refusedFrom: one.refusedFrom, options: one.options,
      seeds: SeedTree(seed: 1))
  }

  @Test("Reasons far apart survive resampled references, near ones change as the normal law says")
  func resampledReference() throws {
    let values: [[Double]] = (0..<100).map { row in
      let first: Double = row % 2 == 0 ? -1 : 1
      let last: Double = row % 4 < 2 ? -1 : 1
      return [first, 0, last]
    }
    let reference = try Background(name: "r", rows: Fixtures.rows(values))
    let clear = try found(
      [9, 3, 1], coefficients: [1, 1, 1], reference: reference, refusedFrom: 0.5)
    let safe = try ReasonStability.underResampledReference(
      derive(clear), of: clear, draws: 100, seeds: SeedTree(seed: 2))
    #expect(safe.refusals == 100 && safe.setChangeProbability == 0)
    #expect(safe.reasons.map(\.subject) == ["x0", "x1", "x2"])
    #expect(safe.reasons.allSatisfy { $0.changeProbability == 0 })
    // One reason, and two factors whose difference has the bootstrap's standard error sqrt(2)/10:
    // half a standard error apart, the order turns with probability 1 − Φ(0.5) = 0.309.
    let gap = 0.5 * 2.0.squareRoot() / 10
    let near = try found(
      [9, 0, 9 - gap], coefficients: [1, 0, 1], reference: reference, atMost: 1, refusedFrom: 0.5)
    let unsafe = try ReasonStability.underResampledReference(
      derive(near), of: near, draws: 2000, seeds: SeedTree(seed: 3))
    let probability = try #require(unsafe.setChangeProbability)
    let error: Double = (0.309 * 0.691 / 2000).squareRoot()
    #expect(abs(probability - 0.309) < 4 * error + 0.02)
    #expect(unsafe.reasons[0].changeProbability == probability)
    #expect(unsafe.firstChangeProbability == probability)
    #expect(throws: ExplanationError.self) {
      try ReasonStability.underResampledReference(
        derive(near), of: near, draws: 1, seeds: SeedTree(seed: 3))
    }
  }

  @Test("A refit that ranks otherwise changes the list, one that approves gives none")
  func refits() throws {
    let reference = try Background(name: "r", rows: Fixtures.rows([[0, 0, 0]]))
    let own = try found(
      [1, 1, 1], coefficients: [3, 2, 0], reference: reference, atMost: 1, refusedFrom: 1)
    let printed = try derive(own)
    let same = try found(
      [1, 1, 1], coefficients: [4, 2, 0], reference: reference, atMost: 1, refusedFrom: 1)
    let other = try found(
      [1, 1, 1], coefficients: [2, 3, 0], reference: reference, atMost: 1, refusedFrom: 1)
    let approves = try found(
      [1, 1, 1], coefficients: [0.2, 0.1, 0], reference: reference, atMost: 1, refusedFrom: 1)
    func explained(_ cases: [ReasonCase]) throws -> [(ReasonCase, Explanation)] {
      try cases.map { ($0, try explanation(of: $0)) }
    }
    let found = try ReasonStability.underRefits(
      printed, refits: explained([same, other, approves]), seeds: SeedTree(seed: 1))
    #expect(found.draws == 3 && found.refusals == 2)
    #expect(found.setChangeProbability == 0.5 && found.reasons[0].changeProbability == 0.5)
    let none = try ReasonStability.underRefits(
      printed, refits: explained([approves]), seeds: SeedTree(seed: 1))
    #expect(none.setChangeProbability == nil && none.reasons.isEmpty)
    #expect(throws: ExplanationError.self) {
      try ReasonStability.underRefits(printed, refits: [], seeds: SeedTree(seed: 1))
    }
  }

  @Test("A factor whose move to the reference raises the value does not agree with its reason")
  func direction() throws {
    // x0 alone is 2 at the applicant and would be 2 · 3 = 6 with the reference's x0, since x1 is 3;
    // over coalitions it still counts against the applicant, as the reference's x1 is −1.
    let scorer = MinimalScorer(inputWidth: 3) { x in x[0] * x[1] + 4 * x[2] }
    let model = try ExplainedModel(scorer: scorer, calibrator: .identity, featureMap: map)
    let players = try Players(featureMap: map)
    let reference = try Background(name: "r", rows: Fixtures.rows([[2, -1, 0], [2, 1, 0]]))
    let found = try ReasonDirection.verify(
      ["x2", "x0"], applicant: [1, 2, 1], model: model, players: players, reference: reference)
    #expect(found[0].agrees && found[0].meanChange == -4 && found[0].shareLowered == 1)
    #expect(!found[1].agrees && found[1].meanChange == 2 && found[1].shareLowered == 0)
    #expect(throws: ExplanationError.self) {
      try ReasonDirection.verify(
        ["y"], applicant: [1, 2, 1], model: model, players: players, reference: reference)
    }
  }

  @Test("A population shows what is never printed, what nearly always, and by whom")
  func population() {
    let population = ReasonPopulation(
      printed: [["a", "b"], ["a"], ["a", "c"], ["b"]], subjects: ["a", "b", "c", "d"],
      groups: ["f", "m", "f", nil])
    #expect(population.frequencies.map(\.subject) == ["a", "b", "c", "d"])
    #expect(population.frequencies.map(\.count) == [3, 2, 1, 0])
    #expect(population.neverPrinted == ["d"] && population.overHalf == ["a"])
    #expect(population.groups.map(\.name) == ["f", "m"])
    #expect(population.groups[0].lists == 2 && population.groups[0].frequencies[0].share == 1)
    #expect(population.groups[1].frequencies[1].count == 0)
    #expect(ReasonPopulation(printed: [], subjects: ["a"]).frequencies[0].share == nil)
  }

  @Test("Two lists for one refusal agree as far as they share subjects")
  func agreement() throws {
    let near = try found(
      [2, 1, 0], coefficients: [1, 1, 1],
      reference: Background(name: "near", rows: Fixtures.rows([[0, 0, -1]])))
    let all = try found(
      [2, 1, 0], coefficients: [1, 1, 1],
      reference: Background(name: "all", rows: Fixtures.rows([[-2, 1, -1]])))
    let agreement = ReasonAgreement(try derive(near), try derive(all))
    #expect(agreement.printed == ["x0", "x1", "x2"] && agreement.other == ["x0", "x2"])
    #expect(abs(agreement.overlap - 2.0 / 3) < 1e-12 && agreement.sameFirst)
    #expect(agreement.otherReference == "all")
  }
}
