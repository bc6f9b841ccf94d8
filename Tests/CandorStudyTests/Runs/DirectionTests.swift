import CandorData
import CandorNumerics
import CandorScoring
import CandorStudy
import Testing

@Suite("Declared directions")
struct DirectionTests {
  private func train(_ declared: String, _ forest: String) throws -> (RiskModel, [String]) {
    let study = StudyFixture.byTime
      .replacing("  customer:", with: "  debt: {direction: \(declared)}\n  customer:")
      .replacing("{trees: 20}", with: forest)
    let (read, data) = try StudyFixture().load(study)
    let (model, log) = try StudyRun.trainWithLog(
      family: "forest", study: read, data: data, options: RunOptions(threads: 2))
    return (model, log.notices)
  }

  /// The changes of the margin as debt rises over its range, for applicants of all kinds.
  private func changes(_ model: RiskModel) throws -> [Double] {
    let column = try #require(model.encoder.risingColumn(of: "debt"))
    let (_, data) = try StudyFixture().load(StudyFixture.byTime)
    let rows = try model.encoder.encode(data.table, rows: Array(0..<40)).matrix
    var changes: [Double] = []
    for r in 0..<rows.rows {
      var moved = Matrix(rows: 50, columns: rows.columns) { _, c in rows[r, c] }
      for debt in 0..<50 { moved[debt, column] = Double(debt) }
      let margins = try model.scorer.margins(of: EncodedRows(moved))
      changes += zip(margins.dropFirst(), margins).map { $0 - $1 }
    }
    return changes
  }

  // Risk rises with debt in this portfolio, so that the second direction is kept against the data.
  @Test("A study's direction reaches the fit", arguments: ["increasing", "decreasing"])
  func isKept(declared: String) throws {
    let (model, _) = try train(declared, "{trees: 20, monotone: true}")
    let sign = declared == "increasing" ? 1.0 : -1
    #expect(try changes(model).allSatisfy { sign * $0 >= 0 })
  }

  @Test("Without the option the direction binds nobody")
  func isFree() throws {
    let (model, _) = try train("decreasing", "{trees: 20}")
    #expect(try changes(model).contains { $0 > 0 })
  }

  @Test("A direction that levels cannot have is named")
  func cannotBeKept() throws {
    let study = StudyFixture.byTime
      .replacing("  customer:", with: "  grade: {direction: increasing}\n  customer:")
      .replacing("{trees: 20}", with: "{trees: 20, monotone: true}")
    let (read, data) = try StudyFixture().load(study)
    let log = try StudyRun.trainWithLog(
      family: "forest", study: read, data: data, options: RunOptions(threads: 2)
    ).log
    #expect(log.notices.contains { $0.contains("direction of grade is not kept") })
  }
}
