import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Recourse")
struct RecourseTests {
  private func finder(
    _ model: RecourseModel, _ table: Table, rules: ChangeRules = RecourseFixtures.rules,
    options: RecourseOptions = .init(count: 4, treeVisits: 20_000), threads: Int = 1
  ) throws -> RecourseFinder {
    try RecourseFinder(
      model: model, rules: rules, training: table, options: options, seeds: SeedTree(seed: 3),
      threads: threads)
  }

  /// The model of a seed: linear, trees on 0/1 columns, trees on level codes, or a black box.
  private func model(_ kind: Int, _ table: Table, seed: UInt64) throws -> RecourseModel {
    let encoder = try RecourseFixtures.encoder(table, native: kind == 2)
    let rows = try encoder.encode(table)
    switch kind {
    case 0:
      return try RecourseFixtures.model(
        encoder, RecourseFixtures.affine(encoder, seed: seed), on: table)
    case 1, 2:
      let trees = RecourseFixtures.trees(
        encoder, on: rows, seed: seed, comparison: kind == 1 ? .lessOrEqual : .less)
      return try RecourseFixtures.model(encoder, trees, on: table)
    default:
      let weights = RecourseFixtures.affine(encoder, seed: seed).coefficients
      let box = MinimalScorer(inputWidth: encoder.featureMap.width) { row in
        let sum = zip(weights, row).reduce(0) { $0 + $1.0 * $1.1 }
        return sum + 0.5 * row[0] * row[1] + (row[2] > 0 ? 0.4 : 0)
      }
      return try RecourseFixtures.model(encoder, box, on: table)
    }
  }

  @Test(
    "The cheapest ways are those that trying everything finds, of every kind of model",
    arguments: 0..<4, 0..<6)
  func bruteForce(kind: Int, seed: Int) throws {
    let table = try RecourseFixtures.table(UInt64(seed))
    let model = try model(kind, table, seed: UInt64(seed))
    let finder = try finder(model, table)
    #expect(finder.method == [.linear, .trees, .trees, .search][kind])
    for row in try RecourseFixtures.refused(model, in: table).prefix(8) {
      let truth = try RecourseOracle.best(model, table: table, row: row)
      let found = try finder.recourse(for: table, row: row)
      let wanted = RecourseOracle.diverse(truth, count: 4)
      guard let cheapest = wanted.first else {
        #expect(found.verdict == .provenImpossible)
        #expect(found.counterfactuals == [])
        continue
      }
      #expect(found.verdict == .found)
      let first = try #require(found.counterfactuals.first)
      #expect(abs(first.cost - cheapest) < 1e-9, "kind \(kind) seed \(seed) row \(row)")
      #expect(first.optimality == .optimal)
      #expect(found.counterfactuals.count >= 1)
      for (counterfactual, cost) in zip(found.counterfactuals, wanted)
      where counterfactual.optimality == .optimal {
        #expect(abs(counterfactual.cost - cost) < 1e-9, "kind \(kind) seed \(seed) row \(row)")
      }
    }
  }

  @Test("Every answer is verified, permitted, and another way than those before", arguments: 0..<4)
  func properties(kind: Int) throws {
    let table = try RecourseFixtures.table(40)
    let model = try model(kind, table, seed: 41)
    let finder = try finder(model, table)
    let encoder = RowEncoder(model.encoder)
    for row in try RecourseFixtures.refused(model, in: table).prefix(15) {
      let cells = try table.cells(ofRow: row, features: model.features)
      let answer = try finder.recourse(for: cells)
      var sets: [Set<String>] = []
      for counterfactual in answer.counterfactuals {
        var changed = cells
        for change in counterfactual.changes {
          let place = try #require(model.features.firstIndex(of: change.feature))
          #expect(change.from == RecourseValue(cells[place]))
          #expect(change.from != change.to)
          #expect(change.feature != "age", "an immutable feature moved")
          changed[place] = change.to.cell
          switch (change.feature, change.from, change.to) {
          case ("duration", .number(let from), .number(let to)):
            #expect(to < from)
            #expect((from - to).truncatingRemainder(dividingBy: 6) == 0)
            #expect(to >= 6)
          case ("savings", .level(let from), .level(let to)):
            let order = RecourseFixtures.levels
            #expect(order.firstIndex(of: to) ?? -1 > order.firstIndex(of: from) ?? 9)
          case ("housing", _, .level(let to)): #expect(["rent", "own"].contains(to))
          default: #expect(change.feature == "income")
          }
        }
        let margin = try model.scorer.margins(of: EncodedRows(row: encoder.encode(changed)))[0]
        let probability = model.calibrator.probability(margin)
        #expect(probability < model.cutOff)
        #expect(counterfactual.probability == probability)
        #expect(counterfactual.isVerified)
        #expect(counterfactual.changeCount == counterfactual.changes.count)
        let prices = counterfactual.changes.reduce(0) { $0 + $1.cost + 0.1 }
        #expect(abs(prices - counterfactual.cost) < 1e-9)
        let moved = Set(counterfactual.changes.map(\.feature))
        #expect(sets.allSatisfy { !moved.isSuperset(of: $0) })
        sets.append(moved)
      }
      let costs = answer.counterfactuals.map(\.cost)
      #expect(costs == costs.sorted())
    }
  }

  @Test("Equal questions give equal answers at one and two threads", arguments: 0..<4)
  func threads(kind: Int) throws {
    let table = try RecourseFixtures.table(50)
    let model = try model(kind, table, seed: 51)
    let one = try finder(model, table)
    let two = try finder(model, table, threads: 2)
    for row in try RecourseFixtures.refused(model, in: table).prefix(5) {
      #expect(try one.recourse(for: table, row: row) == two.recourse(for: table, row: row))
    }
  }

