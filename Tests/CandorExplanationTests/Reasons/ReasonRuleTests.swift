import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

/// The rules for reasons that hold by construction, each on random models: what no list may do.
@Suite("Rules for reasons, by construction")
struct ReasonRuleTests {
  private let width = 6

  private struct Trial {
    var model: ExplainedModel
    var players: Players
    var reference: Background
    var rows: EncodedRows
    var refusedFrom: Double
    /// Features that no tree tests.
    var idle: Set<String>
  }

  private func trial(_ seed: UInt64, hidden: Bool = false, groups: [PlayerGroup] = []) throws
    -> Trial
  {
    let map = Fixtures.singles(width + 2)
    var ensemble = TreeEnsemble.random(trees: 8, depth: 5, width: width, seed: seed)
    ensemble.trees = ensemble.trees.map { tree in
      var tree = tree
      // Column seed % width is tested nowhere: its tests go to the next one.
      for node in tree.feature.indices where tree.feature[node] == Int32(seed % UInt64(width)) {
        tree.feature[node] = Int32((Int(seed) + 1) % width)
      }
      return tree
    }
    let trees = PlainTrees(inputWidth: width + 2, ensemble: ensemble)
    let scorer: any Scorer = hidden ? HiddenScorer(inner: trees) : trees
    let model = try ExplainedModel(scorer: scorer, calibrator: .identity, featureMap: map)
    let all = Fixtures.normal(400, width + 2, seed: seed + 50)
    let values = try model.values(of: all)
    let order = values.indices.sorted { values[$0] < values[$1] }
    let cut = values[order[300]]
    // Black boxes are tried in all coalitions: fewer applicants will do.
    let first = hidden ? 392 : 300
    return Trial(
      model: model, players: try Players(featureMap: map, groups: groups),
      reference: try Background(
        name: "approved",
        rows: EncodedRows(all.matrix.selecting(rows: Array(order[220..<290])))),
      rows: EncodedRows(all.matrix.selecting(rows: Array(order[first...]))), refusedFrom: cut,
      idle: ["x\(seed % UInt64(width))", "x\(width)", "x\(width + 1)"])
  }

  private func lists(_ trial: Trial, atMost: Int = 4) throws -> [PrincipalReasons] {
    let subjects = zip(trial.players.names, trial.players.members).enumerated().map {
      ReasonSubject(name: $1.0, members: $1.1, priority: $0)
    }
    return try MethodSelection.shapley(
      for: trial.model, rows: trial.rows, players: trial.players, background: trial.reference,
      seeds: SeedTree(seed: 1)
    ).compactMap { explanation in
      do {
        return try PrincipalReasons.derive(
          from: explanation, subjects: subjects, refusedFrom: trial.refusedFrom,
          options: PrincipalReasonOptions(atMost: atMost), seeds: SeedTree(seed: 2))
      } catch let error as ExplanationError where error.code == .noPrincipalReason { return nil }
    }
  }

  @Test("Rule 1: a feature without effect never appears", arguments: 1...8)
  func onlyFactorsOfTheModel(seed: UInt64) throws {
    for hidden in [false, true] {
      let trial = try trial(seed, hidden: hidden)
      let found = try lists(trial, atMost: 8)
      #expect(found.count > (hidden ? 5 : 50))
      for list in found {
        #expect(!list.reasons.contains { trial.idle.contains($0.subject) })
        for one in list.contributions where trial.idle.contains(one.subject) {
          #expect(abs(one.contribution) < 1e-12)
        }
      }
    }
  }

  @Test("Rules 2, 7 and 8: the largest adverse contributions, none skipped, padded or absent")
  func nothingDropped() throws {
    for seed in 1...UInt64(10) {
      for atMost in [1, 2, 4] {
        for list in try lists(trial(seed), atMost: atMost) {
          #expect((1...atMost).contains(list.reasons.count))
          #expect(list.reasons.allSatisfy { $0.contribution > 0 })
          let printed = Set(list.reasons.map(\.subject))
          let least = list.reasons.map(\.contribution).min() ?? 0
          let skipped = list.contributions.filter { !printed.contains($0.subject) }
          #expect(skipped.allSatisfy { $0.contribution <= least + 1e-9 * list.adverseTotal })
          // Where the list ends early, nothing left out carries a twentieth.
          if list.stop == .smallShare {
            #expect(skipped.allSatisfy { $0.contribution < 0.05 * list.adverseTotal })
          }
          #expect(list.stop != .limit || list.reasons.count == atMost)
          #expect(list.reasons.dropFirst().allSatisfy { ($0.share ?? 0) >= 0.05 })
        }
      }
    }
  }

  @Test("Rules 7 and 13: a group is one reason, by what its members do together")
  func groupsNet() throws {
    for seed in 1...UInt64(6) {
      let group = PlayerGroup(name: "both", members: ["x0", "x3"])
      let trial = try trial(seed, groups: [group])
      for list in try lists(trial) {
        let names = list.reasons.map(\.subject)
        #expect(Set(names).count == names.count)
        #expect(!names.contains("x0") && !names.contains("x3"))
        let total = list.contributions.reduce(0) { $0 + $1.contribution }
        #expect(abs(total - (list.applicantValue - list.referenceValue)) < 1e-9)
      }
    }
  }

  @Test("Rule 6: a reference whose own mean would be refused stops, a named one is in every list")
  func referenceApproved() throws {
    for seed in 1...UInt64(6) {
      var trial = try trial(seed)
      #expect(
        try lists(trial).allSatisfy {
          $0.referenceName == "approved" && $0.referenceHash == trial.reference.hash
            && $0.referenceValue < $0.refusedFrom
        })
      trial.reference = try Background(name: "refused", rows: trial.rows)
      var code: ExplanationError.Code?
      do { _ = try lists(trial) } catch let error as ExplanationError { code = error.code }
      #expect(code == .referenceRefused)
    }
  }

  @Test("Rule 11: every printed reason of a sampled list has its error, and the list its risk")
  func errorsOfSampled() throws {
    let scorer = MinimalScorer(inputWidth: 18) { x in
      3 * x[0] + 2 * x[1] * x[2] + x[3] * x[4] * x[5] + x[6] - x[7] * x[8]
    }
    let map = Fixtures.singles(18)
    let model = try ExplainedModel(scorer: scorer, calibrator: .identity, featureMap: map)
    let players = try Players(featureMap: map)
    let reference = try Background(name: "r", rows: Fixtures.normal(40, 18, seed: 2))
    let found = try MethodSelection.shapley(
      for: model, rows: Fixtures.rows([Array(repeating: 1.5, count: 18)]), players: players,
      background: reference, options: .init(pairs: 80, mostPairs: 80), seeds: SeedTree(seed: 3))[0]
    #expect(found.method == .sampledShapley)
    let list = try PrincipalReasons.derive(
      from: found, subjects: map.sourceNames.map { .init(name: $0, members: [$0], priority: 0) },
      refusedFrom: 3, seeds: SeedTree(seed: 4))
    #expect(list.reasons.contains { $0.standardError > 0 })
    #expect(
      list.reasons.allSatisfy { $0.halfWidth >= $0.standardError - 1e-12 && $0.contribution > 0 })
    #expect((0...1).contains(list.changeProbability))
    // Without an error there is no reason: a gradient is refused.
    #expect(
      !ExplanationMethod.gradient.givesReasons && !ExplanationMethod.localSurrogate.givesReasons)
  }
}
