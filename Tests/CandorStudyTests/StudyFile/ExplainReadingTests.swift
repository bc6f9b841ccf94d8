import CandorStudy
import Testing

@Suite("The effort that a study gives explanations")
struct ExplainReadingTests {
  private func study(_ explain: String) throws -> Study {
    try StudyReader.read(
      text: """
        data: {path: loans.csv}
        target: {column: default, bad: 1}
        explain:
          \(explain)
        """, file: "study.yaml")
  }

  @Test("Every number of effects, audit and recourse is read; what is left out keeps its default")
  func read() throws {
    let all = try study(
      """
      {effects: {rows: 300, features: 6, points: 20, resamples: 0, interacting: 5,
        contribution_rows: 80}, audit: {rows: 12, resamples: 4, random_models: 3},
        recourse: {rows: 40, proposals: 2, seconds: 0.5}}
      """
    ).explain
    #expect(all.effects.rows == 300 && all.effects.features == 6 && all.effects.points == 20)
    #expect(all.effects.resamples == 0 && all.effects.interacting == 5)
    #expect(all.effects.contributionRows == 80)
    #expect(all.audit.rows == 12 && all.audit.resamples == 4 && all.audit.randomModels == 3)
    #expect(all.recourse.rows == 40 && all.recourse.proposals == 2)
    #expect(all.recourse.seconds == 0.5)
    let some = try study("{audit: {rows: 20}}").explain
    var expected = Study.ExplainSettings()
    expected.audit.rows = 20
    #expect(some == expected)
    #expect(some.recourse.seconds == nil)
  }

  @Test(
    "A number out of range or a key that is not known is refused with its line and path",
    arguments: [
      ("{effects: {rows: 5}}", "explain.effects.rows"),
      ("{effects: {resamples: 7}}", "explain.effects.resamples"),
      ("{effects: {features: 0}}", "explain.effects.features"),
      ("{effects: {interacting: 1}}", "explain.effects.interacting"),
      ("{audit: {rows: 3}}", "explain.audit.rows"),
      ("{audit: {random_models: many}}", "explain.audit.random_models"),
      ("{recourse: {seconds: 0}}", "explain.recourse.seconds"),
      ("{recourse: {proposal: 2}}", "proposals"),
    ])
  func refused(_ explain: String, _ named: String) throws {
    let error = try #require(throws: StudyError.self) { try study(explain) }
    #expect(error.line == 4)
    #expect("\(error)".contains(named), "\(error)")
  }
}
