import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

@Suite("Explanations, players and backgrounds")
struct ExplanationTests {
  @Test("An explanation survives a round trip through JSON")
  func coding() throws {
    let background = try Background(name: "b", rows: Fixtures.normal(9, 4, seed: 1))
    let model = try ExplainedModel(
      scorer: MinimalScorer(inputWidth: 4) { $0[0] * $0[1] * $0[2] + $0[3] },
      calibrator: .identity, featureMap: Fixtures.singles(4))
    let found = try SampledShapley.explain(
      Fixtures.normal(1, 4, seed: 2), of: model.scorer, quantity: model.quantity,
      players: try Players(featureMap: model.featureMap), background: background,
      seeds: SeedTree(seed: 1))[0]
    let again = try JSONDecoder().decode(Explanation.self, from: JSONEncoder().encode(found))
    #expect(again == found)
    #expect(again.scale == .logOdds)
    #expect(found.ranked.map { abs($0.value) } == Fixtures.values(found).map(abs).sorted(by: >))
  }

  @Test("Groups take their members' place, and nonsense about groups is refused")
  func players() throws {
    let map = Fixtures.blocks([1, 2, 1])
    let players = try Players(
      featureMap: map, groups: [PlayerGroup(name: "g", members: ["x2", "x0"])])
    #expect(players.names == ["g", "x1"])
    #expect(players.columns == [[0, 3], [1, 2]])
    #expect(players.members == [["x0", "x2"], ["x1"]])
    func code(_ groups: [PlayerGroup]) -> ExplanationError.Code? {
      do throws(ExplanationError) {
        _ = try Players(featureMap: map, groups: groups)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code([PlayerGroup(name: "g", members: ["y"])]) == .unknownFeature)
    #expect(code([PlayerGroup(name: "g", members: [])]) == .badOption)
    #expect(code([PlayerGroup(name: "x1", members: ["x0"])]) == .badOption)
    #expect(
      code([
        PlayerGroup(name: "g", members: ["x0"]), PlayerGroup(name: "h", members: ["x0", "x1"]),
      ]) == .badOption)
  }

