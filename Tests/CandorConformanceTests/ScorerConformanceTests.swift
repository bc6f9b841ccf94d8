import CandorConformance
import CandorData
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

/// Thirty rows of three standard normal columns.
let typicalRows: EncodedRows = {
  var generator = SeedTree(seed: 5).generator()
  return EncodedRows(Matrix(rows: 30, columns: 3) { _, _ in generator.nextNormal() })
}()

/// A scorer, and the check that must find its fault.
struct BrokenCase: Sendable, CustomTestStringConvertible {
  let fault: String
  let check: String
  let scorer: any Scorer
  var testDescription: String { fault }

  init(_ fault: String, found check: String, _ scorer: any Scorer) {
    self.fault = fault
    self.check = check
    self.scorer = scorer
  }
}

private func scorer(
  scale: MarginScale = .distance,
  _ batch: @escaping @Sendable (EncodedRows, Int) throws(ScoringError) -> [Double]
) -> BatchScorer {
  BatchScorer(marginScale: scale, batch: batch)
}

private func ensemble(_ change: (inout TreeEnsemble) -> Void) -> StumpScorer {
  var scorer = StumpScorer()
  change(&scorer.shown)
  return scorer
}

extension StumpScorer {
  var ensemble: TreeEnsemble { shown }
}

private let calls = LockedState(0)

let brokenCases: [BrokenCase] = [
  BrokenCase(
    "scores rows of any width", found: "rows of another width are refused",
    scorer { rows, places throws(ScoringError) in
      for value in rows.matrix.values where !value.isFinite {
        throw ScoringError(.notFinite, "There is \(value).")
      }
      return (0..<rows.count).map { BatchScorer.sum(rows, $0) }
    }),
  BrokenCase(
    "scores a NaN", found: "values that are not finite are refused",
    scorer { rows, places throws(ScoringError) in
      guard rows.width == 3, places == rows.count else {
        throw ScoringError(.widthMismatch, "Three columns are needed.")
      }
      return (0..<rows.count).map { BatchScorer.sum(rows, $0) }
    }),
  BrokenCase(
    "leaves its scale", found: "margins are finite and on their scale",
    scorer(scale: .probability) { rows, places throws(ScoringError) in
      try BatchScorer.check(rows, places: places)
      return (0..<rows.count).map { BatchScorer.sum(rows, $0) }
    }),
  BrokenCase(
    "gives infinite margins", found: "margins are finite and on their scale",
    scorer { rows, places throws(ScoringError) in
      try BatchScorer.check(rows, places: places)
      return rows.matrix.column(0).map { 1 / ($0 * 0) }
    }),
  BrokenCase(
    "refuses an empty batch", found: "an empty batch gives no margins",
    scorer { rows, places throws(ScoringError) in
      try BatchScorer.check(rows, places: places)
      guard rows.count > 0 else { throw ScoringError(.unsupported, "There is no row.") }
      return (0..<rows.count).map { BatchScorer.sum(rows, $0) }
    }),
  BrokenCase(
    "rounds otherwise in a batch", found: "a batch gives the bits of its rows alone",
    scorer { rows, places throws(ScoringError) in
      try BatchScorer.check(rows, places: places)
      return (0..<rows.count).map {
        let sum = BatchScorer.sum(rows, $0)
        return rows.count == 1 ? sum.nextUp : sum
      }
    }),
  BrokenCase(
    "scores the last row of an odd place otherwise", found: "the order of the rows changes no bit",
    scorer { rows, places throws(ScoringError) in
      try BatchScorer.check(rows, places: places)
      return (0..<rows.count).map {
        let sum = BatchScorer.sum(rows, $0)
        return $0 == 29 ? sum.nextUp : sum
      }
    }),
  BrokenCase(
    "scores compact rows otherwise", found: "dense and compact rows give equal bits",
    scorer { rows, places throws(ScoringError) in
      try BatchScorer.check(rows, places: places)
      let isCompact = if case .compact = rows.storage { true } else { false }
      return (0..<rows.count).map {
        let sum = BatchScorer.sum(rows.dense, $0)
        return isCompact && $0 == 3 ? sum.nextUp : sum
      }
    }),
  BrokenCase(
    "takes missing cells and gives them no margin",
    found: "values that are not finite are refused", CarelessMissingScorer()),
  BrokenCase(
    "remembers earlier calls", found: "repeated and simultaneous calls give equal bits",
    scorer { rows, places throws(ScoringError) in
      try BatchScorer.check(rows, places: places)
      let call = calls.withLock {
        $0 += 1
        return $0
      }
      return (0..<rows.count).map { BatchScorer.sum(rows, $0) + Double(call) }
    }),
  BrokenCase(
    "loses bits in the file", found: "a saved and loaded scorer gives equal bits",
    SavedScorer(loses: 1e-12)),
  BrokenCase(
    "reads a NaN", found: "damaged archives are refused without a crash",
    SavedScorer(accepts: true)),
  BrokenCase(
    "has a gradient of half the size", found: "gradients agree with central differences",
    DisagreeingLinearScorer(gradientFactor: 0.5)),
  BrokenCase(
    "shows another bias than it uses", found: "a plain walk through the layers gives the margin",
    ShownLayersScorer(bias: 0.26)),
  BrokenCase(
    "has terms that do not sum", found: "terms sum to the margin, each from its own column",
    DisagreeingLinearScorer(constantTerm: 0.3)),
  BrokenCase(
    "has a term that depends on another column",
    found: "terms sum to the margin, each from its own column",
    DisagreeingLinearScorer(termLeak: 0.1)),
  BrokenCase(
    "shows another coefficient", found: "coefficients reproduce margin and gradient",
    DisagreeingLinearScorer(coefficients: [0.5, -1, 2.1])),
  BrokenCase(
    "shows another intercept", found: "coefficients reproduce margin and gradient",
    DisagreeingLinearScorer(intercept: 0.3)),
  BrokenCase(
    "has covers that do not add up", found: "trees are complete and their covers add up",
    ensemble { $0.trees[1].cover[1] = 4 }),
  BrokenCase(
    "has an inner value that is not the mean",
    found: "trees are complete and their covers add up", ensemble { $0.trees[0].value[0] = 0 }),
  BrokenCase(
    "has a child out of range", found: "trees are complete and their covers add up",
    ensemble { $0.trees[0].right[0] = 7 }),
  BrokenCase(
    "has a node that is its own child", found: "trees are complete and their covers add up",
    ensemble { $0.trees[0].left[0] = 0 }),
  BrokenCase(
    "tests a column that is not there", found: "trees are complete and their covers add up",
    ensemble { $0.trees[0].feature[0] = 3 }),
  BrokenCase(
    "has another leaf than it scores by", found: "a plain walk over the trees gives the margin",
    ensemble { $0.trees[1].value[2] = 1.5 }),
  BrokenCase(
    "has another comparison than it scores by",
    found: "a plain walk over the trees gives the margin",
    ensemble { $0.trees[0].threshold[0] = 0.2 }),
  BrokenCase(
    "has out-of-bag rows that do not rise", found: "out-of-bag rows are one rising list a tree",
    StumpScorer(outOfBagRows: [[4, 0], [2]])),
  BrokenCase(
    "has too few lists of out-of-bag rows", found: "out-of-bag rows are one rising list a tree",
    StumpScorer(outOfBagRows: [[0]])),
]

