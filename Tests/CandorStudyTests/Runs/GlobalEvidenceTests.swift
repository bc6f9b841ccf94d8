import CandorData
import CandorEvaluation
import CandorExplanation
import CandorReport
import CandorScoring
import CandorStudy
import Testing

@Suite("Out-of-bag importance, refits, surrogates and disagreement of a run")
struct GlobalEvidenceTests {
  private func run(_ champion: String, _ explain: String = "") throws -> StudyResult {
    let study = StudyFixture.byTime
      .replacing("permutations: 64}", with: "permutations: 64\(explain)}")
    let (read, data) = try StudyFixture().load(study + "\nchampion: \(champion)\n")
    return try StudyRun.run(read, data: data, options: RunOptions(threads: 2))
  }

  @Test("A forest has out-of-bag importance on the very draws of its fit; other families have none")
  func outOfBag() throws {
    let result = try run("logistic")
    #expect(result.explanations[0].outOfBag == nil)
    let found = try #require(result.explanations[1].outOfBag)
    #expect(found.scheme == .outOfBag && found.sampleName == "training")
    // All training rows are fewer than `importance_rows`: the log of the fit has the same AUC.
    let logged = try #require(result.families[1].log.measures["out-of-bag AUC"])
    // Margins that tie in one sum may differ by rounding in the other: a few pairs of 16,000.
    #expect(abs(found.unpermuted - logged) < 2e-4)
    #expect(found.rowCount <= result.data.split.train.count)
    let few = try run("logistic", ", importance_rows: 100")
    let part = try #require(few.explanations[1].outOfBag)
    #expect(part.rowCount <= 100 && part.rowCount > 90)
  }

  @Test("The strongest features are left out of fits; with all of them the fit is the champion")
  func dropColumns() throws {
    let result = try run("logistic", ", drop_columns: 2")
    guard case .measured(let found, let extent)? = result.behaviour.dropColumn else {
      Issue.record("Nothing was measured.")
      return
    }
    let strongest = result.explanations[0].importance.players.prefix(2).map(\.source)
    #expect(found.players.map(\.source) == Array(strongest))
    #expect(extent.fits == 6 && extent.family == "logistic")
    #expect(extent.rows == result.data.split.train.count && extent.rows == extent.allRows)
    // No row was left out, and the encoder is the champion's.
    #expect(abs(found.full - result.championTest.evaluation.auc.value) < 1e-12)
    #expect(found.players.allSatisfy { $0.refitStandardError == 0 })
    #expect(found.players[0].importance > 0.02)
    guard case .notAsked? = try run("logistic", ", drop_columns: 0").behaviour.dropColumn else {
      Issue.record("Fits were made that nobody asked for.")
      return
    }
  }

  @Test("The champion's rules are few, cover every applicant once, and hold its mean PD")
  func surrogates() throws {
    let result = try run("forest")
    let found = try #require(result.behaviour.surrogates)
    #expect(found.failures.isEmpty && found.rows == result.data.split.test.count)
    let tree = try #require(found.tree)
    #expect(tree.scale == .probability && (2...8).contains(tree.rules.count))
    #expect(abs(tree.rules.reduce(0) { $0 + $1.share } - 1) < 1e-12)
    let scored = result.championTest.scored
    let mean = scored.reduce(0) { $0 + $1.probability } / Double(scored.count)
    #expect(abs(tree.rules.reduce(0) { $0 + $1.share * $1.modelMean } - mean) < 1e-9)
    #expect(tree.agreement.cutOff == result.championModel.cutOff)
    #expect(found.scorecard?.scale == .logOdds)
    let local = try #require(found.local)
    #expect(local.applicants == min(200, scored.count))
    #expect(local.least <= local.lowTenth && local.lowTenth <= local.median)
    #expect((local.shareBelow > 0) == (local.least < local.limit))
  }

  @Test("Models of permuted outcomes stand in the scorecard, with how many were fitted")
  func permutedOutcomes() throws {
    let result = try run("logistic")
    let row = try #require(result.scorecard.rows.first { $0.check == .labelRandomisation })
    #expect(row.value != nil && row.count == 30)
    #expect(result.labelRefits.fits == 4)
    #expect(result.labelRefits.rows == result.data.split.train.count)
  }

  @Test(
    "The disputed decision is the one of least rank correlation among those compared",
    arguments: [
      ("logistic", ContributionMethod.conditional), ("forest", ContributionMethod.pathDependent),
    ])
  func disagreement(champion: String, second: ContributionMethod) throws {
    let result = try run(champion)
    let chosen = try #require(result.decisions.last)
    #expect(chosen.choice == .methodsDisagree)
    #expect(Set(result.decisions.map(\.row)).count == result.decisions.count)
    #expect(result.decisions.dropLast().allSatisfy { $0.disagreement == nil })
    let found = try #require(chosen.disagreement)
    // By hand over the same candidates.
    let taken = Set(result.decisions.dropLast().map { $0.row - 1 })
    let test = result.championTest.scored.enumerated().sorted {
      ($0.element.probability, $0.offset) < ($1.element.probability, $1.offset)
    }
    func rows(_ decision: Decision) -> [Int] {
      test.filter { $0.element.decision == decision }
        .map { result.data.split.test[$0.offset] }.filter { !taken.contains($0) }
    }
    let refused = rows(.refuse)
    let kept = min(refused.count, 40)
    let candidates =
      (0..<kept).map { refused[$0 * refused.count / kept] } + rows(.approve).suffix(20)
    #expect(found.compared == candidates.count)
    #expect(candidates.contains(chosen.row - 1))
    let explainer = try ApplicantExplainer(result.championModel, threads: 2)
    let table = result.data.table.selecting(rows: candidates)
    let ranks = try zip(
      explainer.contributions(of: table, by: .shapley, against: .approved),
      explainer.contributions(of: table, by: second, against: .approved)
    ).map { try MethodAgreement.between($0, $1).rankCorrelation ?? 1 }
    let own = try #require(found.agreement.rankCorrelation)
    #expect(own < 1 && abs(own - (ranks.min() ?? 2)) < 1e-12)
  }
}
