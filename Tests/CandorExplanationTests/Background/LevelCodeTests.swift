import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

/// Trees by hand over a number that may be missing (column 0), level codes (column 1) and a number
/// (column 2), as a forest scores them.
private struct NativeTrees: Scorer {
  var inputWidth: Int { 3 }
  var marginScale: MarginScale { .logOdds }
  var acceptsMissing: Bool { true }

  /// The effects of the number's side (right where missing) and of each level (0 where missing).
  static let levels = [0.9, -0.4, 1.7, -1.1]

  static func margin(_ row: [Double]) -> Double {
    let number = row[0].isNaN ? 0.75 : row[0] > 0 ? 0.5 : -0.5
    let level = row[1].isNaN ? 0 : levels[Int(row[1])]
    return number + level + (row[2] > 0 ? 0.3 : 0)
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    let matrix = rows.matrix
    for r in 0..<rows.count { output[r] = Self.margin(Array(matrix.row(r))) }
  }
}

@Suite("Explanations of level codes and missing cells")
struct LevelCodeTests {
  private let map = FeatureMap(
    sources: [
      .init(name: "income", columns: 0..<1), .init(name: "housing", columns: 1..<2),
      .init(name: "age", columns: 2..<3),
    ], columnNames: ["income", "housing", "age"], levelCounts: [1: 4])

  private func rows(_ count: Int, seed: UInt64) -> EncodedRows {
    var generator = SeedTree(seed: seed).child("native").generator()
    return Fixtures.rows(
      (0..<count).map { _ in
        let level = generator.nextInteger(below: 5)
        let number = generator.nextNormal()
        return [
          generator.nextInteger(below: 10) == 0 ? .nan : number,
          level == 4 ? .nan : Double(level), generator.nextNormal(),
        ]
      })
  }

  private func model() throws -> ExplainedModel {
    try ExplainedModel(
      scorer: NativeTrees(), calibrator: .identity, featureMap: map, scale: .logOdds)
  }

  @Test("A background takes missing cells under one hash whatever the bits of a NaN, not infinity")
  func background() throws {
    let plain = try Background(name: "b", rows: Fixtures.rows([[.nan, 1, 2]]))
    let payload = Double(nan: 7, signaling: false)
    #expect(try Background(name: "b", rows: Fixtures.rows([[payload, 1, 2]])).hash == plain.hash)
    #expect(throws: ExplanationError.self) {
      try Background(name: "b", rows: Fixtures.rows([[.infinity, 1, 2]]))
    }
    #expect(throws: ExplanationError.self) { try GradientBaseline(meanOf: plain) }
  }

  @Test("Shapley values of an additive score are each feature's own difference, missing or not")
  func shapley() throws {
    let background = try Background(name: "b", rows: rows(60, seed: 1))
    let players = try Players(featureMap: map)
    let applicants = rows(12, seed: 2)
    let base = Fixtures.arrays(background.rows)
    let found = try EnumeratedShapley.explain(
      applicants, of: NativeTrees(), quantity: Fixtures.margin, players: players,
      background: background)
    let sampled = try SampledShapley.explain(
      applicants, of: NativeTrees(), quantity: Fixtures.margin, players: players,
      background: background, seeds: SeedTree(seed: 3))
    for (r, row) in Fixtures.arrays(applicants).enumerated() {
      for column in 0..<3 {
        let differences = base.map { other in
          var moved = row
          moved[column] = other[column]
          return NativeTrees.margin(row) - NativeTrees.margin(moved)
        }
        let expected = Moments.mean(differences)
        #expect(agree(found[r].attributions[column].value, expected, within: 1e-12))
        #expect(agree(sampled[r].attributions[column].value, expected, within: 1e-12))
      }
    }
  }

  @Test(
    "Surrogates see levels and missing cells apart: an additive score of them is fitted exactly")
  func surrogates() throws {
    // Without age and with income constant beside its missing cells, the score is additive in levels
    // and absences.
    let values = Fixtures.arrays(rows(400, seed: 4)).map { row in
      [row[0].isNaN ? Double.nan : 1, row[1], 1]
    }
    let background = try Background(name: "b", rows: Fixtures.rows(values))
    let players = try Players(featureMap: map)
    let local = try LocalSurrogate.explain(
      Fixtures.rows(Array(values[0..<6])), of: NativeTrees(), quantity: Fixtures.margin,
      players: players, background: background, seeds: SeedTree(seed: 5))
    for (r, explanation) in local.enumerated() {
      guard case .surrogate(let evidence) = explanation.fidelity.evidence else {
        Issue.record("no surrogate evidence")
        return
      }
      // Income, its missing cells, four levels, their missing cells, age, the intercept.
      #expect(evidence.columns == 9)
      #expect(agree(evidence.rSquared, 1, within: 1e-9))
      for column in 0..<2 {
        let expected = Moments.mean(
          values.map { other in
            var moved = values[r]
            moved[column] = other[column]
            return NativeTrees.margin(values[r]) - NativeTrees.margin(moved)
          })
        #expect(agree(explanation.attributions[column].value, expected, within: 1e-9))
      }
    }
    let fit = try GlobalSurrogate.fit(to: try model(), players: players, sample: background)
    #expect(
      fit.coefficients.map(\.column) == [
        "income", "income (missing)", "housing (level 1)", "housing (level 2)",
        "housing (level 3)", "housing (level 4)", "housing (missing)", "age",
      ])
    guard case .surrogate(let evidence) = fit.fidelity.evidence else {
      Issue.record("Not the kind that was looked for.")
      return
    }
    #expect(agree(evidence.rSquared, 1, within: 1e-9))
    let housing = values.map { $0[1].isNaN ? 0 : NativeTrees.levels[Int($0[1])] }
    #expect(
      agree(
        fit.contributions[1].standardDeviation, background.standardDeviation(of: housing),
        within: 1e-9))
  }

  @Test("Importance, deletion and verification take codes and missing cells")
  func others() throws {
    let sample = rows(200, seed: 6)
    let targets = Fixtures.arrays(sample).map { NativeTrees.margin($0) > 0.6 ? 1.0 : 0 }
    let players = try Players(featureMap: map)
    let importance = try PermutationImportance.measure(
      try model(), on: .init(name: "s", rows: sample, targets: targets), players: players,
      seeds: SeedTree(seed: 7))
    #expect(importance.players.first?.source == "housing")
    let background = try Background(name: "b", rows: rows(50, seed: 8))
    let applicant = [Double.nan, 2, 1]
    let explanation = try EnumeratedShapley.explain(
      EncodedRows(row: applicant), of: NativeTrees(), quantity: Fixtures.margin, players: players,
      background: background)[0]
    let onMargin = try model().on(.margin)
    let deletion = try Deletion.test(
      explanation, applicant: applicant, model: onMargin, players: players, background: background)
    #expect(deletion.advantage > 0)
    let verified = try ReasonVerification.verify(
      reasons: ["housing", "income"], applicant: applicant, model: onMargin, players: players,
      reference: background, refusedFrom: 1)
    #expect(verified.flips)
  }
}
