import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Surrogates of a portfolio")
struct PortfolioSurrogateTests {
  private let map = Fixtures.singles(6)
  private let background: Background
  private let players: Players

  init() throws {
    background = try Background(name: "b", rows: Fixtures.normal(300, 6, seed: 1))
    players = try Players(featureMap: map)
  }

  private func model(_ function: @escaping @Sendable ([Double]) -> Double) throws -> ExplainedModel
  {
    try ExplainedModel(
      scorer: MinimalScorer(inputWidth: 6, function), calibrator: .identity, featureMap: map,
      scale: .margin)
  }

  private func options(
    _ design: PortfolioSurrogateOptions.Design, rows: Int = 1_000, ridge: Double = 0,
    fit: SurrogateFit = .all
  ) -> PortfolioSurrogateOptions {
    PortfolioSurrogateOptions(design: design, rows: rows, ridge: ridge, fit: fit)
  }

  private func evidence(_ explanation: Explanation) throws -> SurrogateEvidence {
    guard case .surrogate(let found) = explanation.fidelity.evidence else {
      throw ExplanationError(.numerical, "no surrogate evidence")
    }
    return found
  }

  @Test(
    "Threads, the order of applicants and who else is there change nothing",
    arguments: PortfolioSurrogateOptions.Design.allCases)
  func invariance(design: PortfolioSurrogateOptions.Design) throws {
    let rows = Fixtures.normal(70, 6, seed: 2)
    let model = try model(Fixtures.knotted)
    func explain(_ rows: EncodedRows, threads: Int) throws -> [Explanation] {
      try PortfolioSurrogate.explain(
        rows, of: model, players: players, background: background,
        options: options(design, rows: 200), seeds: SeedTree(seed: 4), threads: threads)
    }
    let one = try explain(rows, threads: 1)
    #expect(try explain(rows, threads: 3) == one)
    let turned = Array((0..<70).reversed())
    #expect(try explain(rows.selecting(rows: turned), threads: 2) == one.reversed())
    for (a, b) in zip(try explain(rows.selecting(rows: [41]), threads: 1), [one[41]]) {
      // One row and many go through other kernels of BLAS: equal to rounding.
      #expect(largestDisagreement(Fixtures.values(a), Fixtures.values(b)) < 1e-10)
    }
  }

  @Test("A score of cells is recovered exactly from the pool")
  func cells() throws {
    let cells = InterpretableCells(
      try SourceValues(encoded: background.rows, featureMap: map), bins: 4)
    guard case .cuts(let cuts) = cells.rules[2] else { throw ExplanationError(.numerical, "") }
    // 2 in the second cell of the third feature, −1 in the last of the fifth.
    guard case .cuts(let others) = cells.rules[4] else { throw ExplanationError(.numerical, "") }
    let model = try model { x in
      (x[2] > cuts[0] && x[2] <= cuts[1] ? 2 : 0) - (x[4] > others[2] ? 1 : 0)
    }
    let row = [0, 0, (cuts[0] + cuts[1]) / 2, 0, others[2] + 1, 0]
    for design in [PortfolioSurrogateOptions.Design.pool, .realRows] {
      let found = try PortfolioSurrogate.explain(
        Fixtures.rows([row]), of: model, players: players, background: background,
        options: options(design), seeds: SeedTree(seed: 1))[0]
      let share = 75.0 / 300
      let expected = [0, 0, 2 * (1 - share), 0, -(1 - share), 0]
      #expect(largestDisagreement(Fixtures.values(found), expected) < 1e-9)
      #expect(agree(try evidence(found).rSquared, 1, within: 1e-10))
      #expect(agree(Fixtures.values(found).reduce(found.baseValue, +), 1, within: 1e-9))
      #expect(found.attributions.allSatisfy { ($0.standardError ?? 1) < 1e-9 })
    }
  }