  @Test("A group with the name of a feature outside it is refused with both and the way out")
  func groupNamedLikeAFeature() throws {
    let map = Fixtures.blocks([1, 2, 1])
    func text(_ groups: [PlayerGroup]) -> String? {
      do throws(ExplanationError) {
        _ = try Players(featureMap: map, groups: groups)
        return nil
      } catch {
        return error.description
      }
    }
    let clash = try #require(text([PlayerGroup(name: "x1", members: ["x0", "x2"])]))
    for part in [
      "The group \"x1\" of \"x0\", \"x2\"", "the feature \"x1\"", "rename the group",
    ] {
      #expect(clash.contains(part), "\(clash)")
    }
    let twice = try #require(
      text([PlayerGroup(name: "g", members: ["x0"]), PlayerGroup(name: "g", members: ["x1"])]))
    #expect(twice.contains("Two groups are named \"g\""))
    // The name of one of its own members, or of a member of another group, is free.
    #expect(text([PlayerGroup(name: "x1", members: ["x0", "x1"])]) == nil)
    #expect(
      text([
        PlayerGroup(name: "x1", members: ["x0"]), PlayerGroup(name: "g", members: ["x1"]),
      ]) == nil)
  }

  @Test("A background's hash follows its values and weights, and the caller's stands")
  func hashes() throws {
    let rows = Fixtures.normal(5, 2, seed: 1)
    let plain = try Background(name: "a", rows: rows)
    #expect(plain.hash == (try Background(name: "b", rows: rows)).hash)
    #expect(plain.hash != (try Background(name: "a", rows: Fixtures.normal(5, 2, seed: 2))).hash)
    #expect(
      plain.hash != (try Background(name: "a", rows: rows, weights: [1, 1, 1, 1, 2])).hash)
    #expect((try Background(name: "a", rows: rows, hash: "sha256:00")).hash == "sha256:00")
    // FNV-1a of the eight zero bytes of 0.0, from its definition.
    var expected: UInt64 = 0xCBF2_9CE4_8422_2325
    for _ in 0..<8 { expected = expected &* 0x100_0000_01B3 }
    #expect(BitHash.value(of: [0.0]) == expected)
    for broken in [EncodedRows(Matrix(rows: 0, columns: 2)), Fixtures.rows([[.infinity, 1]])] {
      #expect(throws: ExplanationError.self) { try Background(name: "a", rows: broken) }
    }
    #expect(throws: ExplanationError.self) {
      try Background(name: "a", rows: rows, weights: [0, 0, 0, 0, 0])
    }
  }

  @Test("Values on every scale are those of calibrator and points scale")
  func scales() throws {
    let model = try ExplainedModel(
      scorer: AffineScorer(coefficients: [2], intercept: 1),
      calibrator: .platt(slope: 0.5, offset: -1), featureMap: Fixtures.singles(1))
    let row = Fixtures.rows([[3]])
    #expect(try model.on(.margin).values(of: row) == [7])
    #expect(try model.values(of: row) == [2.5])
    #expect(agree(try model.on(.probability).values(of: row)[0], sigmoid(2.5), within: 1e-15))
    let points = PointsScale().points(logOdds: 2.5)
    #expect(agree(try model.on(.points).values(of: row)[0], -points, within: 1e-12))
    let line = try #require(model.on(.points).quantity.affine)
    #expect(agree(line.slope * 7 + line.offset, -points, within: 1e-9))
    #expect(model.on(.probability).quantity.affine == nil)
    #expect(throws: ExplanationError.self) {
      try ExplainedModel(
        scorer: AffineScorer(coefficients: [2], intercept: 1), calibrator: .identity,
        featureMap: Fixtures.singles(2))
    }
  }

  @Test("Log-odds that are not finite are refused, not explained")
  func infiniteLogOdds() throws {
    let model = try ExplainedModel(
      scorer: MinimalScorer(inputWidth: 1) { $0[0] },
      calibrator: .isotonic(margins: [0, 1], probabilities: [0, 0.5]),
      featureMap: Fixtures.singles(1))
    #expect {
      try model.values(of: Fixtures.rows([[-1]]))
    } throws: { ($0 as? ExplanationError)?.code == .numerical }
  }

  @Test("Evidence beyond its limit becomes a warning with number and limit")
  func warnings() throws {
    func codes(_ evidence: FidelityEvidence) -> [FidelityWarning.Code] {
      Fidelity(evidence).warnings.map(\.code)
    }
    #expect(codes(.additivity(residual: 1e-10, relative: 1e-10)).isEmpty)
    #expect(codes(.additivity(residual: 1, relative: 1e-8)) == [.notAdditive])
    #expect(codes(.completeness(residual: -2e-3, tolerance: 1e-3, nodes: 16)) == [.incomplete])
    #expect(codes(.repeats(count: 4, rows: 10)) == [.fewRepeats])
    func surrogate(_ r: Double, _ condition: Double = 10, _ overlap: Double? = 1)
      -> FidelityEvidence
    {
      .surrogate(
        SurrogateEvidence(
          rSquared: r, fittedRSquared: r, rows: 10, columns: 2, rank: 2,
          conditionNumber: condition, topOverlap: overlap, top: 4))
    }
    #expect(codes(surrogate(0.95)).isEmpty)
    #expect(codes(surrogate(0.7)) == [.surrogateNotEvidence])
    #expect(codes(surrogate(.nan)) == [.surrogateUnfaithful])
    #expect(
      codes(surrogate(0.5, 1e7, 0.5)) == [
        .surrogateUnfaithful, .surrogateIllConditioned, .surrogateUnstable,
      ])
    let sentence = try #require(Fidelity(surrogate(0.5)).warnings.first?.sentence)
    #expect(sentence.contains("0.5") && sentence.contains("0.6"))
    #expect(FidelityThresholds.standard.rows.count == 10)
  }
}
