import CandorData
import CandorEvaluation
import CandorExplanation
import CandorNumerics
import CandorScoring
import CandorTestSupport
import Testing

@Suite("Randomisation tests")
struct RandomisationTests {
  private let map = Fixtures.singles(8)

  private func check(_ scorer: any Scorer, steps: Int) throws {
    let model = try ExplainedModel(scorer: scorer, calibrator: .identity, featureMap: map)
    let players = try Players(featureMap: map)
    let background = try Background(name: "b", rows: Fixtures.normal(15, 8, seed: 1))
    let rows = Fixtures.normal(25, 8, seed: 2)
    func shapley(_ model: ExplainedModel) throws(ExplanationError) -> [Explanation] {
      try MethodSelection.shapley(
        for: model, rows: rows, players: players, background: background,
        options: .init(pairs: 64), seeds: SeedTree(seed: 3))
    }
    let own = try shapley(model)
    let honest = try ModelRandomisation.test(
      model, explanations: own, repeats: 8, seeds: SeedTree(seed: 4), explain: shapley)
    #expect(honest.steps.count == steps && honest.repeats == 8)
    let last = try #require(honest.steps.last?.agreement.rankCorrelation)
    #expect(abs(last.value) < 0.5)
    #expect(try #require(last.upper) < 0.5)
    // An explainer that never looks at the model is caught.
    let blind = try ModelRandomisation.test(
      model, explanations: own, repeats: 2, seeds: SeedTree(seed: 4)
    ) { _ throws(ExplanationError) in own }
    #expect(blind.steps.last?.agreement.rankCorrelation?.value == 1)
    let limit = ExplanationAuditLimits().randomised
    #expect(limit.judge(blind.steps.last?.agreement.rankCorrelation?.upper) == .warn)
    #expect(limit.judge(last.upper) == .pass)
  }

  @Test("Explanations of a net lose what it learnt, layer by layer")
  func net() throws {
    try check(PlainNet(inputs: 8, hidden: [10, 6], activation: "relu", seed: 5), steps: 3)
  }

  @Test("Explanations of a linear score lose what it learnt")
  func linear() throws {
    try check(
      AffineScorer(coefficients: [3, -2, 1.5, 0.2, -0.1, 2, -1, 0.7], intercept: 1), steps: 1)
  }

  @Test("Explanations of trees lose what they learnt; the trees stay as they were")
  func trees() throws {
    let scorer = SanityTrees(columns: 8, trees: 30, seed: 6)
    try check(scorer, steps: 1)
  }

  @Test("A model that shows no parameters is said to show none")
  func blackBox() throws {
    let model = try ExplainedModel(
      scorer: MinimalScorer(inputWidth: 8) { $0[0] }, calibrator: .identity, featureMap: map)
    #expect(throws: ExplanationError.self) {
      try ModelRandomisation.test(model, explanations: [], seeds: SeedTree(seed: 1)) {
        _ throws(ExplanationError) in []
      }
    }
  }

  @Test("A model of permuted outcomes has other explanations; a blind explainer is caught")
  func labels() throws {
    let rows = Fixtures.normal(400, 8, seed: 1)
    let truth = [2, -2, 1, 0, 0, 1.5, -1, 0.5]
    let targets = Fixtures.arrays(rows).map { row in
      zip(row, truth).reduce(0) { $0 + $1.0 * $1.1 } > 0.3 ? 1.0 : 0
    }
    let training = try TrainingRows(rows: rows, targets: targets, featureMap: map)
    let learner = MeanDifferenceLearner()
    let context = TrainingContext(seeds: SeedTree(seed: 1))
    let model = try ExplainedModel(
      scorer: learner.fit(training, context: context).model, calibrator: .identity,
      featureMap: map)
    let players = try Players(featureMap: map)
    let background = try Background(name: "b", rows: rows.selecting(rows: Array(0..<50)))
    let applicants = Fixtures.normal(40, 8, seed: 2)
    func shapley(_ model: ExplainedModel) throws(ExplanationError) -> [Explanation] {
      try MethodSelection.shapley(
        for: model, rows: applicants, players: players, background: background,
        seeds: SeedTree(seed: 3))
    }
    let own = try shapley(model)
    let honest = try LabelRandomisation.test(
      learner: learner, training: training, context: context, model: model, explanations: own,
      repeats: 10, seeds: SeedTree(seed: 4), explain: shapley)
    #expect(try #require(honest.agreement.rankCorrelation?.upper) < 0.5)
    let blind = try LabelRandomisation.test(
      learner: learner, training: training, context: context, model: model, explanations: own,
      seeds: SeedTree(seed: 4)
    ) { _ throws(ExplanationError) in own }
    #expect(blind.agreement.rankCorrelation?.value == 1)
  }
}

/// Random trees of depth three on normal columns.
struct SanityTrees: TreeEnsembleScorer {
  let ensemble: TreeEnsemble
  let inputWidth: Int
  var marginScale: MarginScale { .probability }

  init(columns: Int, trees: Int, seed: UInt64) {
    var generator = SeedTree(seed: seed).child("trees").generator()
    inputWidth = columns
    ensemble = TreeEnsemble(
      trees: (0..<trees).map { _ in
        var tree = TreeEnsemble.Tree(weight: 1 / Double(trees))
        for node in 0..<15 {
          let isLeaf = node >= 7
          tree.feature.append(Int32(generator.nextInteger(below: columns)))
          tree.threshold.append(generator.nextNormal())
          tree.left.append(isLeaf ? -1 : Int32(2 * node + 1))
          tree.right.append(isLeaf ? -1 : Int32(2 * node + 2))
          tree.missingGoesLeft.append(true)
          tree.value.append(isLeaf ? generator.nextUniform() : 0)
          tree.cover.append(Double(16 >> (node == 0 ? 0 : node < 3 ? 1 : node < 7 ? 2 : 3)))
        }
        for node in (0..<7).reversed() {
          tree.value[node] = 0.5 * (tree.value[2 * node + 1] + tree.value[2 * node + 2])
        }
        return tree
      })
  }

  func margins(
    of rows: EncodedRows, into output: inout MutableSpan<Double>
  ) throws(ScoringError) {
    try checkInput(rows, places: output.count)
    for r in 0..<rows.count {
      output[r] = ensemble.trees.reduce(0) { sum, tree in
        var node = 0
        while tree.left[node] >= 0 {
          let goesLeft = rows.matrix[r, Int(tree.feature[node])] <= tree.threshold[node]
          node = Int(goesLeft ? tree.left[node] : tree.right[node])
        }
        return sum + tree.weight * tree.value[node]
      }
    }
  }
}
