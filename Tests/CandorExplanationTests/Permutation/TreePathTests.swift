import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Permutation along the ways of trees")
struct TreePathTests {
  /// Rounded numbers, level codes in some columns, and missing cells.
  private func rows(_ count: Int, width: Int, levels: [Int: Int], seed: UInt64) -> EncodedRows {
    var generator = SeedTree(seed: seed).child("rows").generator()
    return EncodedRows(
      Matrix(rows: count, columns: width) { _, c in
        if generator.nextUniform() < 0.1 { return .nan }
        if let count = levels[c] { return Double(generator.nextInteger(below: count)) }
        return (generator.nextNormal() * 5).rounded() / 5
      })
  }

  private func map(_ sizes: [Int], levels: [Int: Int]) -> FeatureMap {
    let plain = Fixtures.blocks(sizes)
    return FeatureMap(
      sources: plain.sources, columnNames: plain.columnNames, levelCounts: levels)
  }

  private func measure(
    _ scorer: some Scorer, _ map: FeatureMap, _ rows: EncodedRows, threads: Int = 1,
    measure: ImportanceMeasure = .aucDrop, repeats: Int = 3
  ) throws -> PermutationImportance {
    let model = try ExplainedModel(scorer: scorer, calibrator: .identity, featureMap: map)
    var generator = SeedTree(seed: 5).child("targets").generator()
    let targets = (0..<rows.count).map { _ in Double(generator.nextInteger(below: 2)) }
    let groups = map.sources.count > 3 ? [PlayerGroup(name: "pair", members: ["x0", "x2"])] : []
    return try PermutationImportance.measure(
      model, on: .init(name: "s", rows: rows, targets: targets),
      players: Players(featureMap: map, groups: groups), by: measure, repeats: repeats,
      seeds: SeedTree(seed: 3), threads: threads)
  }

  struct Kind: Sendable, CustomTestStringConvertible {
    let levels: [Int: Int]
    let comparison: TreeEnsemble.Comparison
    let precision: TreeEnsemble.Precision
    let isMean: Bool
    var testDescription: String {
      "\(levels.count) level columns, \(comparison), \(precision), \(isMean ? "mean" : "sum")"
    }
  }

  static let kinds: [Kind] = [[:], [1: 4, 5: 70]].flatMap { levels in
    [TreeEnsemble.Comparison.lessOrEqual, .less].flatMap { comparison in
      [TreeEnsemble.Precision.double, .single].flatMap { precision in
        [true, false].map {
          Kind(levels: levels, comparison: comparison, precision: precision, isMean: $0)
        }
      }
    }
  }

  @Test("Every number is that of scoring dealt rows, to the bit", arguments: kinds)
  func againstScoring(_ kind: Kind) throws {
    for seed in 0..<4 as Range<UInt64> {
      let scorer = PlainTrees(
        inputWidth: 7,
        ensemble: .random(
          trees: 9, depth: 7, width: 7, levels: kind.levels, isMean: kind.isMean,
          comparison: kind.comparison, precision: kind.precision, seed: seed))
      // The fifth source has a column of numbers and one of levels.
      let map = map([1, 1, 1, 2, 2], levels: kind.levels)
      let rows = rows(260, width: 7, levels: kind.levels, seed: seed)
      for by in [ImportanceMeasure.aucDrop, .logLossRise] {
        let fast = try measure(scorer, map, rows, measure: by)
        let slow = try measure(HiddenScorer(inner: scorer), map, rows, measure: by)
        #expect(fast == slow)
        #expect(fast.players.contains { $0.importance != 0 })
      }
    }
  }

