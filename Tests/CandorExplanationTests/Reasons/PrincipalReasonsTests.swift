import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

@Suite("Principal reasons")
struct PrincipalReasonsTests {
  private func explanation(
    _ values: [(String, Double)], errors: [Double]? = nil, base: Double = -2,
    method: ExplanationMethod = .sampledShapley, scale: ExplainedScale = .logOdds
  ) throws -> Explanation {
    Explanation(
      method: method, scale: scale,
      background: try Background(
        name: "approved near the cut-off", rows: Fixtures.rows([[0]]), hash: "abc"),
      baseValue: base, explainedValue: values.reduce(base) { $0 + $1.1 },
      attributions: values.enumerated().map {
        Attribution(
          source: $1.0, value: $1.1, standardError: method == .gradient ? nil : errors?[$0] ?? 0)
      }, fidelity: Fidelity(.slope))
  }

  private func subjects(_ names: [String]) -> [ReasonSubject] {
    names.enumerated().map { ReasonSubject(name: $1, members: [$1], priority: $0) }
  }

  private func derive(
    _ explanation: Explanation, _ subjects: [ReasonSubject]? = nil, from refused: Double = -1,
    options: PrincipalReasonOptions = .init()
  ) throws -> PrincipalReasons {
    try PrincipalReasons.derive(
      from: explanation,
      subjects: subjects ?? self.subjects(explanation.attributions.map(\.source)),
      refusedFrom: refused, options: options, seeds: SeedTree(seed: 1))
  }

  private func code(_ body: () throws -> PrincipalReasons) -> ExplanationError.Code? {
    do {
      _ = try body()
      return nil
    } catch { return (error as? ExplanationError)?.code }
  }

  @Test("Only contributions towards refusal, by size, at most four")
  func sizeAndLimit() throws {
    let found = try derive(
      explanation([("a", 0.5), ("b", -2), ("c", 0.9), ("d", 0.7), ("e", 0.6), ("f", 0.8)]))
    #expect(found.reasons.map(\.subject) == ["c", "f", "d", "e"])
    #expect(found.stop == .limit)
    #expect(!found.tieStraddlesLimit)
    #expect(agree(found.adverseTotal, 3.5, within: 1e-12))
    #expect(agree(found.favourableTotal, -2, within: 1e-12))
    #expect(found.contributions.count == 6)
    #expect(found.contributions.last?.subject == "b")
    #expect(found.contributions.last?.share == nil)
    #expect(found.changeProbability == 0)
    #expect(found.referenceName == "approved near the cut-off" && found.referenceHash == "abc")
  }

  @Test("A feature without effect is never a reason, and the list is not padded")
  func noPadding() throws {
    let found = try derive(explanation([("a", 2), ("b", 0), ("c", -0.5), ("d", 1e-15)]))
    #expect(found.reasons.map(\.subject) == ["a"])
    #expect(found.stop == .exhausted)
  }

  @Test("The list stops at less than five percent of what speaks for refusal")
  func smallShare() throws {
    let found = try derive(explanation([("a", 2), ("b", 0.12), ("c", 0.1), ("d", 0.09)]))
    #expect(found.reasons.map(\.subject) == ["a", "b"])
    #expect(found.stop == .smallShare)
    // Thirty equal factors: each has less than five percent, but there must be a reason.
    let many = try derive(explanation((0..<30).map { ("f\($0)", 0.1) }))
    #expect(many.reasons.count == 1)
  }

