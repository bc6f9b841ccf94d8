import CandorData
import CandorExplanation
import CandorScoring
import CandorTestSupport
import Testing

/// What `Tests/ReferenceData/shap/make_trees.py` wrote.
private struct ShapReference: Decodable {
  struct Tree: Decodable {
    let weight: Double
    let feature: [Int32]
    let threshold: [Double]
    let left: [Int32]
    let right: [Int32]
    let value: [Double]
    let cover: [Double]

    var tree: TreeEnsemble.Tree {
      var tree = TreeEnsemble.Tree(weight: weight)
      for (value, cover) in zip(value, cover) { _ = tree.appendLeaf(value: value, cover: cover) }
      tree.feature = feature
      tree.threshold = threshold
      tree.left = left
      tree.right = right
      return tree
    }
  }

  struct Values: Decodable {
    let base: Double
    let values: [[Double]]
  }

  struct Forest: Decodable {
    let name: String
    let columns: Int
    let base_margin: Double
    let trees: [Tree]
    let rows: [[Double]]
    let background: [[Double]]
    let interventional: Values
    let path_dependent: Values
    let interactions: [[[Double]]]
  }

  let versions: [String: String]
  let forests: [Forest]
}

@Suite("Shapley values of trees against shap")
struct TreeShapleyReferenceTests {
  @Test("Forests of scikit-learn have the values that shap's TreeExplainer gives them")
  func shap() throws {
    let reference: ShapReference = try ReferenceValues.decode(from: "shap/trees.json")
    #expect(reference.forests.count == 3)
    for forest in reference.forests {
      let scorer = EnsembleScorer(
        ensemble: TreeEnsemble(
          trees: forest.trees.map(\.tree), baseMargin: forest.base_margin,
          comparison: .lessOrEqual, precision: .single), inputWidth: forest.columns)
      let players = try Players(featureMap: Fixtures.singles(forest.columns))
      let rows = Fixtures.rows(forest.rows)
      let marginal = try InterventionalTreeShapley(
        scorer, players: players,
        background: try Background(name: "b", rows: Fixtures.rows(forest.background))
      ).explain(rows, quantity: Fixtures.margin)
      let path = try PathDependentTreeShapley(scorer, players: players)
      let byCover = try path.explain(rows, quantity: Fixtures.margin)
      for (found, expected) in [
        (marginal, forest.interventional), (byCover, forest.path_dependent),
      ] {
        for (explanation, values) in zip(found, expected.values) {
          #expect(agree(explanation.baseValue, expected.base, within: 1e-7), "\(forest.name)")
          #expect(
            largestDisagreement(Fixtures.values(explanation), values) < 1e-7, "\(forest.name)")
        }
      }
      let pairs = rows.selecting(rows: Array(forest.interactions.indices))
      for (found, expected) in zip(
        try path.interactions(pairs, quantity: Fixtures.margin), forest.interactions)
      {
        for (a, b) in zip(found.values, expected) {
          #expect(largestDisagreement(a, b) < 1e-7, "\(forest.name)")
        }
      }
    }
  }
}
