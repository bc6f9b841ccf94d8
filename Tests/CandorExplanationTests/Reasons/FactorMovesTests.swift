import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Factors moved to the reference")
struct FactorMovesTests {
  private let width = 7
  private let levels = [5: 6]

  private func table(_ count: Int, seed: UInt64) -> EncodedRows {
    var generator = SeedTree(seed: seed).child("rows").generator()
    return EncodedRows(
      Matrix(rows: count, columns: width) { _, column in
        if generator.nextUniform() < 0.1 { return .nan }
        if let count = levels[column] { return Double(generator.nextInteger(below: count)) }
        return (generator.nextNormal() * 5).rounded() / 5
      })
  }

  private struct Setting {
    var trees = 12
    var comparison = TreeEnsemble.Comparison.lessOrEqual
    var precision = TreeEnsemble.Precision.double
  }

  private func model(_ setting: Setting, seed: UInt64) throws -> (ExplainedModel, Players) {
    let plain = Fixtures.singles(width)
    let map = FeatureMap(
      sources: plain.sources, columnNames: plain.columnNames, levelCounts: levels)
    let scorer = PlainTrees(
      inputWidth: width,
      ensemble: .random(
        trees: setting.trees, depth: 7, width: width, levels: levels,
        comparison: setting.comparison, precision: setting.precision, seed: seed))
    let model = try ExplainedModel(
      scorer: scorer, calibrator: .platt(slope: 2, offset: -0.3), featureMap: map)
    let players = try Players(
      featureMap: map, groups: [PlayerGroup(name: "pair", members: ["x1", "x5"])])
    return (model, players)
  }

  private func everyMove(_ players: Int) -> [[Int]] {
    (0..<players).map { [$0] } + [[], [0, 2], Array(0..<players), [1, 3, 4]]
  }

  @Test(
    "Trees that are laid out say what scoring composed rows says",
    arguments: [
      (1, 12, TreeEnsemble.Comparison.lessOrEqual), (64, 5, .less), (200, 30, .lessOrEqual),
      (257, 8, .less), (600, 3, .lessOrEqual),
    ])
  func treesAgainstScores(
    _ references: Int, _ trees: Int, _ comparison: TreeEnsemble.Comparison
  ) throws {
    for (seed, precision) in [(1, TreeEnsemble.Precision.double), (2, .single)] {
      let setting = Setting(
        trees: trees, comparison: comparison, precision: precision)
      let (model, players) = try model(setting, seed: UInt64(seed + references))
      var weights: [Double]?
      if seed == 2 {
        weights = (0..<references).map { row -> Double in
          row % 3 == 1 && references > 1 ? 0 : Double(row % 4 + 1)
        }
      }
      let reference = try Background(
        name: "r", rows: table(references, seed: UInt64(seed + 7)), weights: weights)
      let rows = table(70, seed: UInt64(seed + 9))
      let moves: [[[Int]]] = (0..<rows.count).map { row in
        row % 5 == 4 ? [] : everyMove(players.count)
      }
      let prepared = try PreparedShapley(model, players: players, background: reference)
      #expect(prepared.method == .treeShapley)
      let fast = try FactorMoves(prepared).outcomes(of: moves, rows: rows, limit: 0.1)
      let plain = try FactorMoves(model, players: players, reference: reference)
        .outcomes(of: moves, rows: rows, limit: 0.1)
      #expect(fast.values == plain.values)
      #expect(fast.outcomes.map(\.count) == plain.outcomes.map(\.count))
      for (a, b) in zip(fast.outcomes.joined(), plain.outcomes.joined()) {
        #expect(abs(a.mean - b.mean) < 1e-12 && abs(a.meanChange - b.meanChange) < 1e-12)
        #expect(abs(a.shareBelow - b.shareBelow) < 1e-12)
        // Leaves that sum to one number may differ in its last bit where scores are added up anew.
        #expect(abs(a.shareLowered - b.shareLowered) < 0.02)
      }
      // Nothing moved, nothing changed, to the bit.
      for own in fast.outcomes where !own.isEmpty {
        #expect(own[players.count].meanChange == 0 && own[players.count].shareLowered == 0)
      }
    }
  }

