import CandorData
import CandorExplanation
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

  @Test("Words of direction that the applicant's own value contradicts go to a person")
  func direction() throws {
    func reviews(_ income: String) throws -> [ReasonReview] {
      let (study, data) = try StudyFixture().load(
        StudyFixture.byTime + """

          reasons:
            income: {en: "\(income)"}
            debt: {en: "Debt of the applicant"}
            grade: {en: "Grade of the loan"}
          """)
      let model = try StudyRun.train(
        family: "logistic", study: study, data: data, options: RunOptions(threads: 1))
      let explainer = try ApplicantExplainer(model)
      let explained = try explainer.explain(
        data.table.selecting(rows: data.split.test), withEvidence: false)
      let lists = explained.filter {
        $0.reasons?.reasons?.reasons.contains { $0.subject == "income" } == true
      }
      #expect(lists.count > 5)
      return lists.flatMap { $0.reasons?.review ?? [] }.filter { $0 == .wording }
    }
    // A low income speaks against an applicant: "too high" is wrong of nearly everybody.
    #expect(try reviews("Income too high").count > 5)
    #expect(try reviews("Income too low").isEmpty)
    #expect(try reviews("Income of the applicant").isEmpty)
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
