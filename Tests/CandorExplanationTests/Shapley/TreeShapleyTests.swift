import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Shapley values of trees")
struct TreeShapleyTests {
  @Test("Both games equal the mean over all orders on thousands of random small ensembles")
  func bruteForce() throws {
    for seed in 1...1500 as ClosedRange<UInt64> {
      let found = try TreeCase(seed: seed)
      let marginal = try InterventionalTreeShapley(
        found.scorer, players: found.players, background: found.background
      ).explain(found.rows, quantity: Fixtures.margin)
      let path = try PathDependentTreeShapley(found.scorer, players: found.players).explain(
        found.rows, quantity: Fixtures.margin)
      for (r, row) in Fixtures.arrays(found.rows).enumerated() {
        let worst = max(
          largestDisagreement(Fixtures.values(marginal[r]), found.marginal(row).values),
          largestDisagreement(Fixtures.values(path[r]), found.pathDependent(row).values))
        #expect(worst < 1e-11, "seed \(seed), row \(r)")
        guard worst < 1e-11 else { return }
      }
    }
  }

  @Test("Interaction values equal their definition, are symmetric and sum to the Shapley values")
  func interactions() throws {
    for seed in 1...300 as ClosedRange<UInt64> {
      let found = try TreeCase(seed: seed, rows: 1)
      let row = Fixtures.arrays(found.rows)[0]
      let marginal = try InterventionalTreeShapley(
        found.scorer, players: found.players, background: found.background)
      let path = try PathDependentTreeShapley(found.scorer, players: found.players)
      let pairs = [
        (
          try marginal.interactions(found.rows, quantity: Fixtures.margin)[0],
          try marginal.explain(found.rows, quantity: Fixtures.margin)[0], found.marginal(row)
        ),
        (
          try path.interactions(found.rows, quantity: Fixtures.margin)[0],
          try path.explain(found.rows, quantity: Fixtures.margin)[0], found.pathDependent(row)
        ),
      ]
      for (matrix, explanation, game) in pairs {
        let expected = game.interactions
        for i in matrix.values.indices {
          #expect(largestDisagreement(matrix.values[i], expected[i]) < 1e-11, "seed \(seed)")
          #expect(
            agree(
              matrix.values[i].reduce(0, +), explanation.attributions[i].value, within: 1e-12))
          for j in matrix.values.indices {
            #expect(matrix.values[i][j] == matrix.values[j][i])
          }
        }
        #expect(matrix.method == explanation.method)
      }
    }
  }

  @Test("The tree of the and of two features has the published values")
  func depthTwo() throws {
    // Reference case E1: fitted on (0,0), (0,1), (1,0), (1,1) with targets 0, 0, 0, 80.
    for first in [0, 1] {
      var tree = TreeEnsemble.Tree(weight: 1)
      for (value, cover) in [(20.0, 4.0), (0, 2), (40, 2), (0, 1), (80, 1)] {
        _ = tree.appendLeaf(value: value, cover: cover)
      }
      tree.feature[0] = Int32(first)
      tree.feature[2] = Int32(1 - first)
      for node in [0, 2] { tree.threshold[node] = 0.5 }
      (tree.left[0], tree.right[0]) = (1, 2)
      (tree.left[2], tree.right[2]) = (3, 4)
      let scorer = EnsembleScorer(ensemble: TreeEnsemble(trees: [tree]), inputWidth: 2)
      let rows = Fixtures.rows([[0, 0], [0, 1], [1, 0], [1, 1]])
      let players = try Players(featureMap: Fixtures.singles(2))
      let path = try PathDependentTreeShapley(scorer, players: players).explain(
        rows, quantity: Fixtures.margin)
      let marginal = try InterventionalTreeShapley(
        scorer, players: players, background: try Background(name: "all", rows: rows)
      ).explain(rows, quantity: Fixtures.margin)
      let expected: [[Double]] = [[-10, -10], [-30, 10], [10, -30], [30, 30]]
      for r in 0..<4 {
        #expect(largestDisagreement(Fixtures.values(path[r]), expected[r]) < 1e-12)
        #expect(largestDisagreement(Fixtures.values(marginal[r]), expected[r]) < 1e-12)
        #expect(agree(path[r].baseValue, 20, within: 1e-12))
        #expect(agree(marginal[r].baseValue, 20, within: 1e-12))
      }
    }
  }

  /// A chain over columns, each test passed on the right: `value` past the last one, zero elsewhere.
  private func chain(_ columns: [Int], width: Int, value: Double) -> EnsembleScorer {
    var tree = TreeEnsemble.Tree(weight: 1)
    var cover = 1.0
    var node = tree.appendLeaf(value: 0, cover: cover)
    for (position, column) in columns.enumerated() {
      cover /= 2
      tree.feature[node] = Int32(column)
      tree.left[node] = Int32(tree.appendLeaf(value: 0, cover: cover))
      let isLast = position == columns.count - 1
      let next = tree.appendLeaf(value: isLast ? value : 0, cover: cover)
      tree.right[node] = Int32(next)
      node = next
    }
    return EnsembleScorer(ensemble: TreeEnsemble(trees: [tree]), inputWidth: width)
  }

  @Test("Paths of any length are exact: a chain of ands has a closed form", arguments: [7, 24, 61])
  func deepPaths(_ count: Int) throws {
    let columns = Array(0..<count)
    let players = try Players(featureMap: Fixtures.singles(count))
    let scorer = chain(columns, width: count, value: 3)
    let all = Fixtures.rows([[Double](repeating: 1, count: count)])
    let none = try Background(
      name: "none", rows: Fixtures.rows([[Double](repeating: -1, count: count)]))
    let path = try PathDependentTreeShapley(scorer, players: players).explain(
      all, quantity: Fixtures.margin)[0]
    let marginal = try InterventionalTreeShapley(
      scorer, players: players, background: none
    ).explain(all, quantity: Fixtures.margin)[0]
    let n = Double(count)
    let kept = (0..<count).reduce(1.0) { product, _ in product / 2 }
    for player in 0..<count {
      #expect(agree(marginal.attributions[player].value, 3 / n, within: 1e-12))
      #expect(
        abs(path.attributions[player].value - 3 * (1 - kept) / n) < 1e-12, "player \(player)")
    }
  }

  @Test("Repeated tests deep in a tree equal all coalitions")
  func repeatedTests() throws {
    // Ten columns, a tree of depth 40 that tests them again and again.
    let columns = (0..<40).map { ($0 * 7 + $0 / 10) % 10 }
    let scorer = chain(columns, width: 10, value: 5)
    let players = try Players(featureMap: Fixtures.singles(10))
    let background = try Background(
      name: "b", rows: Fixtures.rows([[1, 1, -1, 1, 1, -1, -1, 1, 1, 1]]))
    let rows = Fixtures.rows([
      [1, 1, 1, 1, -1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    ])
    let found = try InterventionalTreeShapley(
      scorer, players: players, background: background
    ).explain(rows, quantity: Fixtures.margin)
    let expected = try EnumeratedShapley.explain(
      rows, of: scorer, quantity: Fixtures.margin, players: players, background: background)
    for (a, b) in zip(found, expected) {
      #expect(largestDisagreement(Fixtures.values(a), Fixtures.values(b)) < 1e-12)
    }
    // Each player's share of cover is the product over its tests: 1/16 for each of the ten.
    let path = try PathDependentTreeShapley(scorer, players: players).explain(
      rows, quantity: Fixtures.margin)[1]
    let kept = (0..<40).reduce(1.0) { product, _ in product / 2 }
    for attribution in path.attributions {
      #expect(agree(attribution.value, 5 * (1 - kept) / 10, within: 1e-12))
    }
  }

  @Test("Nodes that saw no row give numbers, and they add up")
  func noCover() throws {
    // Reference case E6, at its worst: whole subtrees without cover.
    for seed in 1...200 as ClosedRange<UInt64> {
      let made = try TreeCase(seed: seed)
      var ensemble = made.scorer.ensemble
      for tree in ensemble.trees.indices {
        for node in ensemble.trees[tree].cover.indices where node % 3 != 0 {
          ensemble.trees[tree].cover[node] = 0
        }
      }
      let scorer = EnsembleScorer(
        ensemble: ensemble, inputWidth: 5, levelCounts: made.scorer.levelCounts)
      let found = try PathDependentTreeShapley(scorer, players: made.players).explain(
        made.rows, quantity: Fixtures.margin)
      for (row, explanation) in zip(Fixtures.arrays(made.rows), found) {
        let game = BruteForceGame(count: made.players.count) {
          scorer.coverWorth($0, at: row, players: made.players.columns)
        }
        #expect(largestDisagreement(Fixtures.values(explanation), game.values) < 1e-11)
        let sum = Fixtures.values(explanation).reduce(explanation.baseValue, +)
        #expect(agree(sum, explanation.explainedValue, within: 1e-12))
      }
    }
  }

  @Test("Tables for many rows give the values of single walks, on any number of threads")
  func portfolio() throws {
    for seed in 1...150 as ClosedRange<UInt64> {
      let made = try TreeCase(seed: seed, rows: 40)
      let game = try InterventionalTreeShapley(
        made.scorer, players: made.players, background: made.background)
      let one = try game.marginValues(of: made.rows)
      let many = try game.portfolioMarginValues(of: made.rows, threads: 1)
      #expect(largestDisagreement(one.values, many.values) < 1e-12, "seed \(seed)")
      #expect(try game.portfolioMarginValues(of: made.rows, threads: 3) == many)
    }
    // More than one block of rows, and paths that are too long for tables.
    let made = try TreeCase(seed: 3, rows: 2_100)
    let game = try InterventionalTreeShapley(
      made.scorer, players: made.players, background: made.background)
    #expect(
      largestDisagreement(
        try game.marginValues(of: made.rows, threads: 2).values,
        try game.portfolioMarginValues(of: made.rows, threads: 2).values) < 1e-12)
    let long = try InterventionalTreeShapley(
      chain(Array(0..<20), width: 20, value: 1),
      players: try Players(featureMap: Fixtures.singles(20)),
      background: try Background(name: "b", rows: Fixtures.normal(5, 20, seed: 1)))
    let rows = Fixtures.normal(3, 20, seed: 2)
    #expect(try long.portfolioMarginValues(of: rows) == long.marginValues(of: rows))
  }

  @Test("Threads, order, batches and a background beyond one word change no bit")
  func invariance() throws {
    let made = try TreeCase(seed: 77, rows: 70)
    var generator = SeedTree(seed: 5).generator()
    let wide = try Background(
      name: "wide", rows: try TreeCase(seed: 77, rows: 150).rows,
      weights: (0..<150).map { _ in Double(generator.nextInteger(below: 4)) })
    let marginal = try InterventionalTreeShapley(
      made.scorer, players: made.players, background: wide, threads: 2)
    let path = try PathDependentTreeShapley(made.scorer, players: made.players)
    let order = Array((0..<70).reversed())
    for explain in [
      { rows, threads in
        try marginal.explain(rows, quantity: Fixtures.margin, threads: threads)
      },
      { rows, threads in try path.explain(rows, quantity: Fixtures.margin, threads: threads) },
    ] as [(EncodedRows, Int) throws -> [Explanation]] {
      let one = try explain(made.rows, 1)
      #expect(try explain(made.rows, 3) == one)
      #expect(try explain(made.rows.selecting(rows: order), 2) == order.map { one[$0] })
      #expect(try explain(made.rows.selecting(rows: [41]), 2) == [one[41]])
    }
    let rows = made.rows.selecting(rows: [3])
    let expected = try EnumeratedShapley.explain(
      rows, of: made.scorer, quantity: Fixtures.margin, players: made.players, background: wide)
    let found = try marginal.explain(rows, quantity: Fixtures.margin)
    #expect(
      largestDisagreement(Fixtures.values(found[0]), Fixtures.values(expected[0])) < 1e-11)
    #expect(
      try marginal.interactions(rows, quantity: Fixtures.margin, threads: 1)
        == marginal.interactions(rows, quantity: Fixtures.margin, threads: 2))
  }

  @Test("Lines of the margin scale the values; other scales are refused, and so are broken trees")
  func scalesAndRefusals() throws {
    let made = try TreeCase(seed: 8)
    let platt = Calibrator.platt(slope: 2, offset: -0.3)
    let model = try InterventionalTreeShapley(
      made.scorer, players: made.players, background: made.background)
    let margin = try model.explain(made.rows, quantity: Fixtures.margin)
    let logOdds = try model.explain(made.rows, quantity: ExplainedQuantity(calibrator: platt))
    for (a, b) in zip(margin, logOdds) {
      #expect(
        largestDisagreement(Fixtures.values(a).map { 2 * $0 }, Fixtures.values(b)) < 1e-12)
      #expect(agree(2 * a.baseValue - 0.3, b.baseValue, within: 1e-12))
      guard case .additivity(_, let relative) = b.fidelity.evidence else {
        Issue.record("no additivity evidence")
        return
      }
      #expect(relative < 1e-12)
    }
    #expect {
      try model.explain(
        made.rows, quantity: ExplainedQuantity(scale: .probability, calibrator: platt))
    } throws: { ($0 as? ExplanationError)?.code == .unsupported }
    // Trees that are not what the scorer scores by.
    struct Broken: TreeEnsembleScorer {
      let inner: EnsembleScorer
      var ensemble: TreeEnsemble {
        var other = inner.ensemble
        for tree in other.trees.indices { other.trees[tree].weight *= 1.0001 }
        return other
      }
      var inputWidth: Int { inner.inputWidth }
      var marginScale: MarginScale { .logOdds }
      var acceptsMissing: Bool { true }
      func margins(
        of rows: EncodedRows, into output: inout MutableSpan<Double>
      ) throws(ScoringError) { try inner.margins(of: rows, into: &output) }
    }
    let broken = Broken(inner: made.scorer)
    #expect {
      try InterventionalTreeShapley(
        broken, players: made.players, background: made.background
      ).explain(made.rows, quantity: Fixtures.margin)
    } throws: { ($0 as? ExplanationError)?.code == .notAdditive }
    #expect {
      try PathDependentTreeShapley(broken, players: made.players).explain(
        made.rows, quantity: Fixtures.margin)
    } throws: { ($0 as? ExplanationError)?.code == .notAdditive }
    for damage in [
      { $0.left[0] = 0 }, { $0.right[0] = 999 }, { $0.feature[0] = 17 },
      { $0.threshold[0] = .nan }, { $0.cover[Int($0.left[0])] = -1 },
      { $0.weight = .infinity }, { $0.value = [] },
    ] as [(inout TreeEnsemble.Tree) -> Void] {
      var ensemble = chain([0, 1], width: 2, value: 1).ensemble
      damage(&ensemble.trees[0])
      #expect {
        try PathDependentTreeShapley(
          EnsembleScorer(ensemble: ensemble, inputWidth: 2),
          players: try Players(featureMap: Fixtures.singles(2)))
      } throws: { ($0 as? ExplanationError)?.code == .unsupported }
    }
  }

  @Test(
    "Trees on a line of the margin are explained by their leaves, and only the marginal game reasons"
  )
  func selection() throws {
    let made = try TreeCase(seed: 21)
    let map = FeatureMap(
      sources: (0..<5).map { .init(name: "x\($0)", columns: $0..<$0 + 1) },
      columnNames: (0..<5).map { "c\($0)" }, levelCounts: [4: 4])
    let players = try Players(featureMap: map)
    func model(_ scale: ExplainedScale, _ calibrator: Calibrator) throws -> ExplainedModel {
      try ExplainedModel(
        scorer: made.scorer, calibrator: calibrator, featureMap: map, scale: scale)
    }
    let line = try model(.logOdds, .platt(slope: 3, offset: 1))
    #expect(
      MethodSelection.shapleyMethod(
        for: line, players: players, background: made.background) == .treeShapley)
    let found = try MethodSelection.shapley(
      for: line, rows: made.rows, players: players, background: made.background,
      seeds: SeedTree(seed: 1))
    #expect(found.allSatisfy { $0.method == .treeShapley && $0.method.givesReasons })
    let enumerated = try EnumeratedShapley.explain(
      made.rows, of: made.scorer, quantity: line.quantity, players: players,
      background: made.background)
    for (a, b) in zip(found, enumerated) {
      #expect(largestDisagreement(Fixtures.values(a), Fixtures.values(b)) < 1e-11)
    }
    #expect(MethodSelection.available(for: line).contains(.pathDependentTreeShapley))
    let path = try MethodSelection.pathDependentShapley(
      for: line, rows: made.rows, players: players)
    #expect(path.allSatisfy { !$0.method.givesReasons && $0.method.isExact })
    #expect(
      try MethodSelection.treeInteractions(
        for: line, rows: made.rows, players: players, background: made.background
      ).map(\.method) == [.treeShapley, .treeShapley])
    #expect(
      try MethodSelection.treeInteractions(
        for: line, rows: made.rows, players: players, background: nil
      ).map(\.method) == [.pathDependentTreeShapley, .pathDependentTreeShapley])
    let curved = try model(.probability, .platt(slope: 3, offset: 1))
    #expect(!MethodSelection.available(for: curved).contains(.treeShapley))
    #expect(
      MethodSelection.shapleyMethod(
        for: curved, players: players, background: made.background) == .enumeratedShapley)
    let plain = try ExplainedModel(
      scorer: MinimalScorer(inputWidth: 5) { $0[0] }, calibrator: .identity, featureMap: map)
    #expect {
      try MethodSelection.pathDependentShapley(for: plain, rows: made.rows, players: players)
    } throws: { ($0 as? ExplanationError)?.code == .unsupported }
  }
}
