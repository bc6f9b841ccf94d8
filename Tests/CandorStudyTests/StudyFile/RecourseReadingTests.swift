import CandorData
import CandorScoring
import CandorStudy
import Testing

@Suite("Reading what applicants could change")
struct RecourseReadingTests {
  private func study(_ columns: String) throws(StudyError) -> Study {
    try StudyReader.read(
      text: "data: {path: a.csv}\ntarget: {column: y, bad: 1}\ncolumns:\n" + columns,
      file: "study.yaml")
  }

  @Test("Every key is read")
  func whole() throws {
    let study = try study(
      """
        amount: {recourse: {change: down, step: 500, at_least: 1000, at_most: 9000, cost: 0.5}}
        savings: {type: ordinal, levels: [none, low, high], recourse: {change: up, levels: [low, high]}}
        years: {recourse: {change: up, carries: {age: 1}}}
        age: {role: protected}
        share: {recourse: {ratio: {numerator: amount, denominator: income, scale: 100}}}
        burden: {recourse: {change: none, frozen_with: [amount]}}
        purpose: {immutable: true}
      """)
    let schema = Schema(
      columns: ["amount", "savings", "years", "age", "share", "income", "purpose", "id", "burden"]
        .map {
          SchemaColumn(
            name: $0, role: $0 == "age" ? .protected : $0 == "id" ? .identifier : .feature,
            type: .numeric)
        })
    let rules = study.changeRules(for: schema.columns.map(\.name), schema: schema)
    #expect(
      rules.rule(for: "amount")
        == ChangeRules.Rule(
          feature: "amount", change: .down, step: 500, atLeast: 1000, atMost: 9000, cost: 0.5))
    #expect(rules.rule(for: "savings")?.levels == ["low", "high"])
    #expect(rules.rule(for: "years")?.carries == ["age": 1])
    #expect(rules.rule(for: "age")?.change == .fixed)
    #expect(rules.rule(for: "id")?.change == .fixed)
    #expect(rules.rule(for: "purpose")?.change == .fixed)
    #expect(rules.rule(for: "income") == nil)
    #expect(
      rules.rule(for: "share")?.ratio
        == ChangeRules.Ratio(numerator: "amount", denominator: "income", scale: 100))
    #expect(rules.rule(for: "burden")?.frozenWith == ["amount"])
    let few = study.changeRules(for: ["years", "amount"], schema: schema)
    #expect(few.rules.map(\.feature) == ["years", "amount"])
    #expect(few.rules[0].carries == [:])
  }

  @Test(
    "A rule that cannot be is refused with its line",
    arguments: [
      ("{chnge: up}", "`change`"), ("{change: upward}", "`up`"), ("{step: 0}", "above 0"),
      ("{step: big}", "number"), ("{at_least: 2, at_most: 1}", "`at_least`"),
      ("{levels: []}", "no level"), ("{levels: [x, x]}", "twice"), ("{cost: -1}", "0 or more"),
      ("{ratio: {numerator: a}}", "`denominator`"),
      ("{ratio: {numerator: a, denominator: b}, change: up}", "`ratio`"),
      ("{carries: {b: much}}", "number"), ("{carries: {other: 1}}", "\"other\""),
    ])
  func refused(rule: String, part: String) {
    do throws(StudyError) {
      _ = try study("  a: {recourse: \(rule)}\n  other: {recourse: {change: up}}")
      Issue.record("\(rule) was read")
    } catch {
      #expect(error.line == 4, "\(error)")
      #expect(error.message.contains(part), "\(error)")
    }
  }

  @Test("Levels that the column does not have are refused with the nearest one")
  func levels() {
    do throws(StudyError) {
      _ = try study(
        "  a: {type: ordinal, levels: [low, high], recourse: {levels: [hgih]}}")
      Issue.record("read")
    } catch {
      #expect(error.message.contains("did you mean \"high\"?"))
    }
    #expect(throws: StudyError.self) {
      try study("  a: {immutable: true, recourse: {change: up}}")
    }
  }
}
