import CandorDocument
import CandorExplanation
import CandorReport
import Foundation
import Testing

@Suite("Surrogates, refits and disagreement in the report")
struct EvidenceItemTests {
  private func section(
    _ change: (inout GlobalInput) throws -> Void = { _ in }
  ) throws -> ReportSection {
    let affine = try ToyReport.Affine()
    let importance = try PermutationImportance.measure(
      affine.model,
      on: PermutationImportance.Sample(
        name: "test", rows: try ToyReport.encoded(ToyReport.test.rows),
        targets: ToyReport.test.labels),
      players: affine.players, repeats: 2, seeds: ToyReport.seeds)
    var input = try ToyReport.global(importance, surrogate: nil, affine: affine)
    try change(&input)
    return GlobalSection.build(input)
  }

  private func table(_ title: String, in section: ReportSection) -> ReportTable? {
    for case .table(let table) in section.items {
      if case .key(title, _) = table.title { return table }
    }
    return nil
  }

  private func text(_ value: Value?, _ language: Language) throws -> String {
    guard let value else { return "" }
    let localizer = try ReportStrings.localizer(language)
    return try localizer.string(
      .key("surrogates.indented", arguments: ["indent": .empty, "rule": value]))
  }

  @Test("Leaves with a common condition stand indented under it, in both languages")
  func ruleList() throws {
    let rules = try #require(table("surrogates.rules", in: try section()))
    let english = try rules.rows.map { try text($0[0], .english) }
    #expect(
      english == [
        "duration_months ≤ 24", "— savings = none", "— savings one of: a, b, or missing",
        "24 < duration_months ≤ 48, or missing", "duration_months > 48",
      ])
    let chinese = try rules.rows.map { try text($0[0], .simplifiedChinese) }
    #expect(chinese[2] == "— savings 为以下之一：a、b，或缺失")
    #expect(chinese[0] == english[0] && chinese[4] == english[4])
    // A line that holds for several leaves has their share, and their mean by share.
    #expect(
      rules.rows[0].dropFirst() == [
        .number(0.5, format: .percent(1)), .number(0.2, format: .percent(1)), .empty,
      ])
    #expect(rules.rows[3][1] == .number(0.375, format: .percent(1)))
  }

  @Test("Fidelity is a finding with an identifier, and a tree under 0.6 carries the warning")
  func fidelity() throws {
    let good = try section()
    #expect(good.findings.map(\.id) == (1...5).map { "GLOB-0\($0)" })
    #expect(good.findings[0].value == .number(0.7, format: .fixed(3)))
    #expect(good.findings[4].value == .number(0.125, format: .percent(1)))
    #expect(good.findings.allSatisfy { $0.verdict == nil })
    let close = try section {
      $0.behaviour?.surrogates?.tree = try ToyReport.tree(rSquared: 0.95)
    }
    let fine = try #require(table("surrogates.fidelity", in: close)?.rows[0].last)
    #expect(fine == .key("value.none"))
    let poor = try section { $0.behaviour?.surrogates?.tree = try ToyReport.tree(rSquared: 0.59) }
    let warned = try #require(table("surrogates.fidelity", in: poor)?.rows[0].last)
    #expect(warned == .list([.strong(.key("warning.surrogateUnfaithful"))]))
  }

  @Test("A surrogate that could not be fitted is listed as not tested, with the reason")
  func failure() throws {
    let section = try section {
      $0.behaviour?.surrogates?.tree = nil
      $0.behaviour?.surrogates?.failures = [(.tree, "All values are equal.")]
    }
    #expect(table("surrogates.rules", in: section) == nil)
    #expect(
      section.checksNotDone.contains {
        $0.check == .key("surrogate.tree") && $0.reason == .text("All values are equal.")
      })
  }

  @Test("Fits without a feature state their number and rows; none asked for is not tested")
  func dropColumn() throws {
    let measured = try section()
    let found = try #require(table("global.dropColumnTable", in: measured))
    #expect(found.rows[0][0] == .text("duration_months"))
    #expect(
      found.rows[0][1] == .estimate(0.0625, lower: 0.0428, upper: 0.0822, format: .fixed(4)))
    guard case .key("global.dropColumnPart", let arguments)? = found.note else {
      Issue.record("The note must say that a part of the rows was used.")
      return
    }
    #expect(arguments["fits"] == .count(4) && arguments["rows"] == .count(500))
    let whole = try section {
      $0.behaviour?.dropColumn = .measured(
        try ToyReport.dropColumn(),
        RefitExtent(family: "logistic", fits: 4, rows: 900, allRows: 900))
    }
    guard case .key("global.dropColumnNote", _)? = table("global.dropColumnTable", in: whole)?.note
    else {
      Issue.record("All rows were used.")
      return
    }
    // Each note has a place for every number that it is given.
    for note in [found.note, table("global.dropColumnTable", in: whole)?.note] {
      for language in [Language.english, .simplifiedChinese] {
        let localizer = try ReportStrings.localizer(language)
        let text = try localizer.string(try #require(note))
        #expect(text.contains("900"))
      }
    }
    let none = try section { $0.behaviour?.dropColumn = .notAsked }
    #expect(table("global.dropColumnTable", in: none) == nil)
    #expect(
      none.checksNotDone.contains {
        $0.check == .key("check.dropColumn") && $0.reason == .key("reason.notAsked")
      })
  }

  @Test("Out-of-bag importance stands beside the held-out one, for forests alone")
  func outOfBag() throws {
    let found = try #require(table("global.outOfBag", in: try section()))
    guard case .key(_, let arguments) = found.title else { return }
    #expect(arguments["family"] == .message(.key("family.forest")))
    for row in found.rows { #expect(row[2] == row[3] && row[0] == row[4]) }
    let without = try section { $0.families[1].outOfBag = nil }
    #expect(table("global.outOfBag", in: without) == nil)
  }

  @Test("Two methods stand side by side with their places, and a sentence says how they differ")
  func methods() throws {
    var one = try #require(try ToyReport.cases().last)
    func items(_ one: IndividualInput.Case) -> [ReportItem] {
      IndividualSection.build(
        IndividualInput(
          cutOff: 0.4, cases: [one], fidelity: [], catalogue: ToyReport.catalogue, limits: [:])
      ).items
    }
    func sentence(_ items: [ReportItem]) -> (key: String, arguments: [String: Value])? {
      for case .paragraph(.key(let key, let arguments)) in items
      where key.hasPrefix("individual.methods") { return (key, arguments) }
      return nil
    }
    #expect(sentence(items(one)) == nil)
    let second = try ToyReport.secondMethod(of: one)
    one.second = second
    let own = one.explanation.ranked
    let said = try #require(sentence(items(one)))
    #expect(said.key == "individual.methodsDiffer")
    #expect(said.arguments["first"] == .text(own[0].source))
    #expect(said.arguments["otherFirst"] == .text(own[1].source))
    var found: ReportTable?
    for case .table(let table) in items(one) where table.title == .key("individual.methods") {
      found = table
    }
    let table = try #require(found)
    #expect(table.columns[2].header == .key("explainer.linearShapley"))
    #expect(table.columns[4].header == .key("explainer.pathDependentTreeShapley"))
    // Between the start and the end: the first factor of one is the second of the other.
    #expect(table.rows.count == own.count + 2)
    #expect(table.rows[1][3] == .count(1) && table.rows[1][5] == .count(2))
    #expect(table.rows[2][3] == .count(2) && table.rows[2][5] == .count(1))
    let localizer = try ReportStrings.localizer(.english)
    let printed = try localizer.string(.key(said.key, arguments: said.arguments))
    #expect(printed.contains("60 applicants"))
    one.second = IndividualInput.SecondMethod(
      explanation: one.explanation, agreement: second.agreement, compared: 60)
    let same = try #require(sentence(items(one)))
    #expect(same.key == "individual.methodsSameFirst")
    #expect(try localizer.string(.key(same.key, arguments: same.arguments)).contains("both put"))
  }

  @Test("Under the scorecard stands what was fitted on permuted outcomes, where it was")
  func refits() throws {
    let card = try JSONDecoder().decode(
      ExplanationScorecard.self,
      from: Data(
        #"{"scale":"logOdds","backgroundName":"b","backgroundHash":"h","applicants":30,"rows":[]}"#
          .utf8))
    var input = IndividualInput(
      cutOff: 0.4, cases: [], fidelity: [], catalogue: ToyReport.catalogue, limits: [:])
    input.scorecard = card
    func said() -> Bool {
      IndividualSection.build(input).items.contains { item in
        if case .paragraph(.key("scorecard.labels", let arguments)) = item {
          return arguments["fits"] == .count(4) && arguments["rows"] == .count(500)
        }
        return false
      }
    }
    #expect(!said())
    input.labelRefits = RefitExtent(family: "logistic", fits: 4, rows: 500, allRows: 900)
    #expect(said())
  }
}
