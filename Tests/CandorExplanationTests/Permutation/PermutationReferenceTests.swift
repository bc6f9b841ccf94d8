import CandorData
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

/// Values of scikit-learn: `Tests/ReferenceData/scikit-learn/make_permutation.py`.
@Suite("Permutation importance against scikit-learn")
struct PermutationReferenceTests {
  private struct Reference: Decodable {
    struct Importance: Decodable {
      let means: [Double]
      let errors: [Double]
    }
    struct Tree: Decodable {
      let feature: [Int32]
      let threshold: [Double]
      let left: [Int32]
      let right: [Int32]
      let value: [Double]
      let cover: [Double]
    }
    struct Forest: Decodable {
      let names: [String]
      let rows: [[Double]]
      let targets: [Double]
      let scores: [Double]
      let accuracy: Double
      let trees: [Tree]
      let importance: [String: Importance]
    }
    struct Ridge: Decodable {
      let names: [String]
      let rows: [[Double]]
      let targets: [Double]
      let coefficients: [Double]
      let intercept: Double
      let r2: Double
      let importance: [String: Importance]
    }
    let repeats: Int
    let forest: Forest
    let ridge: Ridge
  }

  private func reference() throws -> Reference {
    try ReferenceValues.decode(from: "scikit-learn/permutation.json")
  }

  private func map(_ names: [String]) -> FeatureMap {
    FeatureMap(
      sources: names.enumerated().map { .init(name: $1, columns: $0..<$0 + 1) },
      columnNames: names)
  }

  /// The forest as a model whose log-odds are those of its shares.
  private func forest(_ given: Reference.Forest) throws -> ExplainedModel {
    let trees = given.trees.map { tree -> TreeEnsemble.Tree in
      var made = TreeEnsemble.Tree(weight: 1 / Double(given.trees.count))
      made.feature = tree.feature
      made.threshold = tree.threshold
      made.left = tree.left
      made.right = tree.right
      made.value = tree.value
      made.cover = tree.cover
      made.missingGoesLeft = tree.left.map { _ in false }
      return made
    }
    return try ExplainedModel(
      scorer: PlainTrees(
        inputWidth: given.names.count, ensemble: TreeEnsemble(trees: trees, precision: .single)),
      calibrator: .clamp(floor: 1e-9), featureMap: map(given.names))
  }

  private func compare(
    _ found: PermutationImportance, _ expected: Reference.Importance, names: [String]
  ) throws {
    for (j, name) in names.enumerated() {
      let player = try #require(found.player(name))
      let error =
        (player.repeatStandardError * player.repeatStandardError
        + expected.errors[j] * expected.errors[j]).squareRoot()
      #expect(
        abs(player.importance - expected.means[j]) <= 4.5 * error + 1e-9,
        "\(name): \(player.importance) and \(expected.means[j])")
      #expect(error < 0.05 * (expected.means.max() ?? 0))
    }
  }

  @Test("A forest on breast cancer rows: falls in AUC and rises in Brier score")
  func forest() throws {
    let given = try reference().forest
    let model = try forest(given)
    let rows = Fixtures.rows(given.rows)
    let own = try model.on(.probability).values(of: rows)
    #expect(largestDisagreement(own, given.scores) < 1e-8)
    let sample = PermutationImportance.Sample(name: "test", rows: rows, targets: given.targets)
    for (measure, name) in [(ImportanceMeasure.aucDrop, "auc"), (.brierRise, "brier")] {
      let found = try PermutationImportance.measure(
        model, on: sample, players: Players(featureMap: model.featureMap), by: measure,
        repeats: 400, seeds: SeedTree(seed: 1), threads: 2)
      try compare(found, try #require(given.importance[name]), names: given.names)
    }
  }

  @Test("Ridge regression on diabetes rows: rises in squared error")
  func ridge() throws {
    let given = try reference().ridge
    let model = try ExplainedModel(
      scorer: AffineScorer(coefficients: given.coefficients, intercept: given.intercept),
      calibrator: .identity, featureMap: map(given.names))
    let found = try PermutationImportance.measure(
      model, on: .init(name: "test", rows: Fixtures.rows(given.rows), targets: given.targets),
      players: Players(featureMap: model.featureMap),
      by: .rise(inMeanOf: "squared error") { ($0 - $1) * ($0 - $1) }, repeats: 400,
      seeds: SeedTree(seed: 2), threads: 2)
    try compare(found, try #require(given.importance["mse"]), names: given.names)
    // As a share of the targets' variance it is the fall in R² of scikit-learn's manual
    // (permutation_importance.rst, ten repeats with deviations of 0.02 to 0.07).
    let variance = Moments(given.targets).populationVariance
    #expect(agree(1 - found.unpermuted / variance, given.r2, within: 1e-9))
    #expect(abs(given.r2 - 0.356) < 0.001)
    for (name, fall) in [("s5", 0.194), ("bmi", 0.170), ("bp", 0.101), ("sex", 0.060)] {
      let share = try #require(found.player(name)).importance / variance
      #expect(abs(share - fall) < 0.03, "\(name): \(share)")
    }
  }

  @Test("Collinear features each look worthless until their cluster is dealt as one")
  func collinear() throws {
    let given = try reference().forest
    let model = try forest(given)
    let rows = Fixtures.rows(given.rows)
    let players = try Players(featureMap: model.featureMap)
    let clusters = try CorrelationClusters(
      rows: rows, featureMap: model.featureMap, players: players, cut: 0.6)
    let found = try ImportanceContrast.measure(
      model, on: .init(name: "test", rows: rows, targets: given.targets), players: players,
      clusters: clusters, repeats: 20, seeds: SeedTree(seed: 3), threads: 2)
    #expect(given.accuracy > 0.93)
    let largest = try #require(found.players.map(\.marginal).max())
    let cluster = try #require(found.clusterImportances.first)
    #expect(largest < 0.02)
    #expect(cluster.members.contains("worst area") && cluster.members.contains("mean radius"))
    #expect(cluster.importance > 5 * largest, "\(cluster.importance) and \(largest)")
    #expect(cluster.isCreditArbitrary)
    #expect(found.warnings.contains { $0.code == .arbitraryCredit })
  }
}
