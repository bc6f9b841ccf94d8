import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Shapley values against shap")
struct ShapReferenceTests {
  private struct Linear: Decodable {
    let rows: [[Double]]
    let coefficients: [Double]
    let intercept: Double
    let applicants: [[Double]]
    let independent: [[Double]]
    let independent_base: Double
    let dependent: [[Double]]
    let ledoit_wolf_shrinkage: Double
    let ledoit_wolf: [[Double]]
  }

  private struct Kernel: Decodable {
    let background: [[Double]]
    let applicants: [[Double]]
    let base: Double
    let values: [[Double]]
  }

  @Test("LinearExplainer, independent and correlated")
  func linear() throws {
    let reference = try ReferenceValues.decode(Linear.self, from: "shap/linear.json")
    let scorer = AffineScorer(
      coefficients: reference.coefficients, intercept: reference.intercept)
    let players = try Players(featureMap: Fixtures.singles(4))
    let background = try Background(name: "b", rows: Fixtures.rows(reference.rows))
    let rows = Fixtures.rows(reference.applicants)
    let marginal = try LinearShapley.explain(
      rows, of: scorer, quantity: Fixtures.margin, players: players, background: background)
    for (explanation, values) in zip(marginal, reference.independent) {
      #expect(largestDisagreement(Fixtures.values(explanation), values) < Tolerance.exact)
      #expect(agree(explanation.baseValue, reference.independent_base, within: Tolerance.exact))
    }
    let conditional = try ConditionalLinearShapley(
      of: scorer, quantity: Fixtures.margin, players: players, background: background,
      options: .init(shrinkage: 0), seeds: SeedTree(seed: 1)
    ).explain(rows)
    for (explanation, values) in zip(conditional, reference.dependent) {
      // shap drew 20,000 orders; contributions of about one have errors of about 0.005.
      #expect(largestDisagreement(Fixtures.values(explanation), values) < 0.02)
    }
    // The games differ here, so that the comparison above says something.
    #expect(largestDisagreement(reference.dependent[0], reference.independent[0]) > 0.1)
  }

  @Test("scikit-learn's Ledoit-Wolf shrinkage")
  func ledoitWolf() throws {
    let reference = try ReferenceValues.decode(Linear.self, from: "shap/linear.json")
    let found = try ShrunkCovariance(Fixtures.rows(reference.rows).matrix)
    #expect(agree(found.shrinkage, reference.ledoit_wolf_shrinkage, within: Tolerance.exact))
    #expect(
      largestDisagreement(
        found.correlation.values, reference.ledoit_wolf.flatMap { $0 }) < Tolerance.exact)
    // A weight of two is the row twice; the share of the identity differs, since pairs of equal rows
    // are not two observations.
    let doubled = Fixtures.rows(reference.rows + reference.rows.prefix(60)).matrix
    let weights = reference.rows.indices.map { $0 < 60 ? 2.0 : 1 }
    let weighted = try ShrunkCovariance(
      Fixtures.rows(reference.rows).matrix, weights: weights, shrinkage: 0.1)
    let repeated = try ShrunkCovariance(doubled, shrinkage: 0.1)
    #expect(
      largestDisagreement(weighted.correlation.values, repeated.correlation.values) < 1e-12)
    #expect(largestDisagreement(weighted.means, repeated.means) < 1e-12)
  }

  @Test("KernelExplainer with all coalitions")
  func kernel() throws {
    let reference = try ReferenceValues.decode(Kernel.self, from: "shap/kernel.json")
    let scorer = MinimalScorer(inputWidth: 5) { x in
      x[0] * x[1] - 0.5 * x[2] + x[1] * x[3] * x[4] + (x[0] > 0 && x[4] < 0.5 ? 1.5 : 0)
    }
    let found = try KernelShapley.explain(
      Fixtures.rows(reference.applicants), of: scorer, quantity: Fixtures.margin,
      players: try Players(featureMap: Fixtures.singles(5)),
      background: try Background(name: "b", rows: Fixtures.rows(reference.background)),
      seeds: SeedTree(seed: 1))
    for (explanation, values) in zip(found, reference.values) {
      #expect(largestDisagreement(Fixtures.values(explanation), values) < Tolerance.exact)
      #expect(agree(explanation.baseValue, reference.base, within: Tolerance.exact))
    }
  }
}
