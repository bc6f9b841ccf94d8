import CandorData
import CandorEvaluation
import CandorExplanation
import CandorNumerics
import CandorScoring
import Testing

@Suite("Recourse statistics")
struct RecourseStatisticsTests {
  @Test("Shares, medians and intervals are those of the results, by group")
  func portfolio() throws {
    let table = try RecourseFixtures.table(5, rows: 400)
    let encoder = try RecourseFixtures.encoder(table)
    let model = try RecourseFixtures.model(
      encoder, RecourseFixtures.affine(encoder, seed: 2), on: table)
    let rules = ChangeRules(rules: [
      .init(feature: "income", change: .fixed), .init(feature: "age", change: .fixed),
      .init(feature: "duration", change: .down, step: 6), .init(feature: "savings", change: .up),
    ])
    let finder = try RecourseFinder(
      model: model, rules: rules, training: table, options: .init(count: 1),
      seeds: SeedTree(seed: 1))
    let rows = try RecourseFixtures.refused(model, in: table)
    let results = try rows.map { try finder.recourse(for: table, row: $0) }
    let labels = rows.indices.map { $0 % 40 == 0 ? nil : $0 < 5 ? "few" : "many" }
    let statistics = try RecourseStatistics(results, groups: labels)
    let found = results.count { $0.verdict == .found }
    #expect(statistics.overall.count == rows.count)
    #expect(statistics.overall.share == Double(found) / Double(rows.count))
    let interval = try #require(statistics.overall.interval)
    #expect(interval.lower <= Double(found) / Double(rows.count))
    #expect(interval.upper >= Double(found) / Double(rows.count))
    let costs = results.compactMap { $0.counterfactuals.first?.cost }
    #expect(statistics.overall.medianCost == Quantiles.value(of: costs, at: 0.5))
    #expect(statistics.groups.map(\.label) == ["few", "many"])
    #expect(statistics.groups[0].isSuppressed && statistics.groups[0].share == nil)
    #expect(!statistics.groups[0].verdictAllowed)
    #expect(statistics.groups[1].verdictAllowed == (statistics.groups[1].count >= 100))
    #expect(statistics.warnings.contains { $0.contains("not known") })
    #expect(throws: ExplanationError.self) { try RecourseStatistics(results, groups: ["a"]) }
    let nothing = try RecourseStatistics([])
    #expect(nothing.overall.share == nil && nothing.groups.isEmpty)
    #expect(try RoundTrip.json(statistics) == statistics)
  }
}
