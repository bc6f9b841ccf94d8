import CandorBundle
import CandorData
import CandorEvaluation
import CandorIntegrity
import CandorModels
import CandorNumerics
import CandorScoring
import CandorStudy
import Foundation
import Testing

@Suite("What is learnt where")
struct LeakageTests {
  private let options = RunOptions(threads: 2)

  @Test("Other outcomes in the test part change no model, calibrator, cut-off or reference row")
  func testPartTeachesNothing() throws {
    let plain = StudyFixture()
    var flipped = StudyFixture()
    flipped.outcome = { row, isBad in row >= 300 ? row % 2 == 0 : isBad }
    let first = try plain.load(StudyFixture.byTime)
    let second = try flipped.load(StudyFixture.byTime)
    #expect(first.data.split.test == Array(300..<400))
    #expect(first.data.labels != second.data.labels)
    for family in ["logistic", "forest"] {
      let a = try StudyRun.train(
        family: family, study: first.study, data: first.data, options: options)
      let b = try StudyRun.train(
        family: family, study: second.study, data: second.data, options: options)
      #expect(a.scorer.archive == b.scorer.archive)
      #expect(a.encoder == b.encoder)
      #expect(a.calibrator == b.calibrator)
      #expect(a.cutOff == b.cutOff)
      #expect(a.references == b.references)
    }
    let one = try StudyRun.run(first.study, data: first.data, options: options)
    let two = try StudyRun.run(second.study, data: second.data, options: options)
    #expect(one.champion == two.champion)
    #expect(one.championTest.evaluation.auc != two.championTest.evaluation.auc)
  }

  @Test("Other values in the test part change no encoder, model, calibrator, cut-off or reference")
  func testValuesTeachNothing() throws {
    var moved = StudyFixture()
    moved.income = { row, income in row >= 300 ? income * 50 + 7 : income }
    moved.grade = { row, grade in row >= 300 ? "new" : grade }
    let first = try StudyFixture().load(StudyFixture.byTime)
    let second = try moved.load(StudyFixture.byTime)
    #expect(first.data.split == second.data.split)
    for family in ["logistic", "forest"] {
      let a = try StudyRun.train(
        family: family, study: first.study, data: first.data, options: options)
      let b = try StudyRun.train(
        family: family, study: second.study, data: second.data, options: options)
      let isSameEncoder = a.encoder == b.encoder
      let isSameScorer = a.scorer.archive == b.scorer.archive
      #expect(isSameEncoder && isSameScorer)
      #expect(a.calibrator == b.calibrator)
      #expect(a.cutOff == b.cutOff)
      #expect(a.references.map(\.hash) == b.references.map(\.hash))
    }
  }

  @Test("Reference rows are training rows, approved out of fold")
  func referencesAreTrainingRows() throws {
    let (study, data) = try StudyFixture().load(StudyFixture.byTime)
    let model = try StudyRun.train(family: "forest", study: study, data: data, options: options)
    let reference = try #require(model.reference(named: "near-cutoff-approved"))
    #expect(reference.table.rowCount > 0)
    #expect(reference.table.names == ["income", "debt", "grade"])
    func rows(_ table: Table) -> Set<String> {
      Set(
        (0..<table.rowCount).map { row in
          table.columns.map { $0.text(row) ?? "" }.joined(separator: "|")
        })
    }
    let training = rows(
      data.table.selecting(columns: ["income", "debt", "grade"])
        .selecting(rows: data.split.train))
    #expect(rows(reference.table).isSubset(of: training))
    #expect(reference.hash == TableHash.value(of: reference.table).description)
  }

  @Test("A split by group keeps every customer in one part and in one fold")
  func groupsStayTogether() throws {
    let text = StudyFixture.byTime.replacingOccurrences(
      of: "split: {kind: time, column: year, from: 2004}",
      with: "split: {kind: group, column: customer, test: 0.25}")
    let (study, data) = try StudyFixture().load(text)
    let customers = try data.table.requiredColumn("customer")
    func names(_ rows: [Int]) -> Set<String> { Set(rows.compactMap { customers.text($0) }) }
    #expect(names(data.split.train).isDisjoint(with: names(data.split.test)))
    let folds = try OutOfFoldSplits.make(study, data: data)
    #expect(folds.count == study.folds)
    for fold in folds {
      let train = names(fold.train.map { data.split.train[$0] })
      let held = names(fold.test.map { data.split.train[$0] })
      #expect(train.isDisjoint(with: held))
      #expect(!held.isEmpty)
    }
  }

  @Test("Whole weights and repeated rows give one logistic regression")
  func weightsAreRepeats() throws {
    let weight: (Int) -> Int = { 1 + $0 % 3 }
    var weighted = StudyFixture()
    weighted.weight = weight
    var repeated = StudyFixture()
    repeated.repeats = weight
    let text = StudyFixture.byTime.replacingOccurrences(
      of: "w: {role: ignored}", with: "w: {role: weight}")
    let a = try weighted.load(text)
    let b = try repeated.load(StudyFixture.byTime)
    #expect(a.data.weights?.prefix(4) == [1, 2, 3, 1])
    let first = try StudyRun.train(
      family: "logistic", study: a.study, data: a.data, options: options)
    let second = try StudyRun.train(
      family: "logistic", study: b.study, data: b.data, options: options)
    let x = try #require(first.scorer as? LogisticRegression)
    let y = try #require(second.scorer as? LogisticRegression)
    for (left, right) in zip(x.coefficients + [x.intercept], y.coefficients + [y.intercept]) {
      #expect(abs(left - right) < 1e-6)
    }
    #expect(first.references.allSatisfy { $0.description.contains("whatever its weight") })
  }

  @Test("Equal seeds give equal bundles at one thread and at two; other seeds give others")
  func threadsAndSeeds() throws {
    let (study, data) = try StudyFixture().load(StudyFixture.byTime)
    func bytes(_ study: Study, _ threads: Int) throws -> [UInt8] {
      try BundleWriter.bytes(
        of: StudyRun.train(
          family: "forest", study: study, data: data, options: RunOptions(threads: threads)))
    }
    let one = try bytes(study, 1)
    let isSameAtTwo = try one == bytes(study, 2)
    #expect(isSameAtTwo)
    var other = study
    other.seed += 1
    let isSameWithOtherSeed = try one == bytes(other, 2)
    #expect(!isSameWithOtherSeed)
  }
}
