import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Foundation
import Testing

/// What the lime package drew and fitted on iris (Tests/ReferenceData/lime).
private struct LimeCase: Decodable {
  let names: [String]
  let training: [[Double]]
  let coefficients: [[Double]]
  let intercepts: [Double]
  let label: Int
  let row: Int
  let inverse: [[Double]]
  let same: [[Int]]
  let weights: [Double]
  let values: [Double]
  let surrogate: [Double]
  let intercept: Double
  let score: Double
  let top_two: [[Int]]

  var map: FeatureMap {
    FeatureMap(
      sources: names.enumerated().map { .init(name: $1, columns: $0..<$0 + 1) },
      columnNames: names)
  }

  /// The probability of a class as a score.
  var scorer: MinimalScorer {
    let (coefficients, intercepts, label) = (coefficients, intercepts, label)
    return MinimalScorer(inputWidth: 4, marginScale: .probability) { x in
      let scores = zip(coefficients, intercepts).map { own, offset in
        zip(own, x).reduce(offset) { $0 + $1.0 * $1.1 }
      }
      let highest = scores.max() ?? 0
      let terms = scores.map { exp($0 - highest) }
      return terms[label] / terms.reduce(0, +)
    }
  }
}

@Suite("The lime package on iris")
struct LimeReferenceTests {
  private let reference: LimeCase

  init() throws { reference = try ReferenceValues.decode(from: "lime/iris.json") }

  private func source(_ rows: [[Double]]) throws -> SourceValues {
    try SourceValues(encoded: Fixtures.rows(rows), featureMap: reference.map)
  }

  @Test("Quartile cuts are those of lime's own tests")
  func cuts() throws {
    let cells = InterpretableCells(try source(reference.training), bins: 4)
    let expected: [[Double]] = [
      [5.1, 5.8, 6.4], [2.8, 3, 3.3], [1.6, 4.35, 5.1], [0.3, 1.3, 1.8],
    ]
    #expect(cells.rules == expected.map { InterpretableCells.Rule.cuts($0) })
  }

  @Test("On lime's own draws cells, weights, coefficients and R² are lime's")
  func fit() throws {
    let sample = try source(reference.training)
    let cells = PlayerCells(
      cells: InterpretableCells(sample, bins: 4), players: try Players(featureMap: reference.map),
      featureMap: reference.names, background: sample)
    let codes = cells.codes(of: try source(reference.inverse))
    let own = Array(codes.prefix(4))
    let same = reference.inverse.indices.map { r in
      (0..<4).map { codes[r * 4 + $0] == own[$0] ? 1 : 0 }
    }
    #expect(same == reference.same)
    let options = PortfolioSurrogateOptions(rows: reference.values.count, parts: 4)
    let design = PoolDesign(
      codes: codes, values: reference.values, background: cells.background,
      weights: Array(repeating: 1, count: sample.count), count: 4, active: 4, options: options)
    let weights = same.map { row in design.weight(differing: row.count { $0 == 0 }) }
    #expect(largestDisagreement(weights, reference.weights) < 1e-12)
    let moments = CentredMoments(SurrogateMoments.sum(try design.moments(for: own).parts))
    let fit = try moments.fit(columns: [0, 1, 2, 3], ridge: 1, unit: .plain)
    #expect(largestDisagreement(fit.coefficients, reference.surrogate) < 1e-10)
    #expect(agree(fit.intercept + design.centre, reference.intercept, within: 1e-10))
    #expect(agree(moments.rSquared(of: fit), reference.score, within: 1e-10))
  }

  @Test("The two features of the petals lead where lime has them lead", arguments: [1, 2, 3])
  func topTwo(seed: UInt64) throws {
    let places = Array(stride(from: 0, to: 150, by: 10))
    let rows = Fixtures.rows(places.map { reference.training[$0] })
    let background = try Background(name: "iris", rows: Fixtures.rows(reference.training))
    let model = try ExplainedModel(
      scorer: reference.scorer, calibrator: .identity, featureMap: reference.map,
      scale: .margin)
    let players = try Players(featureMap: reference.map)
    func explain(_ seed: UInt64) throws -> [Explanation] {
      try PortfolioSurrogate.explain(
        rows, of: model, players: players, background: background, seeds: SeedTree(seed: seed))
    }
    let found = try explain(seed)
    let top = found.map { Set($0.ranked.prefix(2).map(\.source)) }
    let limes = reference.top_two.map { pair in Set(pair.map { reference.names[$0] }) }
    // lime itself gives another pair for two of the fifteen rows.
    #expect(top.count { $0 == ["petal length", "petal width"] } >= 12)
    #expect(zip(top, limes).count { $0 == $1 } >= 12)
    #expect(try explain(seed) == found)
    #expect(try explain(seed + 100) != found)
  }
}
