import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Anchors")
struct AnchorTests {
  private let map = FeatureMap(
    sources: [
      .init(name: "amount", columns: 0..<1), .init(name: "housing", columns: 1..<4),
      .init(name: "age", columns: 4..<5), .init(name: "noise", columns: 5..<6),
    ],
    columnNames: ["amount", "housing=own", "housing=rent", "housing=free", "age", "noise"])
  private let table: Table
  private let background: Background

  init() throws {
    var generator = SeedTree(seed: 1).child("anchors").generator()
    var columns: [[Double]] = [[], [], []]
    var housing: [String?] = []
    for _ in 0..<800 {
      columns[0].append((generator.nextUniform() * 10_000).rounded())
      columns[1].append(20 + (generator.nextUniform() * 50).rounded())
      columns[2].append(generator.nextNormal())
      housing.append(["own", "rent", "free"][generator.nextInteger(below: 3)])
    }
    table = try Table(columns: [
      Column(name: "amount", numbers: columns[0]), Column(name: "housing", texts: housing),
      Column(name: "age", numbers: columns[1]), Column(name: "noise", numbers: columns[2]),
    ])
    // Encoded columns are scaled: rules must not speak of them.
    var rows: [[Double]] = []
    for r in 0..<800 {
      let amount = (columns[0][r] - 5_000) / 2_900
      let age = (columns[1][r] - 45) / 15
      let levels: [Double] = ["own", "rent", "free"].map { $0 == housing[r] ? 1 : 0 }
      rows.append([amount] + levels + [age, columns[2][r]])
    }
    background = try Background(name: "training", rows: Fixtures.rows(rows))
  }

  private func model(_ score: @escaping @Sendable ([Double]) -> Double) throws -> ExplainedModel {
    try ExplainedModel(
      scorer: MinimalScorer(inputWidth: 6, score), calibrator: .identity, featureMap: map,
      scale: .margin)
  }

  private func find(
    _ row: Int, _ model: ExplainedModel, options: AnchorOptions = .init(), seed: UInt64 = 1,
    threads: Int = 1
  ) throws -> Anchor {
    try Anchor.find(
      for: Array(background.rows.matrix.row(row)),
      applicantSource: try SourceValues(table: table.selecting(rows: [row]), featureMap: map),
      model: model, cutOff: 0.5, background: background,
      backgroundSource: try SourceValues(table: table, featureMap: map), options: options,
      seeds: SeedTree(seed: seed), threads: threads)
  }

  /// Refused: renters with an amount above that at the scaled zero, 5,000.
  private let twoConditions: @Sendable ([Double]) -> Double = { x in
    x[0] > 0 && x[2] == 1 ? 1 : 0
  }

  @Test("The rule of a rule-based score is found in raw units")
  func rule() throws {
    let amounts = try #require(table.columns[0].numbers)
    let refused = try #require(
      (0..<800).first { table.columns[1].text($0) == "rent" && amounts[$0] > 8_000 })
    let found = try find(refused, try model(twoConditions))
    #expect(found.isRefusal && found.isReached && found.warnings.isEmpty)
    #expect(found.conditions.map(\.source) == ["amount", "housing"])
    #expect(found.conditions[1].text == "housing = rent")
    // The median of the sample is the cut nearest to 5,000.
    let cut = try #require(found.conditions[0].above)
    #expect(cut == Quantiles.value(of: amounts, at: 0.5))
    #expect(found.conditions[0].text == "amount > \(shortText(cut))")
    let holds = (0..<800).count { amounts[$0] > cut && table.columns[1].text($0) == "rent" }
    #expect(agree(found.coverage.value, Double(holds) / 800, within: 1e-12))
    #expect(found.coverage.lower < found.coverage.value)
    // An owner is approved whatever else: one condition, the widest.
    let owner = try #require((0..<800).first { table.columns[1].text($0) == "own" })
    let approved = try find(owner, try model(twoConditions))
    #expect(!approved.isRefusal && approved.isReached)
    #expect(approved.conditions.count == 1)
  }

  @Test("The measured precision holds on fresh draws, over many seeds and applicants")
  func precision() throws {
    // Borders that no cut hits, interactions, and noise near the border.
    let model = try model { x in
      let sum = 1.3 * x[0] + 0.9 * x[2] - 0.7 * x[4] + 0.25 * x[5] + x[0] * x[4] * 0.4
      return sum > 0.3 ? 1 : 0
    }
    var reached = 0
    var below = 0
    var covered = 0
    for seed in 0..<40 {
      let found = try find(seed * 3, model, seed: UInt64(seed))
      guard found.isReached else { continue }
      reached += 1
      // The truth by an independent, large draw of the same rule.
      let again = try find(
        seed * 3, model, options: .init(freshRows: 40_000), seed: UInt64(seed))
      #expect(again.conditions == found.conditions)
      if again.precision.value < 0.95 { below += 1 }
      if found.precision.lower <= again.precision.value,
        again.precision.value <= found.precision.upper
      {
        covered += 1
      }
    }
    #expect(reached >= 20)
    // A rule's precision is promised with confidence 0.95.
    #expect(below <= 2, "\(below) of \(reached)")
    #expect(Double(covered) / Double(reached) > 0.85, "\(covered) of \(reached)")
  }

  @Test("A decision that falls everywhere needs no condition; one that hangs on chance has none")
  func ends() throws {
    let always = try find(3, try model { _ in 1 })
    #expect(always.conditions.isEmpty && always.text == "always" && always.isReached)
    #expect(always.coverage.value == 1)
    // The sign of a fine grid of the noise: no interval of quantiles holds it.
    let chance = try find(
      5,
      try model { x in (x[5] * 1_000).rounded().truncatingRemainder(dividingBy: 2) == 0 ? 1 : 0 },
      options: .init(mostConditions: 2, mostRows: 10_000))
    #expect(!chance.isReached && chance.warnings.count == 1)
  }

  @Test("Threads do not change an answer; equal seeds give equal ones")
  func determinism() throws {
    let model = try model(twoConditions)
    let one = try find(11, model)
    #expect(try find(11, model, threads: 2) == one)
    #expect(try find(11, model) == one)
  }

  @Test("Missing values and unknown levels are conditions or none")
  func missing() throws {
    let map = FeatureMap(
      sources: [.init(name: "a", columns: 0..<1), .init(name: "b", columns: 1..<2)],
      columnNames: ["a", "b"], levelCounts: [1: 2])
    var generator = SeedTree(seed: 2).generator()
    let rows = (0..<300).map { _ in
      [
        generator.nextInteger(below: 3) == 0 ? Double.nan : generator.nextNormal(),
        Double(generator.nextInteger(below: 2)),
      ]
    }
    let scorer = MissingScorer()
    let model = try ExplainedModel(
      scorer: scorer, calibrator: .identity, featureMap: map, scale: .margin)
    let found = try Anchor.find(
      for: [.nan, 1], model: model, cutOff: 0.5,
      background: try Background(name: "b", rows: Fixtures.rows(rows)), seeds: SeedTree(seed: 1))
    #expect(found.text == "a is missing")
    #expect(found.precision.value == 1)
  }

  private struct MissingScorer: Scorer {
    let inputWidth = 2
    let marginScale = MarginScale.logOdds
    let acceptsMissing = true
    func margins(
      of rows: EncodedRows, into output: inout MutableSpan<Double>
    ) throws(ScoringError) {
      try checkInput(rows, places: output.count)
      for r in 0..<rows.count { output[r] = rows.matrix[r, 0].isNaN ? 1 : 0 }
    }
  }
}
