import CandorStudy
import Testing

@Suite("Wording of reasons in a study")
struct ReasonWordingTests {
  private func complaint(_ reasons: String) -> StudyError? {
    do {
      _ = try StudyFixture().load(StudyFixture.byTime + "\n" + reasons)
      return nil
    } catch {
      return error as? StudyError
    }
  }

  @Test("A feature without wording is found when the study is read, and named")
  func unmapped() throws {
    let error = try #require(
      complaint(
        """
        groups: {burden: [income, debt]}
        reasons: {burden: {en: "Debt compared with income"}}
        """))
    #expect(error.description.contains("\"grade\"") && !error.description.contains("\"burden\""))
    #expect(error.description.contains("`en`"))
    #expect(
      complaint(
        """
        groups: {burden: [income, debt]}
        reasons: {burden: {en: "Debt compared with income"}, grade: {en: "Grade of the loan"}}
        """) == nil)
    // A report in Chinese needs Chinese wording, and without any wording nothing is asked for.
    #expect(
      complaint(
        """
        groups: {burden: [income, debt]}
        reasons: {burden: {en: "Debt compared with income"}, grade: {en: "Grade of the loan"}}
        report: {languages: [en, zh]}
        """)?.description.contains("`zh`") == true)
    #expect(complaint("") == nil)
  }

  @Test("A wording that names no factor is refused with its line")
  func vague() throws {
    let error = try #require(
      complaint(
        """
        reasons:
          grade: {en: "Does not meet our internal standards"}
        """))
    #expect(error.line == 11 && error.description.contains("internal standard"))
  }
}