  @Test("Values that single precision rounds onto a threshold go where it says")
  func singlePrecision() throws {
    var tree = TreeEnsemble.Tree(weight: 1)
    let root = tree.appendLeaf(value: 0, cover: 2)
    tree.left[root] = Int32(tree.appendLeaf(value: 0, cover: 1))
    tree.right[root] = Int32(tree.appendLeaf(value: 1, cover: 1))
    let third = Double(Float(1) / 3)
    tree.threshold[root] = third
    // Above the threshold in double precision, equal to it in single precision.
    let rows = Fixtures.rows([[third + 1e-12], [1], [0], [third + 1e-12], [1], [0.2]])
    for precision in [TreeEnsemble.Precision.single, .double] {
      for comparison in [TreeEnsemble.Comparison.less, .lessOrEqual] {
        let scorer = PlainTrees(
          inputWidth: 1,
          ensemble: TreeEnsemble(trees: [tree], comparison: comparison, precision: precision))
        let paths = try #require(
          TreePaths(scorer.ensemble, rows: rows, levelCounts: [:]))
        #expect(paths.margins == (try scorer.margins(of: rows)))
        let dealt = paths.margins(dealing: [0], in: [[2, 3, 0, 4, 5, 1]])
        let expected = try scorer.margins(of: rows.selecting(rows: [2, 3, 0, 4, 5, 1]))
        #expect(dealt == [expected])
      }
    }
  }

  @Test("Thousands of rows go through several blocks, and threads change no bit")
  func blocks() throws {
    let scorer = PlainTrees(
      inputWidth: 5, ensemble: .random(trees: 6, depth: 9, width: 5, seed: 8))
    let map = map([1, 2, 2], levels: [:])
    let rows = rows(4500, width: 5, levels: [:], seed: 9)
    // More repeats than are dealt at once.
    let fast = try measure(scorer, map, rows, repeats: 18)
    #expect(fast == (try measure(HiddenScorer(inner: scorer), map, rows, repeats: 18)))
    #expect(fast == (try measure(scorer, map, rows, threads: 3, repeats: 18)))
  }

  @Test("Ways with more turns than are walked at once lose none")
  func manyTurns() throws {
    // A chain that tests eight columns ten times each, every time further up: rows of the top go all
    // the way, and dealt values turn off at every node of it.
    var tree = TreeEnsemble.Tree(weight: 1)
    var node = tree.appendLeaf(value: 0, cover: 1)
    for test in 0..<80 {
      let end = tree.appendLeaf(value: Double(test) / 7, cover: 1)
      let next = tree.appendLeaf(value: 90, cover: 1)
      tree.feature[node] = Int32(test % 8)
      tree.threshold[node] = 0.9 * Double(test / 8 + 1) / 10
      tree.left[node] = Int32(end)
      tree.right[node] = Int32(next)
      node = next
    }
    var generator = SeedTree(seed: 21).generator()
    let rows = EncodedRows(
      Matrix(rows: 400, columns: 8) { r, _ in
        r < 200 ? 0.9 + 0.1 * generator.nextUniform() : generator.nextUniform()
      })
    let scorer = PlainTrees(inputWidth: 8, ensemble: TreeEnsemble(trees: [tree, tree]))
    let map = FeatureMap(
      sources: (0..<8).map { .init(name: "x\($0)", columns: $0..<$0 + 1) },
      columnNames: (0..<8).map { "x\($0)" })
    let model = try ExplainedModel(scorer: scorer, calibrator: .identity, featureMap: map)
    let hidden = try ExplainedModel(
      scorer: HiddenScorer(inner: scorer), calibrator: .identity, featureMap: map)
    let sample = PermutationImportance.Sample(
      name: "s", rows: rows, targets: (0..<400).map { Double($0 % 2) })
    let found = try [model, hidden].map {
      try PermutationImportance.measure(
        $0, on: sample, players: Players(featureMap: map), by: .aucDrop, repeats: 8,
        seeds: SeedTree(seed: 4))
    }
    #expect(found[0] == found[1])
    #expect(found[0].players.allSatisfy { $0.repeats.contains { $0 != 0 } })
  }

  @Test("An ensemble summed in another order agrees to rounding; an unused column is exactly zero")
  func otherOrder() throws {
    var scorer = PlainTrees(
      inputWidth: 4,
      ensemble: .random(trees: 11, depth: 6, width: 3, isMean: false, seed: 10))
    let map = map([1, 1, 1, 1], levels: [:])
    let rows = rows(300, width: 4, levels: [:], seed: 11)
    let fast = try measure(scorer, map, rows, measure: .logLossRise)
    scorer.addsBaseLast = false
    let other = try measure(scorer, map, rows, measure: .logLossRise)
    for player in fast.players {
      let same = try #require(other.player(player.source))
      #expect(largestDisagreement(player.repeats, same.repeats) < 1e-12)
    }
    #expect(fast.player("x3")?.repeats == [0, 0, 0])
    #expect(other.player("x3")?.repeats == [0, 0, 0])
  }

  @Test("Ensembles that have no place in codes, or contradict their scorer, are scored as they are")
  func wayOut() throws {
    let map = map([1, 1, 1, 1], levels: [1: 3])
    let rows = rows(120, width: 4, levels: [1: 3], seed: 12)
    // Thresholds and sets on one column.
    var mixed = TreeEnsemble.random(trees: 5, depth: 5, width: 4, levels: [1: 3], seed: 13)
    mixed.trees += TreeEnsemble.random(trees: 5, depth: 5, width: 4, seed: 14).trees
    for i in mixed.trees.indices { mixed.trees[i].weight = 0.1 }
    #expect(TreePaths(mixed, rows: rows, levelCounts: [1: 3]) == nil)
    let scorer = PlainTrees(inputWidth: 4, ensemble: mixed)
    #expect(
      try measure(scorer, map, rows) == measure(HiddenScorer(inner: scorer), map, rows))
    // A child that is not there, and a way that comes back.
    var broken = TreeEnsemble.random(trees: 1, depth: 3, width: 4, seed: 15)
    broken.trees[0].left[0] = 900
    #expect(TreePaths(broken, rows: rows, levelCounts: [:]) == nil)
    broken.trees[0].left[0] = 0
    #expect(TreePaths(broken, rows: rows, levelCounts: [:]) == nil)
    #expect(TreePaths(TreeEnsemble(trees: []), rows: rows, levelCounts: [:]) == nil)
    // Level codes that are none of the column's.
    let sets = TreeEnsemble.random(trees: 3, depth: 4, width: 2, levels: [1: 3], seed: 16)
    let strange = Fixtures.rows([[0, 0], [0, 3], [0, 1]])
    #expect(TreePaths(sets, rows: strange, levelCounts: [1: 3]) == nil)
  }

  @Test("Trees speak about the rows that are given to them alone")
  func partOfTheRows() throws {
    let ensemble = TreeEnsemble.random(trees: 7, depth: 5, width: 3, seed: 17)
    let rows = rows(50, width: 3, levels: [:], seed: 18)
    let unseen = (0..<7).map { tree in (0..<50).filter { ($0 * 7 + tree * 3) % 5 < 2 } }
    let paths = try #require(
      TreePaths(ensemble, rows: rows, levelCounts: [:], unseen: unseen))
    let order = (0..<50).map { ($0 * 13 + 5) % 50 }
    let dealt = paths.margins(dealing: [1], in: [order])[0]
    let matrix = rows.matrix
    for r in 0..<50 {
      let own = Array(matrix.row(r))
      var mixed = own
      mixed[1] = matrix[order[r], 1]
      let heard = (0..<7).filter { unseen[$0].contains(r) }
      #expect(paths.isCovered[r] == !heard.isEmpty)
      guard !heard.isEmpty else { continue }
      func mean(_ row: [Double]) -> Double {
        let values = heard.map {
          ensemble.trees[$0].value[ensemble.leaf(of: row, in: ensemble.trees[$0])]
        }
        return values.reduce(0, +) / Double(heard.count)
      }
      #expect(paths.margins[r] == mean(own))
      #expect(dealt[r] == mean(mixed))
    }
  }
}