  @Test("Search on more choices than can be tried finds ways, and claims no proof")
  func search() throws {
    let table = try RecourseFixtures.table(60)
    let model = try model(3, table, seed: 61)
    var options = RecourseOptions(count: 3, evaluations: 2000)
    options.restarts = 1
    // Fewer evaluations than there are choices: the product of the options is above 400.
    options.evaluations = 400
    let finder = try finder(model, table, options: options)
    var found = 0
    var close = 0
    for row in try RecourseFixtures.refused(model, in: table).prefix(12) {
      let answer = try finder.recourse(for: table, row: row)
      #expect(answer.counterfactuals.allSatisfy { $0.isVerified })
      let truth = try RecourseOracle.best(model, table: table, row: row)
      #expect(answer.verdict != .provenImpossible || truth.isEmpty)
      guard let first = answer.counterfactuals.first,
        let best = RecourseOracle.diverse(truth, count: 1).first
      else { continue }
      found += 1
      if first.cost < best + 0.1 { close += 1 }
      #expect(first.cost > best - 1e-9)
    }
    #expect(found >= 6)
    #expect(close >= found - 1)
  }

  @Test("A deadline that has passed is said, and what was found stays verified")
  func deadline() throws {
    let table = try RecourseFixtures.table(60)
    let model = try model(2, table, seed: 61)
    let finder = try finder(model, table, options: .init(count: 2, deadline: 1e-9))
    let row = try #require(try RecourseFixtures.refused(model, in: table).first)
    let answer = try finder.recourse(for: table, row: row)
    if answer.verdict != .provenImpossible {
      #expect(answer.deadlineReached && answer.limitReached)
      #expect(answer.warnings.contains { $0.contains("deadline") })
    }
  }

  @Test("Limits end the proof and are said; the gap holds the truth")
  func limits() throws {
    let table = try RecourseFixtures.table(70)
    var sawGap = false
    for seed in 0..<12 {
      let model = try model(1, table, seed: 100 + UInt64(seed))
      let finder = try finder(model, table, options: .init(count: 1, treeVisits: 0))
      for row in try RecourseFixtures.refused(model, in: table).prefix(10) {
        let answer = try finder.recourse(for: table, row: row)
        let truth = try RecourseOracle.best(model, table: table, row: row)
        let best = RecourseOracle.diverse(truth, count: 1).first
        if answer.verdict == .provenImpossible { #expect(best == nil) }
        guard let first = answer.counterfactuals.first else { continue }
        let least = try #require(best)
        #expect(first.cost >= least - 1e-9)
        if case .gap(let lower) = first.optimality {
          sawGap = true
          #expect(answer.limitReached)
          #expect(lower <= least + 1e-9 && lower <= first.cost)
        } else {
          #expect(abs(first.cost - least) < 1e-9)
        }
      }
    }
    #expect(sawGap)
  }

  @Test("None is proven impossible where nothing may change")
  func impossible() throws {
    let table = try RecourseFixtures.table(80)
    let rules = ChangeRules(
      rules: RecourseFixtures.features.map { .init(feature: $0, change: .fixed) })
    for kind in 0..<4 {
      let model = try model(kind, table, seed: 81)
      let finder = try finder(model, table, rules: rules)
      let row = try #require(try RecourseFixtures.refused(model, in: table).first)
      let answer = try finder.recourse(for: table, row: row)
      #expect(answer.verdict == .provenImpossible)
      #expect(answer.counterfactuals.isEmpty)
    }
  }

  @Test("None asked for is fine, and an approved applicant is an error")
  func edges() throws {
    let table = try RecourseFixtures.table(80)
    let model = try model(0, table, seed: 81)
    let refused = try RecourseFixtures.refused(model, in: table)
    let row = try #require(refused.first)
    let none = try finder(model, table, options: .init(count: 0)).recourse(for: table, row: row)
    #expect(none.verdict == .notSought && none.counterfactuals.isEmpty)
    let approved = try #require((0..<table.rowCount).first { !refused.contains($0) })
    #expect(throws: ExplanationError.self) {
      try finder(model, table).recourse(for: table, row: approved)
    }
    #expect(throws: ExplanationError.self) {
      try finder(model, table).recourse(for: table, row: 10_000)
    }
    #expect(throws: ExplanationError.self) {
      try finder(model, table, options: .init(count: -1))
    }
  }

  @Test("Columns that are no plain features stay as they are unless a rule lets them move")
  func roles() throws {
    let table = try RecourseFixtures.table(90)
    let model = try model(0, table, seed: 91)
    let schema = Schema(
      columns: RecourseFixtures.features.map {
        SchemaColumn(name: $0, role: $0 == "income" ? .feature : .protected, type: .numeric)
      })
    let finder = try RecourseFinder(
      model: model, rules: ChangeRules(rules: [.init(feature: "duration", change: .any)]),
      schema: schema, training: table, seeds: SeedTree(seed: 1))
    for row in try RecourseFixtures.refused(model, in: table).prefix(20) {
      for counterfactual in try finder.recourse(for: table, row: row).counterfactuals {
        #expect(counterfactual.changes.allSatisfy { ["income", "duration"].contains($0.feature) })
      }
    }
  }

  @Test("Results survive JSON to the bit")
  func codable() throws {
    let table = try RecourseFixtures.table(90)
    let model = try model(2, table, seed: 91)
    let row = try #require(try RecourseFixtures.refused(model, in: table).first)
    let answer = try finder(model, table).recourse(for: table, row: row)
    #expect(try RoundTrip.json(answer) == answer)
    #expect(try RoundTrip.json(RecourseFixtures.rules) == RecourseFixtures.rules)
  }
}
