import Candor
import CandorBundle
import CandorData
import CandorDocument
import CandorEvaluation
import CandorExplanation
import CandorReport
import CandorScoring
import CandorStudy
import Foundation
import Testing

/// What a person is told of a list of reasons, case by case, and what the rules' table says.
@Suite("Reviews of reasons and the rules' verdicts")
struct ReasonReviewTests {
  private static let wording = """

    reasons:
      income: {en: "Income of the applicant"}
      debt: {en: "Debt of the applicant"}
      grade: {en: "Grade of the loan"}
    """

  private func model(
    _ fixture: StudyFixture = StudyFixture(), _ text: String = StudyFixture.byTime + wording,
    family: String = "logistic"
  ) throws -> (RiskModel, Study, StudyData) {
    let (study, data) = try fixture.load(text)
    return (
      try StudyRun.train(
        family: family, study: study, data: data, options: RunOptions(threads: 2)), study, data
    )
  }

  /// The sex of a row is what its debt says, but for one row in eight.
  private var told: StudyFixture {
    var fixture = StudyFixture()
    fixture.rows = 1600
    fixture.sex = { row, sex in row % 8 == 0 ? sex : (row * 53) % 47 > 22 ? "f" : "m" }
    return fixture
  }

  @Test("Rule 4: a printed strong proxy is marked on the list, and holds no notice")
  func proxy() throws {
    let (model, _, data) = try model(told)
    let marks = try #require(model.card.proxies)
    #expect(marks.map(\.feature) == ["debt"] && marks[0].attribute == "sex")
    #expect(marks[0].area > 0.8 && marks[0].group == "f")
    let explained = try ApplicantExplainer(model).explain(
      data.table.selecting(rows: data.split.test), withEvidence: false)
    let lists = explained.filter { $0.reasons?.reasons != nil }
    let printing = lists.filter { list in
      list.reasons?.reasons?.reasons.contains { $0.subject == "debt" } == true
    }
    #expect(printing.count > 20)
    for list in lists {
      let prints = list.reasons?.reasons?.reasons.contains { $0.subject == "debt" } == true
      #expect((list.reasons?.review.contains(.proxy) == true) == prints)
      #expect(list.proxies(of: "debt", in: model) == (prints ? marks : []))
      #expect(list.proxies(of: "income", in: model).isEmpty)
    }
    #expect(printing.contains { $0.reasons?.isSettled == true })
    // The mark survives in the file, and a column that says nothing carries none.
    let again = try BundleReader.read(
      bytes: BundleWriter.bytes(of: model), registry: ModelLibrary.registry)
    #expect(again.card.proxies == marks)
    #expect(try self.model().0.card.proxies == [])
  }

  @Test("Rule 4: a study's own limit decides what is a strong proxy")
  func proxyLimit() throws {
    let text = StudyFixture.byTime + Self.wording + "\nlimits: {proxy_power: {at_most: 0.99}}\n"
    #expect(try model(told, text).0.card.proxies == [])
    let strict = StudyFixture.byTime + Self.wording + "\nlimits: {proxy_power: {at_most: 0.05}}\n"
    #expect(
      Set(try #require(try model(told, strict).0.card.proxies).map(\.feature))
        == ["income", "debt", "grade"])
  }

  @Test("Rule 18: an applicant with values that training did not have goes to a person")
  func outsideDomain() throws {
    let (model, _, data) = try model()
    let refused = data.table.selecting(rows: data.split.test)
    let explainer = try ApplicantExplainer(model)
    let usual = try explainer.explain(refused, withEvidence: false)
    let row = try #require(usual.firstIndex { $0.reasons?.isSettled == true })
    #expect(usual[row].reasons?.review.contains(.outsideDomain) == false)
    var columns = refused.selecting(rows: [row]).selecting(columns: model.features).columns
    let income = try #require(columns.firstIndex { $0.name == "income" })
    columns[income] = Column(name: "income", numbers: [-500], type: columns[income].type)
    let strange = try explainer.explain(Table(columns: columns), withEvidence: false)[0]
    #expect(strange.reasons?.review.contains(.outsideDomain) == true)
    #expect(strange.reasons?.isSettled == false)
  }

