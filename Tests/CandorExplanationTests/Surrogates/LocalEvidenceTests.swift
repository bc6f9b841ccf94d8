import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

/// The exponential of the C library.
enum SystemExponential {
  static func of(_ x: Double) -> Double { exp(x) }
}

@Suite("Evidence of a local surrogate")
struct LocalEvidenceTests {
  private let map = Fixtures.singles(6)
  private let background: Background
  private let players: Players

  init() throws {
    background = try Background(name: "b", rows: Fixtures.normal(200, 6, seed: 1))
    players = try Players(featureMap: map)
  }

  private func explain(
    _ function: @escaping @Sendable ([Double]) -> Double, _ options: LocalSurrogateOptions,
    row: EncodedRows? = nil, seed: UInt64 = 1
  ) throws -> (explanation: Explanation, evidence: SurrogateEvidence, locality: SurrogateLocality) {
    let found = try LocalSurrogate.explain(
      row ?? Fixtures.normal(1, 6, seed: 7), of: MinimalScorer(inputWidth: 6, function),
      quantity: Fixtures.margin, players: players, background: background, options: options,
      seeds: SeedTree(seed: seed))[0]
    guard case .surrogate(let evidence) = found.fidelity.evidence else {
      throw ExplanationError(.numerical, "no surrogate evidence")
    }
    return (found, evidence, try #require(evidence.locality))
  }

  @Test("A linear score is linear at every distance, in every kind of draw and fit")
  func linear() throws {
    let truth: [Double] = [2, -1, 0.5, 0, 0, 0]
    for draws in SurrogateDraws.allCases {
      for fit in [SurrogateFit.all, .forward(players: 3), .lasso(players: 3)] {
        let found = try explain(
          { x in zip(truth, x).reduce(1) { $0 + $1.0 * $1.1 } }, .init(draws: draws, fit: fit))
        #expect(agree(found.evidence.rSquared, 1, within: 1e-9))
        #expect(found.locality.fidelityDistance == nil)
        #expect(found.locality.shells.allSatisfy { ($0.rSquared ?? 1) > 1 - 1e-9 })
        #expect(found.locality.coefficientStability == 1)
        #expect(found.evidence.topOverlap == 1)
        let row = Array(Fixtures.normal(1, 6, seed: 7).matrix.row(0))
        let means = background.meanRow
        let expected = (0..<6).map { truth[$0] * (row[$0] - means[$0]) }
        #expect(largestDisagreement(Fixtures.values(found.explanation), expected) < 1e-9)
      }
    }
  }

  @Test("A score that bends away from the applicant loses fidelity with distance")
  func bending() throws {
    // Linear where at most two of six values moved, another sign beyond.
    let row = [5.0, 5, 5, 5, 5, 5]
    let found = try explain(
      { x in
        let moved = x.count { $0 < 4.5 }
        let sum = x.reduce(0, +)
        return moved <= 2 ? sum : 60 - sum
      }, .init(rows: 1_000, kernelWidth: 0.2), row: Fixtures.rows([row]))
    let distance = try #require(found.locality.fidelityDistance)
    #expect(distance > 2.0 / 6 - 1e-9 && distance < 0.7)
    #expect((found.locality.shells.first?.rSquared ?? 0) > 0.6)
    #expect(found.locality.shells.reduce(0) { $0 + $1.rows } <= 10_000)
    let shares = found.locality.shells.flatMap { [$0.from, $0.through] }
    #expect(shares == shares.sorted())
  }

  @Test("The kernel's width is the widest as good as the best, and narrow where the score bends")
  func widths() throws {
    let widths = [0.2, 0.4, 0.8, 3]
    let straight = try explain({ $0[0] + $0[1] }, .init(kernelWidths: widths))
    #expect(straight.locality.kernelWidth == 3)
    #expect(straight.locality.widths.map(\.width) == widths)
    let row = Fixtures.rows([[5, 5, 5, 5, 5, 5]])
    let bent = try explain(
      { x in
        let sum = x.reduce(0, +)
        return x.count { $0 < 4.5 } <= 2 ? sum : 60 - sum
      }, .init(rows: 1_000, kernelWidths: widths), row: row)
    #expect(bent.locality.kernelWidth < 3)
    #expect(bent.locality.effectiveRows < straight.locality.effectiveRows)
    let best = bent.locality.widths.map(\.rSquared).max() ?? 0
    #expect(bent.evidence.rSquared > best - 0.1)
  }

  @Test("The intervals of single designs cover, so that the stability index has a meaning")
  func sandwich() throws {
    // Overlap of two independent 95% intervals of one quantity is all but certain: 0.994 for normal
    // errors of equal size.
    var total = 0.0
    for seed in 0..<5 {
      total += try #require(
        try explain(Fixtures.knotted, .init(rows: 400), seed: UInt64(seed)).locality
          .coefficientStability)
    }
    #expect(total / 5 > 0.96 && total / 5 <= 1, "\(total / 5)")
  }

  @Test("Few rows on a knotted score are less stable than many")
  func stability() throws {
    let few = try explain(Fixtures.knotted, .init(rows: 50, top: 2)).evidence.topOverlap
    let many = try explain(Fixtures.knotted, .init(rows: 3_000, top: 2)).evidence.topOverlap
    #expect(try #require(few) < (try #require(many)))
  }

  @Test("A surrogate below the floor is refused by name")
  func floor() throws {
    #expect {
      try explain(
        { x in x.reduce(1) { $0 * ($1 > 0 ? 1 : -1) } }, .init(refusalFloor: 0.6))
    } throws: { error in
      (error as? ExplanationError)?.code == .unfaithful
    }
  }

  @Test("Nearest rows are those of least distance, a tenth or fifty")
  func nearest() throws {
    let applicant = Array(background.rows.matrix.row(17))
    let near = PerturbationDesign.nearest(
      to: applicant, players: players, background: background)
    #expect(near.count == 50 && near[0] == 17)
  }
}