  @Test("Composed rows are those of the definition, one by one")
  func definition() throws {
    let (model, players) = try model(Setting(trees: 6), seed: 3)
    let reference = try Background(
      name: "r", rows: table(9, seed: 2), weights: [1, 0, 2, 3, 1, 1, 4, 1, 1])
    let rows = table(4, seed: 5)
    let moves = (0..<4).map { _ in everyMove(players.count) }
    let found = try FactorMoves(model, players: players, reference: reference)
      .outcomes(of: moves, rows: rows, limit: 0)
    let total = 14.0
    for row in 0..<4 {
      let own = Array(rows.matrix.row(row))
      let value = try model.values(of: EncodedRows(row: own))[0]
      for (move, outcome) in zip(moves[row], found.outcomes[row]) {
        var mean = 0.0
        var below = 0.0
        for b in 0..<reference.count {
          var mixed = own
          for player in move {
            for column in players.columns[player] {
              mixed[column] = Array(reference.rows.matrix.row(b))[column]
            }
          }
          let weight = (reference.weights?[b] ?? 1) / total
          let after = try model.values(of: EncodedRows(row: mixed))[0]
          mean += weight * after
          if after < 0 { below += weight }
        }
        #expect(abs(outcome.mean - mean) < 1e-12 && abs(outcome.shareBelow - below) < 1e-12)
        #expect(abs(outcome.meanChange - (mean - value)) < 1e-12)
      }
    }
  }

  @Test("An applicant gets the same bits alone, among others, and on any number of threads")
  func bits() throws {
    let (model, players) = try model(Setting(trees: 20), seed: 8)
    let reference = try Background(name: "r", rows: table(150, seed: 1))
    let rows = table(200, seed: 2)
    let moves = (0..<200).map { _ in everyMove(players.count) }
    for moving in [
      FactorMoves(try PreparedShapley(model, players: players, background: reference)),
      try FactorMoves(model, players: players, reference: reference),
    ] {
      let all = try moving.outcomes(of: moves, rows: rows, limit: 0)
      let threaded = try moving.outcomes(of: moves, rows: rows, limit: 0, threads: 3)
      #expect(all.outcomes == threaded.outcomes && all.values == threaded.values)
      for row in [0, 63, 64, 199] {
        let alone = try moving.outcomes(
          of: [moves[row]], rows: EncodedRows(rows.matrix.selecting(rows: [row])), limit: 0)
        #expect(alone.outcomes[0] == all.outcomes[row] && alone.values[0] == all.values[row])
      }
    }
  }

  @Test("Lists are verified together as they are one by one")
  func lists() throws {
    let (model, players) = try model(Setting(trees: 20), seed: 11)
    let reference = try Background(name: "r", rows: table(80, seed: 3))
    let rows = table(30, seed: 4)
    let printed: [[String]?] = (0..<30).map { row in
      row % 4 == 3 ? nil : Array(["pair", "x0", "x6", "x3"].dropFirst(row % 3))
    }
    let found = try FactorMoves(
      PreparedShapley(model, players: players, background: reference)
    ).verify(printed, rows: rows, refusedFrom: -0.2, threads: 2)
    for row in 0..<30 {
      guard let list = printed[row] else {
        #expect(found[row] == nil)
        continue
      }
      let own = try #require(found[row])
      let applicant = Array(rows.matrix.row(row))
      let directions = try ReasonDirection.verify(
        list, applicant: applicant, model: model, players: players, reference: reference)
      let together = try ReasonVerification.verify(
        reasons: list, applicant: applicant, model: model, players: players,
        reference: reference, refusedFrom: -0.2)
      #expect(own.directions.map(\.subject) == list && own.sufficiency.moved == list)
      for (a, b) in zip(own.directions, directions) {
        #expect(abs(a.meanChange - b.meanChange) < 1e-12)
        if abs(b.meanChange) > 1e-12 { #expect(a.agrees == b.agrees) }
      }
      #expect(abs(own.sufficiency.meanAfter - together.meanAfter) < 1e-12)
      #expect(own.sufficiency.flips == together.flips)
      #expect(own.sufficiency.shareApproved == together.shareApproved)
    }
    #expect(throws: ExplanationError.self) {
      try FactorMoves(model, players: players, reference: reference)
        .verify([["x1"]], rows: EncodedRows(rows.matrix.selecting(rows: [0])), refusedFrom: 0)
    }
  }

  @Test("Prepared values are those of the plain call, for every method")
  func prepared() throws {
    let reference = try Background(name: "r", rows: table(40, seed: 3))
    let rows = table(10, seed: 4)
    let (trees, players) = try model(Setting(), seed: 4)
    let hidden = try ExplainedModel(
      scorer: HiddenScorer(inner: trees.scorer), calibrator: .identity,
      featureMap: trees.featureMap)
    for model in [trees, hidden] {
      let prepared = try PreparedShapley(model, players: players, background: reference)
      let own = try prepared.explain(rows, seeds: SeedTree(seed: 5), threads: 2)
      let plain = try MethodSelection.shapley(
        for: model, rows: rows, players: players, background: reference, seeds: SeedTree(seed: 5))
      #expect(own == plain && own[0].method == prepared.method)
    }
  }
}