  @Test("Rule 17: a printed factor that alone does not lower the risk goes to a person")
  func direction() throws {
    let (model, _, data) = try model(family: "forest")
    let explained = try ApplicantExplainer(model).explain(
      data.table.selecting(rows: data.split.test), withEvidence: false)
    let lists = explained.filter { $0.reasons?.reasons != nil }
    #expect(lists.count > 10)
    for list in lists {
      let against = list.directions.contains { !$0.agrees }
      #expect((list.reasons?.review.contains(.direction) == true) == against)
      if against { #expect(list.reasons?.isSettled == false) }
      #expect(list.directions.map(\.subject) == list.reasons?.reasons?.reasons.map(\.subject))
      #expect(list.sufficiency?.moved == list.directions.map(\.subject))
    }
  }

  @Test("Rule 16: vague words are refused in both languages when the study is read")
  func vague() throws {
    for (language, text) in [
      ("en", "Score insufficient"), ("en", "Did not meet our policy"), ("zh", "综合评分不足"),
    ] {
      #expect(throws: StudyError.self) {
        try StudyFixture().load(
          StudyFixture.byTime + "\nreasons:\n  grade: {\(language): \"\(text)\"}\n")
      }
    }
  }

  @Test("Rule 20: an applicant alone gets the answer of the whole file, and rule 21 its own hash")
  func alone() throws {
    for family in ["logistic", "forest"] {
      let (model, _, data) = try model(family: family)
      let explainer = try ApplicantExplainer(model, threads: 2)
      let rows = Array(data.split.test.prefix(40))
      let all = try explainer.explain(data.table.selecting(rows: rows), withEvidence: false)
      for place in [0, 7, 39] {
        let own = try explainer.explain(
          data.table.selecting(rows: [rows[place]]), withEvidence: false)[0]
        #expect(own.shapley == all[place].shapley && own.reasons == all[place].reasons)
        #expect(own.directions == all[place].directions)
        #expect(own.sufficiency == all[place].sufficiency)
        #expect(own.inputHash == all[place].inputHash && own.inputHash.count > 60)
      }
      #expect(all[0].inputHash != all[1].inputHash)
    }
  }

  @Test("The table judges every rule but those without evidence, and says which")
  func table() throws {
    let text =
      StudyFixture.byTime + Self.wording
      + "\ngovernance: {catalogue_approval: \"Approved by the board\"}\n"
    let (study, data) = try told.load(text)
    let result = try StudyRun.run(study, data: data, options: RunOptions(threads: 2))
    // Every refused applicant of the test part has been looked at.
    let audit = result.reasonAudit
    #expect(audit.refused > 20 && audit.refusals == audit.refused)
    #expect(audit.lists.allSatisfy { $0.directions.count == $0.reasons.reasons.count })
    let rules = try ruleVerdicts(result)
    #expect(rules.count == 25)
    for (number, verdict) in rules {
      switch number {
      case 1, 2, 5, 6, 7, 8, 11, 16: #expect(verdict == "value.byConstruction", "\(number)")
      case 21, 22, 23, 24: #expect(verdict == "verdict.none", "\(number)")
      case 15, 19: #expect(["verdict.notTested", "verdict.pass"].contains(verdict), "\(number)")
      default: #expect(verdict == "verdict.pass", "\(number)")
      }
    }
    #expect(!result.proxies.lines.isEmpty && result.proxies.lines.contains { $0.feature == nil })
    #expect(result.proxies.marks == result.championModel.card.proxies)
  }

  /// The verdicts' keys of the rules' table in section 14.
  private func ruleVerdicts(_ result: StudyResult) throws -> [Int: String] {
    let report = try StudyReport.auditReport(
      for: result, bundleHash: result.data.hash, command: "test")
    let section = try #require(report.sections.first { $0.number == 14 })
    var found: [Int: String] = [:]
    for case .table(let table) in section.items where table.columns.count == 4 {
      for row in table.rows {
        guard case .number(let number, _) = row[0] else { continue }
        found[Int(number)] = Self.key(of: row[2])
      }
    }
    return found
  }

  private static func key(of value: Value) -> String {
    switch value {
    case .message(.key(let key, _)): key
    case .strong(let inner): key(of: inner)
    default: ""
    }
  }
}
