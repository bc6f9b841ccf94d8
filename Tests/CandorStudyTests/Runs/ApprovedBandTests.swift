import CandorNumerics
import CandorScoring
import CandorStudy
import Testing

@Suite("The reference of reasons")
struct ApprovedBandTests {
  /// A thousand PDs, the first six hundred of them below the cut-off 0.6.
  private let probabilities = (0..<1000).map { Double($0) / 1000 }

  @Test("The rows nearest below the cut-off are taken where their mean is approved")
  func nearest() {
    let band = ApprovedBand.choose(50, probabilities: probabilities, cutOff: 0.6) { _ in true }
    #expect(band.positions == Array(550..<600))
    #expect(band.width == 50 && band.approved == 600 && band.lowest == 0.55)
  }

  @Test("A band whose mean would be refused is doubled, and its rows are spread over it")
  func widened() {
    let band = ApprovedBand.choose(50, probabilities: probabilities, cutOff: 0.6) { positions in
      positions.map { probabilities[$0] }.reduce(0, +) / Double(positions.count) < 0.52
    }
    #expect(band.width == 200 && band.lowest == 0.4)
    #expect(band.positions.count == 50)
    #expect(Set(band.positions).count == 50)
    #expect(band.positions.first == 403 && band.positions.last == 599)
  }

  @Test("No band is wider than the approvals, whatever the model says, and none is invented")
  func limits() {
    let all = ApprovedBand.choose(50, probabilities: probabilities, cutOff: 0.6) { _ in false }
    #expect(all.width == 600 && all.positions.count == 50)
    let few = ApprovedBand.choose(50, probabilities: probabilities, cutOff: 0.02) { _ in false }
    #expect(few.positions == Array(0..<20))
    let nobody = ApprovedBand.choose(50, probabilities: probabilities, cutOff: 0) { _ in true }
    #expect(nobody.positions.isEmpty && nobody.approved == 0)
  }

  @Test("The final model approves the mean of its own reference, so that refusals get reasons")
  func meanIsApproved() throws {
    var fixture = StudyFixture()
    fixture.rows = 4000
    let (study, data) = try fixture.load(StudyFixture.byTime)
    for family in ["logistic", "forest", "svm", "network"] {
      let model = try StudyRun.train(
        family: family, study: study, data: data, options: RunOptions(threads: 2))
      let reference = try #require(model.reference(named: "near-cutoff-approved"))
      let logOdds = try model.score(reference.table).map(\.logOdds)
      #expect(Moments.mean(logOdds) < logit(model.cutOff), "\(family): \(reference.description)")
    }
  }
}
