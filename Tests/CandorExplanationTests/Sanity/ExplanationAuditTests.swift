import CandorData
import CandorEvaluation
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

@Suite("The scorecard of explanation quality")
struct ExplanationAuditTests {
  private let map = Fixtures.singles(6)

  private func audit(
    _ scorer: any Scorer, options: ExplanationAuditOptions = .init(), families: [OtherFamily] = [],
    rows: EncodedRows = Fixtures.normal(20, 6, seed: 2), threads: Int = 1
  ) throws -> ExplanationScorecard {
    var options = options
    options.shapley = SampledShapleyOptions(pairs: 64)
    options.resampledApplicants = 5
    options.resamples = 4
    return try ExplanationAudit.run(
      try ExplainedModel(scorer: scorer, calibrator: .identity, featureMap: map), rows: rows,
      players: try Players(featureMap: map),
      background: try Background(name: "b", rows: Fixtures.normal(20, 6, seed: 1)),
      families: families, options: options, seeds: SeedTree(seed: 3), threads: threads)
  }

  @Test("A linear score's explanations pass every check that can be made")
  func linear() throws {
    let card = try audit(
      AffineScorer(coefficients: [3, -2, 1.5, 0.2, -1, 2], intercept: 1))
    #expect(card.warnings.filter { $0.check != .background } == [])
    #expect(card.applicants == 20 && card.backgroundName == "b" && card.scale == "logOdds")
    // Only the fit on permuted outcomes was not handed in.
    #expect(card.notTested.map(\.check) == [.labelRandomisation])
    #expect(card.notTested.allSatisfy { !$0.note.isEmpty && $0.value == nil })
    let checks = Set(card.rows.map(\.check))
    for check in ExplanationScorecard.Check.allCases where check != .familyAgreement {
      #expect(checks.contains(check), "\(check.rawValue)")
    }
    let subjects = card.rows.filter { $0.check == .evidence }.map(\.subject)
    #expect(subjects.contains("linearShapley") && subjects.contains("integratedGradients"))
    let data = try JSONEncoder().encode(card)
    #expect(try JSONDecoder().decode(ExplanationScorecard.self, from: data) == card)
  }

  @Test("A net is randomised layer by layer, and the same bytes come at any number of threads")
  func net() throws {
    let scorer = PlainNet(inputs: 6, hidden: [8, 5], activation: "relu", seed: 4)
    let card = try audit(scorer)
    #expect(try audit(scorer, threads: 3) == card)
    let steps = card.rows.filter { $0.check == .modelRandomisation }
    #expect(steps.count == 3)
    #expect(steps.map { $0.verdict == nil } == [true, true, false])
    #expect(card.rows.contains { $0.subject.contains("expectedGradients") })
  }

  @Test("A black box is not randomised, and the card says so; a family that disagrees warns")
  func blackBox() throws {
    let rows = Fixtures.normal(20, 6, seed: 2)
    let players = try Players(featureMap: map)
    let background = try Background(name: "b", rows: Fixtures.normal(20, 6, seed: 1))
    let opposite = try ExplainedModel(
      scorer: MinimalScorer(inputWidth: 6) { -Fixtures.knotted($0) }, calibrator: .identity,
      featureMap: map)
    let other = try MethodSelection.shapley(
      for: opposite, rows: rows, players: players, background: background,
      seeds: SeedTree(seed: 1))
    let card = try audit(
      MinimalScorer(inputWidth: 6, Fixtures.knotted),
      families: [OtherFamily(name: "opposite", explanations: other)], rows: rows)
    #expect(card.notTested.map(\.check) == [.modelRandomisation, .labelRandomisation])
    let family = try #require(card.rows.first { $0.check == .familyAgreement })
    #expect(family.verdict == .warn)
    #expect(try #require(family.value) < 0)
    #expect(!card.rows.contains { $0.subject.contains("integratedGradients") })
  }

  @Test("A limit that cannot be met warns, and too few applicants have no verdict")
  func limits() throws {
    let scorer = AffineScorer(coefficients: [3, -2, 1.5, 0.2, -1, 2], intercept: 1)
    var strict = ExplanationAuditOptions()
    strict.limits.advantage = Limit(warnBelow: 1e9)
    let card = try audit(scorer, options: strict)
    let curves = card.rows.filter { $0.check == .deletion || $0.check == .insertion }
    #expect(!curves.isEmpty && curves.allSatisfy { $0.verdict == .warn })
    let few = try audit(scorer, rows: Fixtures.normal(3, 6, seed: 2))
    #expect(few.rows.first?.verdict == .insufficientData)
    #expect(throws: ExplanationError.self) {
      try audit(scorer, rows: Fixtures.normal(1, 6, seed: 2))
    }
  }
}
