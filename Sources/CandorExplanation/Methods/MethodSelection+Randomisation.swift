import CandorNumerics
import CandorScoring

extension MethodSelection {
  /// The ways to make this model's parameters meaningless, from few of them to all; none where they
  /// cannot be reached.
  static func randomisations(of model: ExplainedModel) -> [RandomisationStage] {
    if let scorer = model.scorer as? any LayeredScorer {
      let count = scorer.layers.count
      return (1...max(count, 1)).compactMap { last in
        guard net(scorer, last, SeedTree(seed: 0)) != nil else { return nil }
        return RandomisationStage(
          name: last == count ? "all \(count) layers" : "the last \(last) of \(count) layers",
          make: { seeds in net(scorer, last, seeds) ?? scorer })
      }
    }
    if let scorer = model.scorer as? any LinearScorer {
      return [RandomisationStage(name: "all coefficients") { linear(scorer, $0) }]
    }
    if let scorer = model.scorer as? any TreeEnsembleScorer {
      return [RandomisationStage(name: "the leaves of every tree") { trees(scorer, $0) }]
    }
    return []
  }

  private static func net(
    _ scorer: some LayeredScorer, _ count: Int, _ seeds: SeedTree
  ) -> (any Scorer)? {
    RandomisedNet(scorer, randomising: count, seeds: seeds)
  }

  private static func linear(_ scorer: some LinearScorer, _ seeds: SeedTree) -> any Scorer {
    RandomisedLinear(scorer, seeds: seeds)
  }

  private static func trees(_ scorer: some TreeEnsembleScorer, _ seeds: SeedTree) -> any Scorer {
    RandomisedTrees(scorer, seeds: seeds)
  }
}