  @Test("One factorisation for all is least squares on each applicant's masks")
  func masks() throws {
    // The masks are seen by the model: a value is kept where it is the applicant's.
    let rows = Fixtures.rows([[9, 9, 9, 9, 9, 9], [8, 8, 8, 8, 8, 8]])
    let seen = LockedState<[[Double]]>([])
    let scorer = MinimalScorer(inputWidth: 6) { x in
      seen.withLock { $0.append(x) }
      return Fixtures.knotted(x)
    }
    let model = try ExplainedModel(
      scorer: scorer, calibrator: .identity, featureMap: map, scale: .margin)
    let found = try PortfolioSurrogate.explain(
      rows, of: model, players: players, background: background,
      options: options(.masks, rows: 200, ridge: 2), seeds: SeedTree(seed: 6))
    let all = seen.withLock { $0 }
    for (applicant, mark) in [9.0, 8].enumerated() {
      let own = Array(all[(2 + applicant * 200)..<(2 + (applicant + 1) * 200)])
      let width = 0.75 * 2.0.squareRoot()
      let weights = own.map { row in
        SystemExponential.of(-Double(row.count { $0 != mark }) / 6 / (width * width))
      }
      let expected = try LeastSquares.solve(
        design: Matrix(rows: 200, columns: 7) { $1 == 0 ? 1 : own[$0][$1 - 1] == mark ? 1 : 0 },
        response: own.map(Fixtures.knotted), weights: weights, ridge: 2, unpenalised: [0])
      #expect(
        largestDisagreement(
          Fixtures.values(found[applicant]), Array(expected.coefficients.dropFirst())) < 1e-9)
      #expect(
        agree(found[applicant].baseValue, expected.coefficients[0], within: 1e-9))
      #expect(
        agree(
          try evidence(found[applicant]).fittedRSquared, expected.weightedRSquared,
          within: 1e-9))
    }
  }

  @Test("Standard errors cover the answer of a very large design")
  func coverage() throws {
    let rows = Fixtures.normal(1, 6, seed: 8)
    let model = try model(Fixtures.knotted)
    func explain(_ count: Int, _ seed: UInt64) throws -> Explanation {
      try PortfolioSurrogate.explain(
        rows, of: model, players: players, background: background,
        options: options(.pool, rows: count), seeds: SeedTree(seed: seed))[0]
    }
    let truth = Fixtures.values(try explain(200_000, 77))
    var covered = 0
    for seed in 0..<100 {
      for (attribution, expected) in zip(try explain(1_000, UInt64(seed)).attributions, truth) {
        let (lower, upper) = (try #require(attribution.lower), try #require(attribution.upper))
        if lower <= expected && expected <= upper { covered += 1 }
      }
    }
    let share = Double(covered) / 600
    #expect(share > 0.91 && share < 0.985, "coverage \(share)")
  }

  @Test("The model is asked once a pool row, whatever the number of applicants")
  func cost() throws {
    let calls = LockedState(0)
    let model = try model { x in
      calls.withLock { $0 += 1 }
      return x[0]
    }
    _ = try PortfolioSurrogate.explain(
      Fixtures.normal(50, 6, seed: 3), of: model, players: players, background: background,
      options: options(.pool, rows: 500), seeds: SeedTree(seed: 1))
    #expect(calls.withLock { $0 } == 550)
  }

  @Test("A sparse fit has as many features as asked for, and R² below the floor shows none")
  func sparseAndRefused() throws {
    let rows = Fixtures.normal(3, 6, seed: 5)
    let model = try model(Fixtures.knotted)
    for fit in [SurrogateFit.forward(players: 2), .lasso(players: 2)] {
      let found = try PortfolioSurrogate.explain(
        rows, of: model, players: players, background: background,
        options: options(.pool, fit: fit), seeds: SeedTree(seed: 1))
      for one in found { #expect(one.attributions.count { $0.value != 0 } == 2) }
    }
    var strict = options(.pool)
    strict.refusalFloor = 0.999
    let refused = try PortfolioSurrogate.explain(
      rows, of: model, players: players, background: background, options: strict,
      seeds: SeedTree(seed: 1))
    #expect(refused.allSatisfy { $0.attributions.isEmpty })
    #expect(refused.allSatisfy { !$0.fidelity.warnings.isEmpty })
  }

  @Test("Level codes, missing cells, groups and dropped features have their cells")
  func shapes() throws {
    let map = FeatureMap(
      sources: [
        .init(name: "n", columns: 0..<1), .init(name: "l", columns: 1..<2),
        .init(name: "m", columns: 2..<3), .init(name: "gone", columns: 3..<3),
      ], columnNames: ["n", "l", "m"], levelCounts: [1: 3])
    var generator = SeedTree(seed: 4).generator()
    let rows = Fixtures.rows(
      (0..<200).map { _ in
        [
          generator.nextInteger(below: 4) == 0 ? .nan : generator.nextNormal(),
          Double(generator.nextInteger(below: 3)), generator.nextNormal(),
        ]
      })
    let background = try Background(name: "b", rows: rows)
    let scorer = MissingTaker { x in (x[0].isNaN ? 1.5 : 0) + (x[1] == 2 ? 1 : 0) }
    let model = try ExplainedModel(
      scorer: scorer, calibrator: .identity, featureMap: map, scale: .margin)
    let players = try Players(
      featureMap: map, groups: [.init(name: "both", members: ["n", "m"])])
    for one in [players, try Players(featureMap: map)] {
      let found = try PortfolioSurrogate.explain(
        Fixtures.rows([[.nan, 2, 0], [0, 0, 0]]), of: model, players: one,
        background: background, options: options(.pool), seeds: SeedTree(seed: 1))
      #expect(found[0].attribution(of: "l").map { $0.value > 0.3 } ?? false)
      #expect(found[0].attribution(of: "gone")?.value == 0)
      #expect(found[0].fidelity.evidence == found[0].fidelity.evidence)
    }
  }

  @Test("Options out of range are refused with their value")
  func options() throws {
    let wrong: [PortfolioSurrogateOptions] = [
      .init(rows: 10), .init(parts: 1), .init(bins: 1), .init(kernelWidth: 0), .init(ridge: -1),
      .init(fit: .forward(players: 0)), .init(top: 0), .init(rows: 100, parts: 20),
    ]
    for options in wrong {
      #expect(throws: ExplanationError.self) { try options.validated() }
    }
  }
}

/// A scorer that takes missing cells.
private struct MissingTaker: Scorer {
  let inputWidth = 3
  let marginScale = MarginScale.logOdds
  let acceptsMissing = true
  let function: @Sendable ([Double]) -> Double

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count { output[r] = function(Array(rows.matrix.row(r))) }
  }
}
