import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

/// Writes a value to JSON and reads it again.
enum RoundTrip {
  static func json<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
  }
}

@Suite("Change rules")
struct ChangeRuleTests {
  private func complaint(_ rules: [ChangeRules.Rule], costPerChange: Double = 0.1) throws -> String
  {
    let table = try RecourseFixtures.table(1)
    let encoder = try RecourseFixtures.encoder(table)
    let model = try RecourseFixtures.model(
      encoder, RecourseFixtures.affine(encoder, seed: 1), on: table)
    do throws(ExplanationError) {
      _ = try RecourseFinder(
        model: model, rules: ChangeRules(rules: rules, costPerChange: costPerChange),
        training: table, seeds: SeedTree(seed: 1))
      return ""
    } catch {
      return error.description
    }
  }

  @Test("A rule that contradicts the model or itself is refused by a sentence")
  func hostile() throws {
    for (rule, part) in [
      (ChangeRules.Rule(feature: "incme"), "did you mean \"income\"?"),
      (.init(feature: "income", step: 0), "step"),
      (.init(feature: "income", step: .nan), "step"),
      (.init(feature: "income", atLeast: 5, atMost: 4), "at_least 5 above at_most 4"),
      (.init(feature: "income", atMost: .infinity), "finite"),
      (.init(feature: "income", levels: ["a"]), "give a range"),
      (.init(feature: "income", cost: -1), "cost"),
      (.init(feature: "savings", step: 1), "has levels"),
      (.init(feature: "savings", levels: ["hihg"]), "did you mean \"high\"?"),
      (.init(feature: "savings", levels: []), "set its change to none"),
      (.init(feature: "savings", levels: ["low", "low"]), "twice"),
      (.init(feature: "housing", change: .up), "no order"),
      (.init(feature: "income", carries: ["agee": 1]), "unknown feature"),
      (.init(feature: "income", carries: ["savings": 1]), "another number"),
      (.init(feature: "income", carries: ["income": 1]), "another number"),
      (.init(feature: "income", carries: ["age": .nan]), "finite"),
      (
        .init(feature: "age", ratio: .init(numerator: "income", denominator: "age")),
        "two other numbers"
      ),
      (.init(feature: "income", frozenWith: ["x"]), "unknown feature"),
    ] {
      let sentence = try complaint([rule])
      #expect(sentence.contains(part), "\(rule): \(sentence)")
      #expect(sentence.hasSuffix(".") || sentence.hasSuffix("?"))
    }
    #expect(try complaint([.init(feature: "age"), .init(feature: "age")]).contains("two"))
    #expect(try complaint([], costPerChange: -1).contains("cost of a change"))
    #expect(
      try complaint([
        .init(feature: "income", carries: ["age": 1]), .init(feature: "age", change: .up),
      ]).contains("change of its own"))
  }

  @Test("A fixed feature outside its permitted range is an error")
  func frozenOutside() throws {
    let table = try RecourseFixtures.table(1)
    let encoder = try RecourseFixtures.encoder(table)
    let model = try RecourseFixtures.model(
      encoder, RecourseFixtures.affine(encoder, seed: 1), on: table)
    let finder = try RecourseFinder(
      model: model,
      rules: ChangeRules(rules: [.init(feature: "age", change: .fixed, atLeast: 200)]),
      training: table, seeds: SeedTree(seed: 1))
    let row = try #require(try RecourseFixtures.refused(model, in: table).first)
    do throws(ExplanationError) {
      _ = try finder.recourse(for: table, row: row)
      Issue.record("not refused")
    } catch {
      #expect(error.code == .badOption)
      #expect(error.description.contains("\"age\" may not change"))
    }
  }

  /// Numbers of years, an age that follows, a ratio, and a flag.
  private func household() throws -> (Table, RecourseModel) {
    var generator = SeedTree(seed: 8).child("household").generator()
    let years = (0..<200).map { _ in Double(generator.nextInteger(below: 20)) }
    let ages = years.map { 20 + $0 + Double(generator.nextInteger(below: 15)) }
    let debts = (0..<200).map { _ in 100 + Double(generator.nextInteger(below: 30)) * 10 }
    let incomes = (0..<200).map { _ in 500 + Double(generator.nextInteger(below: 20)) * 100 }
    let table = try Table(columns: [
      Column(name: "years", numbers: years), Column(name: "age", numbers: ages),
      Column(name: "debt", numbers: debts), Column(name: "income", numbers: incomes),
      Column(name: "share", numbers: zip(debts, incomes).map { 100 * $0 / $1 }),
    ])
    var options = EncodingOptions()
    options.scaling = .none
    let encoder = try CandorData.Encoder.fit(table, features: table.names, options: options)
    let scorer = AffineScorer(coefficients: [-0.05, -0.01, 0.001, 0, 0.05], intercept: 0)
    return (table, try RecourseFixtures.model(encoder, scorer, on: table, quantile: 0.4))
  }

  private let dependent = [
    ChangeRules.Rule(feature: "years", change: .up, step: 1, carries: ["age": 1]),
    ChangeRules.Rule(feature: "debt", change: .down),
    ChangeRules.Rule(
      feature: "share", ratio: .init(numerator: "debt", denominator: "income", scale: 100)),
  ]

  @Test("What follows from a change is carried or computed anew, and never moves by itself")
  func followers() throws {
    let (table, model) = try household()
    let finder = try RecourseFinder(
      model: model, rules: ChangeRules(rules: dependent), training: table,
      options: .init(count: 5), seeds: SeedTree(seed: 1))
    var carried = 0
    var divided = 0
    for row in try RecourseFixtures.refused(model, in: table).prefix(25) {
      for counterfactual in try finder.recourse(for: table, row: row).counterfactuals {
        var values = Dictionary(
          uniqueKeysWithValues: table.names.map { ($0, table.column($0)?.numbers?[row] ?? .nan) })
        let before = values
        for change in counterfactual.changes {
          if case .number(let to) = change.to { values[change.feature] = to }
          #expect(change.follows == ["age", "share"].contains(change.feature))
          if change.follows { #expect(change.cost == 0) }
        }
        let years = (values["years"] ?? 0) - (before["years"] ?? 0)
        #expect(abs((values["age"] ?? 0) - (before["age"] ?? 0) - years) < 1e-9)
        if years > 0 { carried += 1 }
        let ratio = 100 * (values["debt"] ?? 0) / (values["income"] ?? 1)
        #expect(abs((values["share"] ?? 0) - ratio) < 1e-9)
        if values["share"] != before["share"] { divided += 1 }
      }
    }
    #expect(carried > 0 && divided > 0)
  }

  @Test("What a ratio is made of stays with it where it cannot be computed anew")
  func frozen() throws {
    let (table, model) = try household()
    let rules = ChangeRules(rules: [
      .init(feature: "share", change: .fixed, frozenWith: ["debt", "income"])
    ])
    let finder = try RecourseFinder(
      model: model, rules: rules, training: table, seeds: SeedTree(seed: 1))
    for row in try RecourseFixtures.refused(model, in: table).prefix(10) {
      for counterfactual in try finder.recourse(for: table, row: row).counterfactuals {
        #expect(counterfactual.changes.allSatisfy { ["years", "age"].contains($0.feature) })
      }
    }
    let half = rules.restricted(to: ["debt", "share", "age"])
    #expect(half.rules[0].frozenWith == ["debt"])
    let ratio = ChangeRules(rules: dependent).restricted(to: ["debt", "share"])
    #expect(ratio.rules.last?.ratio == nil && ratio.rules.last?.change == .fixed)
    #expect(ratio.rules.last?.frozenWith == ["debt"])
  }

  @Test("A price a unit and the logarithmic price are what they say")
  func prices() throws {
    let (table, model) = try household()
    let row = try #require(try RecourseFixtures.refused(model, in: table).first)
    let unit = try RecourseFinder(
      model: model,
      rules: ChangeRules(
        rules: [.init(feature: "debt", change: .down, cost: 0.5)]
          + ["years", "age", "income", "share"].map { .init(feature: $0, change: .fixed) },
        costPerChange: 0),
      training: table, seeds: SeedTree(seed: 1)
    ).recourse(for: table, row: row)
    for counterfactual in unit.counterfactuals {
      guard case .number(let from) = counterfactual.changes[0].from,
        case .number(let to) = counterfactual.changes[0].to
      else { continue }
      #expect(abs(counterfactual.cost - 0.5 * (from - to)) < 1e-9)
    }
    let logarithmic = try RecourseFinder(
      model: model, rules: ChangeRules(costPerChange: 0, costKind: .logPercentile),
      training: table, options: .init(count: 1), seeds: SeedTree(seed: 1)
    ).recourse(for: table, row: row)
    let change = try #require(logarithmic.counterfactuals.first?.changes.first)
    guard case .number(let from) = change.from, case .number(let to) = change.to else {
      Issue.record("Not the kind that was looked for.")
      return
    }
    let all = table.column(change.feature)?.numbers ?? []
    func rank(_ value: Double) -> Double {
      (Double(all.count { $0 < value }) + Double(all.count { $0 == value }) / 2) / 200
    }
    let left = to > from ? (1 - rank(from), 1 - rank(to)) : (rank(from), rank(to))
    #expect(abs(change.cost - abs(log(left.0) - log(left.1))) < 1e-9)
  }

  @Test("An implausible way is flagged or left out")
  func plausibility() throws {
    let (table, model) = try household()
    let strange = ChangeRules(rules: [
      .init(feature: "debt", atLeast: -100_000, cost: 0), .init(feature: "years", change: .fixed),
      .init(feature: "income", change: .fixed), .init(feature: "share", change: .fixed),
      .init(feature: "age", change: .fixed),
    ])
    func answer(_ plausibility: RecourseOptions.Plausibility, row: Int) throws -> Recourse {
      try RecourseFinder(
        model: model, rules: strange, training: table,
        options: .init(count: 1, plausibleQuantile: 0.5, implausible: plausibility),
        seeds: SeedTree(seed: 1)
      ).recourse(for: table, row: row)
    }
    var flagged = 0
    for row in try RecourseFixtures.refused(model, in: table).prefix(20) {
      let seen = try answer(.flag, row: row)
      let kept = try answer(.discard, row: row)
      for counterfactual in seen.counterfactuals where !counterfactual.isPlausible {
        flagged += 1
        #expect(counterfactual.distanceQuantile > 0.5)
        #expect(kept.counterfactuals.isEmpty && kept.verdict == .notFoundInTime)
        #expect(seen.warnings.contains { $0.contains("farther") })
      }
    }
    #expect(flagged > 0)
  }
}