@Suite("Conformance of scorers")
struct ScorerConformanceTests {
  @Test("Scorers that keep their promises have no violation")
  func soundScorers() {
    let sound: [any Scorer] = [
      AffineScorer(coefficients: [0.5, -1, 2], intercept: 0.25),
      MinimalScorer(inputWidth: 3) { $0.reduce(0, +) },
      DisagreeingLinearScorer(), StumpScorer(), SavedScorer(), ShownLayersScorer(bias: 0.25),
    ]
    for scorer in sound {
      #expect(ScorerConformance.check(scorer, rows: typicalRows).isEmpty)
    }
  }

  @Test("Each fault is found by the check that names it", arguments: brokenCases)
  func faultIsFound(broken: BrokenCase) {
    let violations = ScorerConformance.check(broken.scorer, rows: typicalRows)
    #expect(violations.contains { $0.check == broken.check }, "\(violations)")
  }

  @Test("Every check finds at least one of the faults")
  func everyCheckIsTried() {
    let tried = Set(brokenCases.map(\.check))
    for check in ScorerConformance.checks { #expect(tried.contains(check.name), "\(check.name)") }
  }

  @Test("Names of checks are unique")
  func namesAreUnique() {
    let names = ScorerConformance.checks.map(\.name) + LearnerConformance.checks.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test("Rows that do not suit the scorer are reported as such")
  func unsuitableRows() {
    let scorer = AffineScorer(coefficients: [1, 2], intercept: 0)
    let found = ScorerConformance.check(scorer, rows: typicalRows)
    #expect(found.map(\.check) == ["the suite's own input"])
  }
}
