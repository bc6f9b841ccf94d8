import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Agreement and deletion")
struct MethodAgreementTests {
  private func explanation(
    _ values: [Double], scale: ExplainedScale = .logOdds, names: [String]? = nil
  ) throws -> Explanation {
    Explanation(
      method: .sampledShapley, scale: scale,
      background: try Background(name: "b", rows: Fixtures.rows([[0]])), baseValue: 0,
      explainedValue: 0,
      attributions: values.enumerated().map {
        Attribution(source: names?[$0] ?? "x\($0)", value: $1, standardError: nil)
      }, fidelity: Fidelity(.slope))
  }

  @Test("Overlap, ranks and signs are those of a hand count")
  func handCount() throws {
    let a = try explanation([3, -2, 1, 0.5, 0, 0.1])
    let b = try explanation([2, 3, 1.5, -0.4, 0, 0.2])
    let found = try MethodAgreement.between(a, b, top: 2)
    #expect(found.topOverlap == 1 && found.topJaccard == 1)
    let third = try MethodAgreement.between(a, try explanation([3, 0, 1, 0.5, 0, 0.1]), top: 2)
    #expect(third.topOverlap == 0.5)
    #expect(agree(third.topJaccard, 1.0 / 3, within: 1e-12))
    #expect(agree(found.signAgreement ?? 0, 3.0 / 5, within: 1e-12))
    // Ranks (6,1,5,4,2,3) and (5,6,4,1,2,3): Σd² = 1 + 25 + 1 + 9 = 36.
    #expect(agree(found.rankCorrelation ?? 0, 1 - 6 * 36.0 / 210, within: 1e-12))
    #expect(found.sameBackground)
    #expect(try MethodAgreement.table([a, b, a]).count == 3)
  }

  @Test("Mixed scales and other players refuse to be compared")
  func refusals() throws {
    let a = try explanation([1, 2])
    func code(_ other: Explanation) -> ExplanationError.Code? {
      do throws(ExplanationError) {
        _ = try MethodAgreement.between(a, other)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(try explanation([1, 2], scale: .probability)) == .mixedScales)
    #expect(code(try explanation([1, 2], names: ["x0", "y"])) == .differentPlayers)
    #expect(code(a) == nil)
  }

  @Test("Deletion in the order of exact values falls from the value to the base, below its reverse")
  func deletion() throws {
    let map = Fixtures.singles(4)
    let model = try ExplainedModel(
      scorer: AffineScorer(coefficients: [1, 2, 3, -1], intercept: 0), calibrator: .identity,
      featureMap: map)
    let players = try Players(featureMap: map)
    let background = try Background(name: "b", rows: Fixtures.normal(40, 4, seed: 1))
    let row = [1.0, 1, 1, 1]
    let exact = try MethodSelection.shapley(
      for: model, rows: Fixtures.rows([row]), players: players, background: background,
      seeds: SeedTree(seed: 1))[0]
    let found = try Deletion.test(
      exact, applicant: row, model: model, players: players, background: background)
    #expect(found.order == ["x2", "x1", "x0", "x3"])
    #expect(agree(found.curve[0], exact.explainedValue, within: 1e-12))
    #expect(agree(found.curve[4], exact.baseValue, within: 1e-12))
    for (step, name) in found.order.enumerated() {
      let value = try #require(exact.attribution(of: name)).value
      #expect(agree(found.curve[step] - found.curve[step + 1], value, within: 1e-11))
    }
    #expect(found.advantage > 0)
    #expect(throws: ExplanationError.self) {
      try Deletion.test(
        exact, applicant: row, model: model.on(.margin), players: players, background: background)
    }
  }
}