  @Test("The list stops at a contribution within its own error of zero")
  func withinError() throws {
    let found = try derive(
      explanation([("a", 2), ("b", 0.5), ("c", 0.4)], errors: [0.01, 0.3, 0.01]))
    #expect(found.reasons.map(\.subject) == ["a"])
    #expect(found.stop == .withinError)
    #expect(
      code {
        try derive(explanation([("a", 2)], errors: [1.5]))
      } == .noPrincipalReason)
  }

  @Test("Members of a group net out before anything is chosen")
  func netGroups() throws {
    let groups = [
      ReasonSubject(name: "repayment", members: ["a", "b"], priority: 1),
      ReasonSubject(name: "c", members: ["c"], priority: 2),
    ]
    let found = try derive(
      explanation([("a", 2), ("b", -1.5), ("c", 1)], errors: [0.01, 0.02, 0]), groups)
    #expect(found.reasons.map(\.subject) == ["c", "repayment"])
    #expect(agree(found.reasons[1].contribution, 0.5, within: 1e-12))
    #expect(agree(found.reasons[1].standardError, 0.03, within: 1e-12))
    // The group as a player of its own is taken as it stands.
    let own = try derive(explanation([("repayment", 0.7), ("c", 1)]), groups)
    #expect(own.reasons.map(\.contribution) == [1, 0.7])
    #expect(own.unmapped.isEmpty)
  }

  @Test("Ties share a band, and go by size, then priority, then name, and are flagged")
  func ties() throws {
    let exact = try derive(
      explanation([("b", 0.5), ("a", 0.5), ("c", 0.5), ("d", 0.2)]),
      [
        ReasonSubject(name: "c", members: ["c"], priority: 1),
        ReasonSubject(name: "b", members: ["b"], priority: 2),
        ReasonSubject(name: "a", members: ["a"], priority: 2),
        ReasonSubject(name: "d", members: ["d"], priority: 0),
      ])
    #expect(exact.reasons.map(\.subject) == ["c", "a", "b", "d"])
    #expect(exact.reasons.map(\.band) == [1, 1, 1, 2])
    #expect(exact.tied == ["c", "a", "b"])
    let sampled = try derive(
      explanation([("a", 1), ("b", 0.9), ("c", 0.4)], errors: [0.05, 0.05, 0.01]))
    #expect(sampled.reasons.map(\.band) == [1, 1, 2])
    #expect(sampled.tied == ["a", "b"])
  }

  @Test("A tie between the last reason and the first left out is flagged, and may change")
  func straddle() throws {
    let values = [("a", 1.0), ("b", 0.9), ("c", 0.8), ("d", 0.5), ("e", 0.49), ("f", 0.1)]
    let tied = try derive(explanation(values, errors: Array(repeating: 0.02, count: 6)))
    #expect(tied.tieStraddlesLimit)
    // P(e above d) with a difference of 0.01 and standard deviation 0.0283.
    #expect(abs(tied.changeProbability - 0.362) < 0.04)
    let clear = try derive(explanation(values, errors: Array(repeating: 0.001, count: 6)))
    #expect(!clear.tieStraddlesLimit)
    #expect(clear.changeProbability < 0.001)
  }

  @Test("The simulated probability of another set is what repeated sampling shows")
  func changeProbability() throws {
    let truth = [("a", 1.0), ("b", 0.6), ("c", 0.55), ("d", 0.3), ("e", 0.27)]
    let errors = [0.02, 0.02, 0.02, 0.02, 0.02]
    let reference = try derive(explanation(truth, errors: errors))
    let printed = Set(reference.reasons.map(\.subject))
    var generator = SeedTree(seed: 3).generator()
    var changed = 0
    for _ in 0..<2000 {
      let again = try derive(
        explanation(
          truth.map { ($0.0, $0.1 + 0.02 * generator.nextNormal()) }, errors: errors),
        options: .init(simulations: 100))
      if Set(again.reasons.map(\.subject)) != printed { changed += 1 }
    }
    #expect(abs(Double(changed) / 2000 - reference.changeProbability) < 0.04)
    #expect(reference.changeProbability > 0.05)
  }

  @Test("A feature without a catalogue entry is named and reported, never dropped")
  func unmapped() throws {
    let found = try derive(explanation([("a", 1), ("age of file", 3)]), subjects(["a"]))
    #expect(found.reasons.map(\.subject) == ["age of file", "a"])
    #expect(found.unmapped == ["age of file"])
    #expect(!found.reasons[0].isMapped)
  }

  @Test("An applicant refused on the cut-off itself gets reasons whatever the last bits say")
  func onTheCutOff() throws {
    // The value is -2 + 1 = -1; the cut-off's own value came out a few bits above it.
    let values = [("a", 1.0)]
    for refused in [(-1.0).nextUp, -1 + 1e-12, -1 + 9e-10] {
      #expect(try derive(explanation(values), from: refused).reasons.map(\.subject) == ["a"])
    }
    #expect(code { try derive(explanation(values), from: -1 + 2e-9) } == .notRefused)
    // Every PD that is refused by `PD >= cut-off` is refused on log-odds.
    for cutOff in [0.01, 0.07, 0.1, 0.2, 0.3, 1.0 / 3] {
      for margin in [log(cutOff / (1 - cutOff)), -log(1 / cutOff - 1)]
      where sigmoid(margin) >= cutOff {
        let refused = log(cutOff) - log1p(-cutOff)
        #expect(
          code { try derive(explanation([("a", margin + 9)], base: -9), from: refused) } == nil)
      }
    }
  }

  @Test("What must not give reasons is refused with its own code")
  func refusals() throws {
    let values = [("a", 3.0), ("b", 1.0)]
    #expect(code { try derive(explanation(values), from: 5) } == .notRefused)
    #expect(code { try derive(explanation(values, base: 0), from: -1) } == .referenceRefused)
    #expect(code { try derive(explanation(values, method: .gradient)) } == .notAReasonMethod)
    #expect(code { try derive(explanation(values, method: .localSurrogate)) } == .notAReasonMethod)
    #expect(
      code { try derive(explanation(values, scale: .probability)) } == .notAReasonMethod)
    #expect(
      code {
        try derive(
          explanation(values), [ReasonSubject(name: "g", members: ["a", "z"], priority: 0)])
      } == .unknownFeature)
    #expect(
      code {
        try derive(
          explanation(values),
          [
            ReasonSubject(name: "g", members: ["a", "b"], priority: 0),
            ReasonSubject(name: "b", members: ["b"], priority: 0),
          ])
      } == .badOption)
    #expect(code { try derive(explanation(values), options: .init(atMost: 0)) } == .badOption)
  }

  @Test("Reasons survive a round trip through JSON")
  func coding() throws {
    let found = try derive(explanation([("a", 1), ("b", 0.5)], errors: [0.1, 0.05]))
    let again = try JSONDecoder().decode(
      PrincipalReasons.self, from: JSONEncoder().encode(found))
    #expect(again == found)
  }

  @Test("For an additive score reasons are points below the reference's mean")
  func pointsBelowMean() throws {
    let scorer = AffineScorer(coefficients: [1, 2, -1, 0.1], intercept: 0)
    let map = Fixtures.singles(4)
    let reference = try Background(
      name: "approved", rows: Fixtures.rows([[0, 0, 1, 0], [-1, 0, 0, 0], [-1, -1, 1, 1]]))
    let model = try ExplainedModel(scorer: scorer, calibrator: .identity, featureMap: map)
    let players = try Players(featureMap: map)
    let found = try MethodSelection.shapley(
      for: model, rows: Fixtures.rows([[1, 1, 2, 1]]), players: players, background: reference,
      seeds: SeedTree(seed: 1))[0]
    let reasons = try derive(found, from: 0)
    #expect(reasons.reasons.map(\.subject) == ["x1", "x0"])
    #expect(agree(reasons.reasons[0].contribution, 2 + 2.0 / 3, within: 1e-12))
    #expect(agree(reasons.reasons[1].contribution, 1 + 2.0 / 3, within: 1e-12))
  }

  @Test("Moving the printed factors to the reference shows whether they suffice")
  func sufficiency() throws {
    let map = Fixtures.singles(3)
    let model = try ExplainedModel(
      scorer: AffineScorer(coefficients: [1, 1, 1], intercept: 0), calibrator: .identity,
      featureMap: map)
    let players = try Players(
      featureMap: map, groups: [PlayerGroup(name: "g", members: ["x0", "x1"])])
    let reference = try Background(name: "r", rows: Fixtures.rows([[0, -1, 0], [-2, 0, 0]]))
    func verify(_ reasons: [String]) throws -> ReasonVerification {
      try ReasonVerification.verify(
        reasons: reasons, applicant: [2, 1, 1.5], model: model, players: players,
        reference: reference, refusedFrom: 0)
    }
    let group = try verify(["g"])
    #expect(group.value == 4.5)
    #expect(agree(group.meanAfter, 0, within: 1e-12))
    #expect(!group.flips)
    #expect(group.shareApproved == 0.5)
    let both = try verify(["g", "x2"])
    #expect(both.flips && both.shareApproved == 1)
    #expect(ReasonVerification.flipRate([group, both]) == 0.5)
    #expect(throws: ExplanationError.self) { try verify(["x0"]) }
  }
}
